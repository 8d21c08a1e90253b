/**
 * What Firefox compiles at its first start in a profile: the scripts of its own user interface. It keeps the result
 * in the profile, and later starts there take half the processor time. Our profiles are always new, so the result is
 * kept in the user's cache folder, once for each build of Firefox, and copied into each of them.
 *
 * Only compiled code of Firefox itself and its list of built-in add-ons are kept: no preference, no cookie, no cache
 * of a page, no database. Firefox compares them with its build and does without them if they are another's.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';

const KEPT = ['startupCache', 'compatibility.ini', 'addonStartup.json.lz4', 'extensions.json'];
/** Nobody has started that build for so long. */
const UNUSED_MS = 30 * 24 * 60 * 60_000;

/**
 * Puts what an earlier start has compiled into a new profile.
 * @param profile the folder, before Firefox starts in it
 * @param executable the path of Firefox
 * @returns whether there was something; false too where it cannot be read: then Firefox starts without it
 */
export function warmProfile(profile: string, executable: string): boolean {
  try {
    const folder = folderOf(executable);
    for (const name of KEPT) cpSync(join(folder, name), join(profile, name), { recursive: true });
    touch(folder);
    return true;
  } catch {
    for (const name of KEPT) rmSync(join(profile, name), { recursive: true, force: true });
    return false;
  }
}

/**
 * Keeps what Firefox has compiled for the next start. Does nothing where it compiled nothing, and where the cache
 * folder cannot be written to.
 * @param profile the folder, after Firefox has ended by itself: it writes these files while it ends
 * @param executable the path of Firefox
 */
export function keepCompiled(profile: string, executable: string): void {
  if (!KEPT.every(name => existsSync(join(profile, name)))) return;
  const making = join(root(), `making-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(making, { recursive: true });
  } catch {
    return;
  }
  try {
    for (const name of KEPT) cpSync(join(profile, name), join(making, name), { recursive: true });
    // Fails where another process was faster; what it kept is as good.
    renameSync(making, folderOf(executable));
    removeUnused();
  } catch {
    rmSync(making, { recursive: true, force: true });
  }
}

const root = (): string => join(cacheFolder(), 'firefox-start');

/** An update replaces the executable. */
function folderOf(executable: string): string {
  const path = realpathSync(executable);
  const { size, mtimeMs } = statSync(path);
  return join(
    root(),
    createHash('sha256')
      .update(JSON.stringify([path, size, mtimeMs]))
      .digest('hex')
      .slice(0, 24),
  );
}

function touch(folder: string): void {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {
    // It cannot be written to: nothing of it is removed either.
  }
}

function removeUnused(): void {
  for (const name of readdirSync(root())) {
    const folder = join(root(), name);
    if (Date.now() - statSync(folder).mtimeMs > UNUSED_MS) rmSync(folder, { recursive: true, force: true });
  }
}
