/** `npm run docs`: writes the pages under docs/ that repeat the code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { allPages } from './all-pages.ts';

const pages = Object.entries(await allPages());
for (const [path, text] of pages) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stdout.write(`${pages.length} pages written.\n`);
