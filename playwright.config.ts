import { extname } from 'node:path';
import { defineConfig } from '@playwright/test';

import { ENGINE_FAMILIES } from './harness/case/engine-name.ts';
import { runOptions } from './harness/run/options.ts';

const ENGINES = runOptions().engines ?? ENGINE_FAMILIES;

/**
 * One project per engine, each with one worker: one browser, one lab, all cases. Nothing here may change CORS:
 * no routes, no extra headers, no user agent, no devices[…].
 */
export default defineConfig({
  testDir: './suites',
  testMatch: `*.spec${extname(import.meta.url)}`,
  // One group of tests per engine costs least. Playwright's own shards need them one by one; the command line's do not.
  fullyParallel: process.argv.some(arg => arg.startsWith('--shard')),
  workers: ENGINES.length,
  timeout: 15 * 60_000,
  reporter: `./harness/playwright/reporter${extname(import.meta.url)}`,
  forbidOnly: Boolean(process.env.CI),
  projects: ENGINES.map(name => ({ name, workers: 1 })),
});
