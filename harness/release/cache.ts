/**
 * What was installed before, by what was asked for: a second comparison of the same releases installs nothing. It lies
 * in the user's cache folder; whatever is not used for a month goes.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../process/cache-folder.ts';
import { ReleaseError } from './types.ts';

/** What was asked for: everything that decides what is installed. */
export interface InstallKey {
  readonly ecosystem: string;
  readonly asked: unknown;
  /** Whether the same question always has the same answer: exact versions have, ranges and tags have not. */
  readonly exact: boolean;
}

const DAY_MS = 24 * 60 * 60_000;
/** "latest" may be another release tomorrow. */
const INEXACT_MS = DAY_MS;
const UNUSED_MS = 30 * DAY_MS;
const STAMP = 'used';

/**
 * A folder in it, made if it is missing.
 * @throws ReleaseError that says what to set, if it cannot be written to
 */
export function madeCacheFolder(name: string): string {
  const folder = join(cacheFolder(), name);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new ReleaseError(
      `what is installed is kept in ${cacheFolder()}, which cannot be written to (${(error as NodeJS.ErrnoException).code}); set CORS_CONFORMANCE_CACHE to a folder that can.`,
    );
  }
}

const root = (): string => join(cacheFolder(), 'releases');

function folderOf({ ecosystem, asked }: InstallKey): string {
  const text = JSON.stringify([ecosystem, asked, process.platform, process.arch, process.versions.modules]);
  return join(root(), `${ecosystem}-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`);
}

/**
 * The folder that an installation fills, or has filled before.
 * @param fill installs into the folder that it is given. It may throw: then nothing is kept
 * @returns the folder; it is not to be changed
 */
export async function cached(key: InstallKey, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = folderOf(key);
  if (isFresh(folder, key)) {
    touch(folder);
    return folder;
  }
  const kept = madeCacheFolder('releases');
  removeUnused();
  const making = join(kept, `making-${randomBytes(6).toString('hex')}`);
  mkdirSync(making);
  try {
    await fill(making);
    writeFileSync(join(making, STAMP), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process may have been faster: its folder is as good.
    if (!existsSync(join(folder, STAMP))) throw error;
  }
  return folder;
}

function isFresh(folder: string, { exact }: InstallKey): boolean {
  if (!existsSync(join(folder, STAMP))) return false;
  return exact || Date.now() - statSync(folder).birthtimeMs < INEXACT_MS;
}

function touch(folder: string): void {
  const now = new Date();
  try {
    utimesSync(join(folder, STAMP), now, now);
  } catch {
    // A cache that is filled elsewhere and cannot be written to here is as good; nothing of it goes either.
  }
}

function removeUnused(): void {
  for (const name of readdirSync(root())) {
    const folder = join(root(), name);
    const used = statSync(join(folder, STAMP), { throwIfNoEntry: false }) ?? statSync(folder);
    if (Date.now() - used.mtimeMs > (name.startsWith('making-') ? DAY_MS : UNUSED_MS))
      rmSync(folder, { recursive: true, force: true });
  }
}
