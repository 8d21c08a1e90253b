/** Where tests put what they compile: a folder of this process, inside the checkout. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../process/identity.ts';

/** Inside the checkout, so that the packages are found from there. */
const CACHE = join('node_modules', '.cache', 'cors-conformance-tests');

export interface CompileFolder {
  /** Its absolute path; empty at first. */
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Makes a folder for what this process compiles, and removes those that processes left behind which are gone.
 * @param root the absolute path of the checkout
 * @param name what it holds; each name is used once at a time
 */
export function compileFolder(root: string, name: string): CompileFolder {
  const cache = join(root, CACHE);
  removeStale(cache);
  const own = join(cache, String(process.pid));
  const folder = join(own, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      if (readdirSync(own).length === 0) rmSync(own, { recursive: true, force: true });
    },
  };
}

/** A test run that was killed has left its folder. */
function removeStale(cache: string): void {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (identityOf(Number(name)) === null) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
