/** Facts about this machine: where programs are, which package they came from, which system it is. */

import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { arch, homedir, release, type } from 'node:os';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';
import { outputOf } from '../process/command.ts';
import { packageOwner } from './package-owners.ts';
import type { System } from './plan.ts';

/** True when `path` is a file that may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first executable called `name` on the PATH given, or undefined. */
export function onPath(name: string, path: string = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    if (folder && isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** The home folder; Playwright keeps its browsers under it. */
export function home(): string {
  return homedir();
}

/** The operating system in words, for example "Debian GNU/Linux 12 (bookworm), x64". */
export function describeOs(): string {
  return `${osName()}, ${arch()}`;
}

function osName(): string {
  if (process.platform === 'linux') {
    const pretty = osRelease().PRETTY_NAME;
    if (pretty) return pretty;
  }
  if (process.platform === 'darwin') {
    const plist = readText('/System/Library/CoreServices/SystemVersion.plist');
    const version = /<key>ProductVersion<\/key>\s*<string>([^<]+)</.exec(plist)?.[1];
    if (version) return `macOS ${version}`;
  }
  return `${type()} ${release()}`;
}

/** /etc/os-release as a map; empty where there is none. */
export function osRelease(text: string = readText('/etc/os-release')): Record<string, string> {
  const map: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(.*)$/.exec(line.trim());
    if (match?.[1]) map[match[1]] = (match[2] ?? '').replace(/^["']|["']$/g, '');
  }
  return map;
}

/**
 * The package that a program came from, for example "Debian chromium 156.0.8078.79-1~deb12u1"; its path where no
 * package manager knows it, in a form without the user's name. Never throws; takes at most a few seconds.
 */
export async function describeBuild(executable: string): Promise<string> {
  const real = realPath(executable);
  if (executable.startsWith('/snap/')) return `snap ${executable.split('/').pop()}`;
  if (process.platform === 'linux') {
    for (const path of new Set([executable, real])) {
      const owner = await packageOwner(path);
      if (owner !== undefined) return `${osRelease().NAME?.split(' ')[0] ?? 'dpkg'} ${owner}`;
    }
    const rpm = await outputOf(['rpm', '-qf', '--qf', '%{NAME} %{VERSION}-%{RELEASE}', real]);
    if (rpm && !/not owned|error/.test(rpm)) return `rpm ${rpm}`;
  }
  return portable(real);
}

/** What a path says on any machine: the release that this tool has installed there, or the path without the user's name. */
function portable(path: string): string {
  if (within(cacheFolder(), path) !== undefined) {
    const record = readText(join(dirname(path), 'versions.json')) || '{}';
    const [version] = Object.values(JSON.parse(record) as Record<string, string>);
    if (version !== undefined) return `headless shell ${version} from npm`;
  }
  const own = within(home(), path);
  return own === undefined ? path : join('~', own);
}

/** The path as seen from a folder that it is in; undefined if it is elsewhere. */
function within(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return way.startsWith('..') || isAbsolute(way) ? undefined : way;
}

/** Which kind of system this is, by /etc/os-release where there is one. */
export function thisSystem(release: Record<string, string> = osRelease()): System {
  if (process.platform === 'darwin') return 'macos';
  if (process.platform === 'win32') return 'windows';
  const ids = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
  if (ids.includes('ubuntu')) return 'ubuntu';
  return ids.includes('debian') ? 'debian' : 'linux';
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A file's text; empty when it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
