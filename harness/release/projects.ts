/** The project that a source file belongs to. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder at or above a file that has a manifest of this name; null if there is none. */
export function projectOf(file: string, manifest: string): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, manifest))) return folder;
    if (folder === dirname(folder)) return null;
  }
}
