/** Copies what a script consists of into the folder of a release. */
import {
  cpSync,
  type Dirent,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { REPORTS } from '../process/reports-folder.ts';

/** Bytes and files that are copied at most: a server's sources and what it serves. */
const LARGEST = 32 * 1024 * 1024;
const MOST = 3_000;
/** What package managers and tools make, and can make again. */
const SKIPPED = new Set([
  'node_modules',
  'vendor',
  'testdata',
  'target',
  'venv',
  '__pycache__',
  'coverage',
  REPORTS,
]);

/** Copies files to where they stand relative to a folder. */
export async function copyFiles(files: readonly string[], root: string, base: string): Promise<void> {
  for (const file of files) {
    const copy = join(base, relative(root, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
  }
}

/**
 * Every file of a folder and those below it, without what tools make and without hidden ones.
 * @returns null if they are too many or too large
 */
export function filesBelow(
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): string[] | null {
  const found: string[] = [];
  let bytes = 0;
  const visit = (at: string): boolean =>
    entriesOf(at).every(entry => {
      const path = join(at, entry.name);
      if ((entry.name.startsWith('.') && entry.name !== '.env') || SKIPPED.has(entry.name)) return true;
      if (entry.isDirectory()) return visit(path);
      if (!entry.isFile() || !isWanted(entry.name)) return true;
      found.push(path);
      bytes += statSync(path).size;
      return bytes <= LARGEST && found.length <= MOST;
    });
  return visit(folder) ? found : null;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * What stands beside a script and may be read by it when it runs: pages, views, certificates, settings.
 * @returns nothing for a folder that is everybody's, or too large to be one server's
 */
export function surroundingsOf(folder: string): string[] {
  const shared = [tmpdir(), homedir(), dirname(homedir()), '/'];
  return shared.includes(folder) ? [] : (filesBelow(folder) ?? []);
}

/** Copies a folder of files that nobody changes: by hard links if both are on one disk, which costs no space and little time. */
export function linkTree(from: string, to: string): void {
  try {
    linkAll(from, to);
  } catch {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

function linkAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkAll(source, copy);
    else if (entry.isSymbolicLink()) cpSync(source, copy, { verbatimSymlinks: true });
    else if (!existsSync(copy)) linkSync(source, copy);
  }
}

/** A text file; empty if it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
