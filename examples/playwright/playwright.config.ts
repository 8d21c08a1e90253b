import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './tests',
  webServer: { command: 'node server.mjs', url: 'http://localhost:4380/health' },
  projects: [
    // The fixture `cors` uses the project's browser: Playwright's own build, or else the system's.
    { name: 'chromium', use: { browserName: 'chromium' } },
    { name: 'firefox', use: { browserName: 'firefox' } },
    { name: 'webkit', use: { browserName: 'webkit' } },
  ],
});
