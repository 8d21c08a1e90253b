/**
 * Releases of Chromium without a browser download: the npm package @sparticuz/chromium carries a real build of one
 * release each (Linux x64, headless), compressed with brotli, and npm checks it by the registry's integrity hash.
 */
import { join } from 'node:path';
import semver from 'semver';
import { installPinned, type PinnedOptions } from './pinned.ts';
import { CHROMIUM_PACKAGE, CHROMIUM_PROGRAM } from './pinned-chromium.ts';
import { ReleaseError } from './types.ts';
import { versionsOf } from './versions.ts';

/** One release of Chromium that is installed. */
export interface ChromiumRelease {
  /** Of the package: its major version is Chromium's. */
  readonly version: string;
  /** Absolute path of the program. */
  readonly executable: string;
}

/** @throws ReleaseError if there is no such build for this system */
function checkSystem(): void {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new ReleaseError(
    `Releases of Chromium can be installed on Linux x64 only. Name a program instead: --engine chromium=/path/to/chrome`,
  );
}

/** @returns the releases that can be had, oldest first; no pre-releases. @throws ReleaseError as versionsOf does */
export async function chromiumVersions(signal?: AbortSignal): Promise<string[]> {
  const versions = await versionsOf({ ecosystem: 'npm', name: CHROMIUM_PACKAGE }, signal);
  return versions.filter(version => semver.prerelease(version) === null).sort(semver.compare);
}

/**
 * @param wanted a major version ("123") or an exact one ("123.0.1")
 * @returns the newest release that it stands for
 * @throws ReleaseError if there is none, with those beside it
 */
export function resolveChromium(wanted: string, versions: readonly string[]): string {
  const found = versions.filter(version => version === wanted || version.startsWith(`${wanted}.`)).at(-1);
  if (found !== undefined) return found;
  const majors = [...new Set(versions.map(version => semver.major(version)))];
  const near = majors.filter(major => Math.abs(major - Number.parseInt(wanted, 10)) <= 4);
  throw new ReleaseError(
    `There is no Chromium ${wanted} to install. ${near.length > 0 ? `Near it: ${near.join(', ')}` : `There are: ${majors.join(', ')}`}.`,
  );
}

/**
 * Finds a release in the cache, or installs it there.
 * @param wanted as resolveChromium takes it; an exact version needs no registry if it is in the cache
 * @throws ReleaseError if it cannot be had; the signal's reason
 */
export async function installChromium(wanted: string, options: PinnedOptions = {}): Promise<ChromiumRelease> {
  checkSystem();
  const version = semver.valid(wanted)
    ? wanted
    : resolveChromium(wanted, await chromiumVersions(options.signal));
  const { folder } = await installPinned(
    { ecosystem: 'chromium', pins: { [CHROMIUM_PROGRAM]: version } },
    options,
  );
  return { version, executable: join(folder, CHROMIUM_PROGRAM) };
}
