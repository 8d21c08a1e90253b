/** The one command that gets a missing engine, for people to copy. */

import { osRelease } from './system.ts';
import type { EngineName } from './types.ts';

/** The kinds of system that differ in how a browser is installed. */
export type System = 'debian' | 'ubuntu' | 'other';

/** Debian's packages for each engine. Ubuntu has no Chromium or Firefox outside of snaps, so it is Playwright's turn there. */
export const PACKAGES: Record<'debian' | 'ubuntu', Record<EngineName, readonly string[]>> = {
  debian: {
    chromium: ['chromium'],
    firefox: ['firefox-esr'],
    webkit: ['webkit2gtk-driver', 'xvfb'],
  },
  ubuntu: {
    chromium: [],
    firefox: [],
    webkit: ['webkit2gtk-driver', 'xvfb'],
  },
};

/** Which kind this machine is, by /etc/os-release. */
export function thisSystem(release: Record<string, string> = osRelease()): System {
  if (process.platform !== 'linux') return 'other';
  const ids = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
  if (ids.includes('ubuntu')) return 'ubuntu';
  return ids.includes('debian') ? 'debian' : 'other';
}

/** The exact command that gets the engine on this machine. */
export function fixFor(
  name: EngineName,
  system: System = thisSystem(),
  root = process.getuid?.() === 0,
): string {
  const packages = system === 'other' ? [] : PACKAGES[system][name];
  if (packages.length === 0)
    return `npx playwright install ${system === 'other' ? '' : '--with-deps '}${name}`;
  return `${root ? '' : 'sudo '}apt-get install -y ${packages.join(' ')}`;
}
