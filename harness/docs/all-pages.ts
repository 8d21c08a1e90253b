/** Every file under docs/ and schemas/ that repeats the code, made anew. `npm run docs` writes them; a test holds them to it. */
import { readFileSync } from 'node:fs';
import { schemaFiles } from '../packaging/schemas.ts';
import { readProven } from '../run/proven.ts';
import { ALL_STACKS } from '../stacks/index.ts';
import { checkPage } from './check-page.ts';
import { commandPages } from './command-pages.ts';
import { configurationPage } from './configuration-page.ts';
import type { RecordedReleases } from './engine-releases.ts';
import { enginesPage } from './engines-page.ts';
import { type ConsoleLines, explanationPages } from './explanation-pages.ts';
import { findingPages } from './finding-pages.ts';
import { middlewaresPage } from './middlewares-page.ts';
import type { DocPages } from './pages.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

/** @returns the text of each page, by its path from the root of the repository */
export async function allPages(): Promise<DocPages> {
  return {
    ...(await commandPages()),
    ...configurationPage(),
    ...checkPage(),
    ...middlewaresPage(readProven(), ALL_STACKS),
    ...enginesPage(read('harness/docs/engine-releases.json') as RecordedReleases),
    ...findingPages(),
    ...explanationPages(read('harness/explain/console-lines.json') as ConsoleLines),
    ...schemaFiles(),
  };
}
