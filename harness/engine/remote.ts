/** WebDriver servers that the harness does not run itself: a Selenium Grid, and Safari's safaridriver. */

import getPort from 'get-port';
import { newTree } from '../process/tree.ts';
import { startDriverProcess } from './driver-process.ts';
import { browserEnvironment } from './environment.ts';
import { proxyPrefs, QUIET_PREFS } from './firefox-prefs.ts';
import { gridBrowser } from './grid-status.ts';
import type { Engine, EngineName, EngineProxy, LaunchOptions } from './types.ts';
import { launchWebDriver } from './webdriver.ts';

const START_TIMEOUT = 60_000;

/** What a Grid calls the browsers that stand for each engine, the one to ask for where it does not say first. */
const GRID_BROWSERS: Record<EngineName, readonly string[]> = {
  chromium: ['chrome', 'chromium', 'MicrosoftEdge'],
  firefox: ['firefox'],
  webkit: ['safari', 'MiniBrowser'],
};

/** Where a browser is to be started, and what is known of it. */
export interface GridTarget {
  /** Of the server, for example "http://127.0.0.1:4444". */
  readonly url: string;
  /** The W3C capability, where it is not one of the engine's usual ones. */
  readonly browserName?: string | undefined;
  /** The path of the browser's program over there; only WebKitGTK behind a proxy needs it. */
  readonly program?: string | undefined;
}

/**
 * Starts a session on a Selenium Grid, or any other WebDriver server.
 * @throws Error when there is no session within `timeoutMs` (60 s where omitted)
 */
export async function launchGrid(
  name: EngineName,
  { url, browserName: named, program }: GridTarget,
  options: LaunchOptions = {},
): Promise<Engine> {
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const names = named === undefined ? GRID_BROWSERS[name] : [named];
  const known = await gridBrowser(url, names, timeoutMs);
  const browserName = known?.browserName ?? (names[0] as string);
  const capabilities = {
    browserName,
    pageLoadStrategy: 'none',
    // safaridriver refuses the capability; on a Mac the certificate has to be trusted by hand.
    ...(browserName.toLowerCase() !== 'safari' && { acceptInsecureCerts: true }),
    ...(options.proxy && proxyCapabilities({ name, browserName, program }, options.proxy)),
  };
  return launchWebDriver(
    {
      name,
      channel: 'grid',
      ...(known && { maxSessions: known.slots }),
      endpoint: async () => ({ url, capabilities, stop: async () => undefined }),
      describe: async got => `${got.get('browserName') ?? browserName} on ${new URL(url).host}`,
    },
    timeoutMs,
  );
}

/** How each browser is told that all of its traffic, loopback included, goes through a proxy. @throws Error */
function proxyCapabilities(
  { name, browserName, program }: { name: EngineName; browserName: string; program: string | undefined },
  proxy: EngineProxy,
): Record<string, unknown> {
  const address = `${proxy.host}:${proxy.port}`;
  if (browserName.toLowerCase() === 'safari') throw new Error(NO_SAFARI_PROXY);
  if (name === 'firefox')
    return { 'moz:firefoxOptions': { prefs: { ...QUIET_PREFS, ...proxyPrefs(proxy) } } };
  if (name === 'chromium') {
    const vendor = browserName === 'MicrosoftEdge' ? 'ms:edgeOptions' : 'goog:chromeOptions';
    return { [vendor]: { args: [`--proxy-server=http://${address}`, ...behindProxy(proxy)] } };
  }
  if (program === undefined)
    throw new Error(
      `${browserName} takes a proxy by an argument of its program only: name the program's path over there with CORS_CONFORMANCE_WEBKIT, and leave "${WEBKITGTK}" out of its node's stereotype`,
    );
  return { [WEBKITGTK]: { binary: program, args: ['--automation', `--proxy=http://${address}`] } };
}

const WEBKITGTK = 'webkitgtk:browserOptions';

/** What Chromium needs besides the address of its proxy, as in `launchPlaywright`. */
const behindProxy = ({ keyHash }: EngineProxy): string[] => [
  '--proxy-bypass-list=<-loopback>',
  '--disable-features=LocalNetworkAccessChecks',
  ...(keyHash === undefined ? [] : [`--ignore-certificate-errors-spki-list=${keyHash}`]),
];

const NO_SAFARI_PROXY =
  'Safari takes its proxy from the system settings only; use another WebKit for this command.';

/**
 * Starts Safari. It has to be allowed once, with `safaridriver --enable`.
 * @throws Error when there is no session within `timeoutMs` (60 s where omitted), or when a proxy is asked for:
 *   Safari knows only the one in the system's settings
 */
export async function launchSafari(safaridriver: string, options: LaunchOptions = {}): Promise<Engine> {
  if (options.proxy) {
    throw new Error(NO_SAFARI_PROXY);
  }
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const tree = newTree();
  return launchWebDriver(
    {
      name: 'webkit',
      channel: 'safari',
      maxSessions: 1,
      tree,
      describe: async got =>
        `Safari ${got.get('browserVersion') ?? ''} ${got.get('safari:platformBuildVersion') ?? ''}`.trim(),
      async endpoint() {
        const port = await getPort({ host: '127.0.0.1' });
        const args = ['--port', String(port)];
        const env = browserEnvironment(tree);
        const server = await startDriverProcess(tree, {
          executable: safaridriver,
          args,
          env,
          port,
          timeoutMs,
        });
        if (typeof server === 'string') {
          throw new Error(`${safaridriver} ${server}. Allow it once, with: safaridriver --enable`);
        }
        return { ...server, capabilities: { browserName: 'safari', pageLoadStrategy: 'none' } };
      },
    },
    timeoutMs,
  );
}
