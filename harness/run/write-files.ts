/** Writes reports to disk: the only part of reports/ that touches it. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder or one of its files could not be written; the message says where, why, and what helps. */
export class WriteError extends Error {
  readonly path: string;
  /** There is no more room: nothing that another folder's name could have told. */
  readonly isFull: boolean;

  constructor(path: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    super(`cannot write ${path}: ${REASONS[code] ?? code}; choose another folder`, { cause });
    this.name = 'WriteError';
    this.path = path;
    this.isFull = code === 'ENOSPC' || code === 'EDQUOT';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no folder can be made there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name stands in the way',
  EISDIR: 'a folder of that name stands in the way',
};

/**
 * Writes every file in full or not at all: a reader never meets half a report, and a failed run leaves the last one
 * as it was. The folder is made where it is missing.
 *
 * @param out the folder
 * @param files text by file name
 * @returns the paths, in the order of `files`
 * @throws {WriteError}
 */
export function writeFiles(out: string, files: Readonly<Record<string, string>>): string[] {
  makeFolder(out);
  const staged: { temporary: string; path: string }[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(out, name);
      const temporary = join(out, `.${name}.${process.pid}.tmp`);
      staged.push({ temporary, path });
      attempt(path, () => writeFileSync(temporary, text));
    }
    for (const { temporary, path } of staged) attempt(path, () => renameSync(temporary, path));
  } finally {
    for (const { temporary } of staged) rmSync(temporary, { force: true, recursive: true });
  }
  return staged.map(({ path }) => path);
}

/**
 * Makes a folder and those above it. One by one: Node's own recursive way never ends where a folder can't be made in
 * an existing one, as under /proc.
 *
 * @throws {WriteError}
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw new WriteError(path, { code: 'EEXIST' });
    return;
  }
  if (dirname(path) !== path) makeFolder(dirname(path));
  attempt(path, () => mkdirSync(path));
}

function attempt(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new WriteError(path, error);
  }
}
