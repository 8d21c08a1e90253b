/**
 * Temp folders that do not outlive their process: all of them lie in one folder of this process, which goes at its
 * exit, is removed by the supervisor if the process is killed, and by the next one if both were.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { identityOf, read, runningProcesses } from './identity.ts';
import { isOrphaned } from './lineage.ts';
import { superviseFolder } from './supervisor.ts';

const PREFIX = 'cors-run-';
const OWNER = 'owner';
/** The name of a Unix socket may have 107 bytes; below this folder come ours and up to 48 bytes of Chromium's. */
const LONGEST_BASE = 107 - 48 - `/${PREFIX}XXXXXX/child-XXXXXX`.length;

export interface TempFolder {
  readonly path: string;
  /** Removes it with all that is in it. Idempotent, never rejects. */
  remove(): Promise<void>;
}

/** There is no folder in which temp files can be made. */
export class TempFolderError extends Error {
  override readonly name = 'TempFolderError';
}

interface RunFolder {
  readonly path: string;
  readonly children: Set<string>;
  /** TMPDIR as it was before. */
  readonly usual: string | undefined;
}

let run: RunFolder | null = null;
let watching = false;

/**
 * Makes an empty temp folder. While one exists, `os.tmpdir()` lies in this process's own temp folder, so that what
 * libraries leave behind is removed too.
 * @param kind the beginning of its name
 * @throws TempFolderError if there is no temp folder in which files can be made
 */
export function newTempFolder(kind: string): TempFolder {
  run ??= makeRunFolder();
  const { children } = run;
  const path = mkdtempSync(join(run.path, `${kind}-`));
  children.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
      if (children.delete(path) && children.size === 0) removeRunFolder();
    },
  };
}

function makeRunFolder(): RunFolder {
  const path = ownedFolder();
  removeOrphans(path);
  superviseFolder(path);
  const usual = process.env.TMPDIR;
  if (process.platform !== 'win32') process.env.TMPDIR = path;
  if (!watching) process.once('exit', removeRunFolder);
  watching = true;
  return { path, children: new Set(), usual };
}

/** Called last at exit: nobody may be writing there any more. */
export function removeRunFolder(): void {
  if (run === null) return;
  const { path, usual } = run;
  run = null;
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  removeSync(path);
  superviseFolder('');
}

/**
 * In the system's temp folder, or in another one if nothing can be written there, or if its path is too long for the
 * sockets that browsers make there.
 */
function ownedFolder(): string {
  // Playwright, its workers and browsers run in other folders, where a relative one is another.
  const usual = resolve(tmpdir());
  const others = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];
  const short = [usual, ...others].filter(folder => Buffer.byteLength(folder) <= LONGEST_BASE);
  const problems: string[] = [];
  for (const folder of new Set([...short, usual])) {
    try {
      if (folder === usual) mkdirSync(folder, { recursive: true });
      return ownedIn(folder);
    } catch (error) {
      problems.push(`${folder}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  throw new TempFolderError(
    `no temp files can be made (${problems.join(', ')}); set TMPDIR to a folder that can be written to`,
  );
}

function ownedIn(base: string): string {
  const path = mkdtempSync(join(base, PREFIX));
  try {
    writeFileSync(join(path, OWNER), identityOf(process.pid) ?? '');
    return path;
  } catch (error) {
    removeSync(path);
    throw error;
  }
}

/** Removes what processes left beside the own folder that were killed together with their supervisor. */
function removeOrphans(own: string): void {
  const base = dirname(own);
  const others = readdirSync(base).filter(name => name.startsWith(PREFIX) && name !== basename(own));
  if (others.length === 0) return;
  const alive = new Set(runningProcesses().map(row => row.identity));
  for (const name of others) {
    const folder = join(base, name);
    const owner = read(join(folder, OWNER));
    if (process.platform === 'linux' ? isOrphaned(owner, alive) : endedElsewhere(owner)) removeSync(folder);
  }
}

/** Without `/proc` there is only the pid to go by. */
function endedElsewhere(owner: string): boolean {
  const pid = Number(owner.split('.')[1]);
  return pid > 0 && identityOf(pid) === null;
}

function removeSync(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Another user's, or still in use: a temp folder must not fail a run.
  }
}
