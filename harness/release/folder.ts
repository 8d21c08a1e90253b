/** The temp folders of releases. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newTempFolder } from '../process/temp-folder.ts';

export interface ReleaseFolder {
  /** Where everything of the release goes. */
  readonly base: string;
  /** Where its package manager may keep temp files. */
  readonly temp: string;
  /** Removes all of it. Idempotent, never rejects. */
  remove(): Promise<void>;
}

/** Makes a folder that does not outlive this process. */
export function newFolder(): ReleaseFolder {
  const folder = newTempFolder('release');
  const base = join(folder.path, 'target');
  const temp = join(folder.path, 'tmp');
  mkdirSync(base);
  mkdirSync(temp);
  return { base, temp, remove: () => folder.remove() };
}
