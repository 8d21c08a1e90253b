/** What the gallery last found, as it is kept: `configure` tells it, and `npm run docs` writes docs/middlewares.md from it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type GalleryEntry, type GalleryRecord, mergeGalleryRecords } from '../stacks/gallery-record.ts';
import { ALL_STACKS } from '../stacks/index.ts';
import type { Stack } from '../stacks/types.ts';

const FILE = fileURLToPath(new URL('../stacks/proven.json', import.meta.url));

/** Everything that was found. */
export const readProven = (): GalleryRecord => JSON.parse(readFileSync(FILE, 'utf8')) as GalleryRecord;

/** What was found of a stack; undefined if it was never run. */
export const provenEntry = (stack: Stack): GalleryEntry | undefined =>
  readProven().entries.find(one => one.stack === stack.id);

/** Adds a run to what earlier ones found. */
export function keepProven(after: GalleryRecord): void {
  const order = ALL_STACKS.map(one => one.id);
  writeFileSync(FILE, `${JSON.stringify(mergeGalleryRecords(readProven(), after, order), null, 2)}\n`);
}
