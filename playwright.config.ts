import { defineConfig } from '@playwright/test';

const ENGINES = ['chromium', 'firefox', 'webkit', 'model'];

/**
 * One project per engine, each with one worker: one browser, one lab, all cases. Nothing here may change CORS:
 * no routes, no extra headers, no user agent, no devices[…].
 */
export default defineConfig({
  testDir: './suites',
  testMatch: '*.spec.ts',
  // One group of tests per engine costs least; only shards need them one by one.
  fullyParallel: process.argv.some(arg => arg.startsWith('--shard')),
  workers: ENGINES.length,
  timeout: 15 * 60_000,
  reporter: './reports/playwright-reporter.ts',
  forbidOnly: Boolean(process.env.CI),
  projects: ENGINES.map(name => ({ name, workers: 1 })),
});
