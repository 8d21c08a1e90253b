/** The fixture `cors`: requests as pages make them, seen from both ends. */
import { test as base, type TestInfo } from '@playwright/test';
import { type CorsObservation, type PageLab, type PageRequest, startPageLab } from '../run/page-lab.ts';
import type { RunEngineName } from '../verdict/record.ts';

export interface CorsFixtures {
  readonly cors: {
    /**
     * Runs a request from a page, in a browser of its own: nothing that the test does to `page` touches it.
     * @throws PageLabError if the engine could not run it
     */
    request(request: PageRequest): Promise<CorsObservation>;
  };
}

export interface CorsOptions {
  /** Which engine runs the requests. Default: the project's browser; `model` needs none. */
  readonly corsEngine: RunEngineName | undefined;
}

interface WorkerFixtures extends CorsOptions {
  readonly corsLab: PageLab;
}

/** Milliseconds in which an engine must be up. */
const START_MS = 120_000;

export const test = base.extend<CorsFixtures, WorkerFixtures>({
  corsEngine: [undefined, { scope: 'worker', option: true }],
  corsLab: [
    async ({ corsEngine, browserName }, use) => {
      const lab = await startPageLab(corsEngine ?? browserName);
      await use(lab);
      await lab.close();
    },
    { scope: 'worker', timeout: START_MS, box: true },
  ],
  cors: async (
    { corsLab, extraHTTPHeaders, bypassCSP, httpCredentials, userAgent, proxy, launchOptions },
    use,
    testInfo,
  ) => {
    const insecure = launchOptions.args?.some(arg => arg.startsWith('--disable-web-security'));
    const options = {
      extraHTTPHeaders,
      bypassCSP,
      httpCredentials,
      userAgent,
      proxy,
      '--disable-web-security': insecure,
    };
    for (const [name, value] of Object.entries(options))
      if (value)
        warn(testInfo, `${name} changes what CORS does in pages. It has no effect on the cors fixture.`);
    await use({ request: request => corsLab.request(request) });
  },
  context: async ({ context }, use, testInfo) => {
    const route = context.route.bind(context);
    context.route = (...args) => {
      warn(testInfo, ROUTED);
      return route(...args);
    };
    await use(context);
  },
  page: async ({ page }, use, testInfo) => {
    const route = page.route.bind(page);
    page.route = (...args) => {
      warn(testInfo, ROUTED);
      return route(...args);
    };
    await use(page);
  },
});

const ROUTED =
  'page.route and context.route change what CORS does: Chromium answers preflights by itself then. Requests of the cors fixture are not routed.';

const told = new Set<string>();

/** Annotates the test, and says it once on standard error. */
function warn(testInfo: TestInfo, description: string): void {
  if (testInfo.annotations.some(one => one.description === description)) return;
  testInfo.annotations.push({ type: 'warning', description });
  if (told.has(description)) return;
  told.add(description);
  process.stderr.write(`cors-conformance: ${description}\n`);
}
