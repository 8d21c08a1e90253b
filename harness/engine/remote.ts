/** WebDriver servers that the harness does not run itself: a Selenium Grid, and Safari's safaridriver. */

import getPort from 'get-port';
import { startDriverProcess } from './driver-process.ts';
import { newFamily } from './processes.ts';
import type { Engine, EngineName, LaunchOptions } from './types.ts';
import { launchWebDriver } from './webdriver.ts';

const START_TIMEOUT = 60_000;

/** What a Grid calls the browser that stands for each engine. */
const GRID_BROWSERS: Record<EngineName, string> = {
  chromium: 'chrome',
  firefox: 'firefox',
  webkit: 'safari',
};

/**
 * Starts a session on a Selenium Grid, or any other WebDriver server.
 * @param url of the server, for example "http://127.0.0.1:4444"
 * @param browserName the W3C capability, where it is not the engine's usual one (for example "MiniBrowser")
 * @throws Error when there is no session within `timeoutMs` (60 s where omitted)
 */
export function launchGrid(
  name: EngineName,
  url: string,
  browserName: string = GRID_BROWSERS[name],
  options: LaunchOptions = {},
): Promise<Engine> {
  const capabilities: Record<string, unknown> = { browserName, pageLoadStrategy: 'none' };
  // safaridriver refuses the capability; on a Mac the certificate has to be trusted by hand.
  if (browserName.toLowerCase() !== 'safari') capabilities.acceptInsecureCerts = true;
  if (options.proxy) {
    const address = `${options.proxy.host}:${options.proxy.port}`;
    capabilities.proxy = { proxyType: 'manual', httpProxy: address, sslProxy: address };
  }
  return launchWebDriver(
    {
      name,
      channel: 'grid',
      endpoint: async () => ({ url, capabilities, stop: async () => undefined }),
      describe: async got => `${got.get('browserName') ?? browserName} on ${new URL(url).host}`,
    },
    options.timeoutMs ?? START_TIMEOUT,
  );
}

/**
 * Starts Safari. It has to be allowed once, with `safaridriver --enable`.
 * @throws Error when there is no session within `timeoutMs` (60 s where omitted), or when a proxy is asked for:
 *   Safari knows only the one in the system's settings
 */
export async function launchSafari(safaridriver: string, options: LaunchOptions = {}): Promise<Engine> {
  if (options.proxy) {
    throw new Error(
      'Safari takes its proxy from the system settings only; use another WebKit for this command.',
    );
  }
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const family = newFamily();
  let started = false;
  return launchWebDriver(
    {
      name: 'webkit',
      channel: 'safari',
      family,
      describe: async got =>
        `Safari ${got.get('browserVersion') ?? ''} ${got.get('safari:platformBuildVersion') ?? ''}`.trim(),
      async endpoint() {
        if (started)
          throw new Error('Safari allows one automated session at a time; this case needs a second one.');
        started = true;
        const port = await getPort({ host: '127.0.0.1' });
        const args = ['--port', String(port)];
        const server = await startDriverProcess(safaridriver, args, family.env, port, timeoutMs);
        if (typeof server === 'string') {
          throw new Error(`${safaridriver} ${server}. Allow it once, with: safaridriver --enable`);
        }
        return { ...server, capabilities: { browserName: 'safari', pageLoadStrategy: 'none' } };
      },
    },
    timeoutMs,
  );
}
