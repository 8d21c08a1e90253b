/** Engines that Playwright starts, here or on a server of its own: its builds, and the Chromium that a system has. */

import { createRequire } from 'node:module';
import type { Browser, LaunchOptions as PlaywrightLaunchOptions } from '@playwright/test';
import { newTree, type ProcessTree } from '../process/tree.ts';
import { connectFailure } from './connect-failure.ts';
import { browserEnvironment } from './environment.ts';
import { proxyPrefs, QUIET_PREFS } from './firefox-prefs.ts';
import { Lifetime } from './lifetime.ts';
import { describeBuild, describeOs } from './system.ts';
import { Targets } from './targets.ts';
import type { Engine, EngineContext, EngineInfo, EngineName, EnginePage, LaunchOptions } from './types.ts';
import { within } from './within.ts';

/** Which browser to start. */
export interface PlaywrightBuild {
  readonly name: EngineName;
  /** Playwright's own build, by its revision; or the system's program, by its path. */
  readonly from: { readonly revision: string } | { readonly executable: string };
  /** As the record shows it, for example "playwright", "esr", "chrome". */
  readonly channel: string;
}

const START_TIMEOUT = 60_000;
const CLOSE_TIMEOUT = 10_000;

/**
 * Chromium keeps only the last `--disable-features`, so this list stands in for Playwright's. It holds what keeps
 * the browser quiet and leaves out what Playwright switches off for its own request interception and what would
 * make storage and network state less like a user's browser: BlockOriginHeaderModificationOnRedirect,
 * AvoidCorsURLLoaderRestartOnRedirect, ThirdPartyStoragePartitioning.
 */
const QUIET_FEATURES = [
  'AimEnabled',
  'AutoDeElevate',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'Translate',
  'msEdgeUpdateLaunchServicesPreferredVersion',
  'msForceBrowserSignIn',
];

/**
 * Starts a browser through Playwright.
 * @throws Error when it cannot be started or is not ready within `timeoutMs` (60 s where omitted)
 */
export async function launchPlaywright(build: PlaywrightBuild, options: LaunchOptions = {}): Promise<Engine> {
  const playwright = await import('@playwright/test');
  const tree = newTree();
  try {
    const browser = await playwright[build.name].launch({
      ...launchArguments(build, options),
      env: browserEnvironment(tree),
      artifactsDir: tree.folder,
      // Playwright would end the whole harness on a signal; the handlers of the process tree end only the browsers.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    return await PlaywrightEngine.start(build, browser, { info: await describeEngine(build, browser), tree });
  } catch (error) {
    await tree.end(0);
    throw error;
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one branch for each browser, side by side to be compared
function launchArguments(build: PlaywrightBuild, options: LaunchOptions): PlaywrightLaunchOptions {
  const system = 'executable' in build.from ? { executablePath: build.from.executable } : undefined;
  const common: PlaywrightLaunchOptions = {
    headless: true,
    timeout: options.timeoutMs ?? START_TIMEOUT,
    ...system,
  };
  const proxy = options.proxy && {
    server: `http://${options.proxy.host}:${options.proxy.port}`,
    bypass: '<-loopback>',
  };
  switch (build.name) {
    case 'chromium': {
      // Behind the proxy every origin has a loopback address, which Local Network Access would make the page ask for.
      const off = proxy ? [...QUIET_FEATURES, 'LocalNetworkAccessChecks'] : QUIET_FEATURES;
      return {
        ...common,
        // Without `channel`, Playwright's Chromium would be the headless shell, which is not quite Chrome's code.
        ...(system ? {} : { channel: 'chromium' }),
        // Playwright's default, spelled out: the sandbox needs privileges that containers and CI rarely grant.
        chromiumSandbox: false,
        args: [
          `--disable-features=${off.join(',')}`,
          '--disable-domain-reliability',
          '--ignore-certificate-errors',
          ...(options.proxy?.keyHash
            ? [`--ignore-certificate-errors-spki-list=${options.proxy.keyHash}`]
            : []),
        ],
        ...(proxy ? { proxy } : {}),
      };
    }
    case 'firefox':
      return {
        ...common,
        firefoxUserPrefs: { ...QUIET_PREFS, ...(options.proxy ? proxyPrefs(options.proxy) : {}) },
      };
    case 'webkit':
      return { ...common, ...(proxy ? { proxy } : {}) };
  }
}

/** A browser that a Playwright server starts. */
export interface ConnectedBuild {
  readonly name: EngineName;
  /** Of the server, for example "ws://127.0.0.1:3000/". */
  readonly url: string;
  /** The browser's program on the server's machine; Playwright's own build where omitted. */
  readonly executable?: string | undefined;
}

/** The header in which a Playwright server takes the options of the browser that it starts for a connection. */
const LAUNCH_HEADER = 'x-playwright-launch-options';

/**
 * Has a Playwright server (`npx playwright run-server --unsafe`) start a browser.
 * @throws Error when it cannot be reached, ignores launch options, or has no browser within `timeoutMs` (60 s where omitted)
 */
export async function connectPlaywright(
  { name, url, executable }: ConnectedBuild,
  options: LaunchOptions = {},
): Promise<Engine> {
  const playwright = await import('@playwright/test');
  const from = executable === undefined ? { revision: 'of the server' } : { executable };
  const build: PlaywrightBuild = { name, from, channel: 'playwright-server' };
  const timeout = options.timeoutMs ?? START_TIMEOUT;
  const headers = { [LAUNCH_HEADER]: JSON.stringify(launchArguments(build, options)) };
  const browser = await playwright[name].connect(url, { timeout, headers }).catch((error: unknown) => {
    throw connectFailure(error, name);
  });
  try {
    if (name === 'chromium') await assertLaunchOptions(browser, url);
    const version = createRequire(import.meta.url)('@playwright/test/package.json').version as string;
    const info: EngineInfo = {
      name,
      version: browser.version(),
      build: `${executable ?? "Playwright's build"} on ${new URL(url).host}`,
      channel: build.channel,
      os: 'unknown',
      driver: `playwright ${version} through its server`,
    };
    return await PlaywrightEngine.start(build, browser, { info });
  } catch (error) {
    await browser.close().catch(() => undefined);
    throw error;
  }
}

/** Servers drop what they take for unsafe; certificates would then be refused, without a word of why. */
async function assertLaunchOptions(browser: Browser, url: string): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { commandLine: given } = await session.send('SystemInfo.getInfo');
  await session.detach();
  if (!given.includes('--ignore-certificate-errors'))
    throw new Error(
      `the Playwright server ${url} ignores the options that its browsers are to be started with: start it with npx playwright run-server --unsafe`,
    );
}

class PlaywrightEngine implements Engine {
  readonly info: EngineInfo;
  readonly #newContext: () => Promise<EngineContext>;
  readonly #life: Lifetime;
  readonly #tree: ProcessTree | undefined;
  readonly #context: EngineContext;

  /** @param of which browser it is, and its processes where they are ours */
  static async start(
    build: PlaywrightBuild,
    browser: Browser,
    { info, tree }: { readonly info: EngineInfo; readonly tree?: ProcessTree },
  ): Promise<PlaywrightEngine> {
    const life = new Lifetime(`${info.name} ${info.version}`, async () => {
      await within(browser.close(), CLOSE_TIMEOUT, 'the browser did not close').catch(() => undefined);
      await tree?.end();
    });
    browser.on('disconnected', () => life.gone());
    // Seen now, they are recognised even while they end.
    tree?.pids();
    const newContext = await contextsOf(build, browser, () => life.gone('lost a page: it crashed'));
    return new PlaywrightEngine(info, life, tree, newContext, await newContext());
  }

  private constructor(
    info: EngineInfo,
    life: Lifetime,
    tree: ProcessTree | undefined,
    newContext: () => Promise<EngineContext>,
    context: EngineContext,
  ) {
    this.info = info;
    this.#life = life;
    this.#tree = tree;
    this.#newContext = newContext;
    this.#context = context;
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  get pids(): readonly number[] {
    return this.#tree?.pids() ?? [];
  }

  open(url: string): Promise<EnginePage> {
    return this.#openIn(this.#context, url);
  }

  async isolated(): Promise<EngineContext> {
    this.#life.assertAlive();
    const context = await this.#newContext();
    return {
      open: url => this.#openIn(context, url),
      close: () => this.#life.quietly(context.close()),
    };
  }

  onGone(listener: (reason: string) => void): void {
    this.#life.onGone(listener);
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  async #openIn(context: EngineContext, url: string): Promise<EnginePage> {
    this.#life.assertAlive();
    const page = await context.open(url);
    return { close: () => this.#life.quietly(page.close()) };
  }
}

async function contextsOf(
  build: PlaywrightBuild,
  browser: Browser,
  onCrash: () => void,
): Promise<() => Promise<EngineContext>> {
  if (build.name === 'chromium') {
    const targets = await Targets.of(await browser.newBrowserCDPSession(), onCrash);
    return () => targets.context();
  }
  return async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    return {
      async open(url) {
        const page = await context.newPage();
        page.on('crash', onCrash);
        try {
          await page.goto(url, { waitUntil: 'commit', timeout: START_TIMEOUT });
        } catch (error) {
          await page.close().catch(() => undefined);
          throw error;
        }
        return { close: () => within(page.close(), CLOSE_TIMEOUT, `${url} did not close`) };
      },
      close: () => context.close(),
    };
  };
}

async function describeEngine(build: PlaywrightBuild, browser: Browser): Promise<EngineInfo> {
  const version = createRequire(import.meta.url)('@playwright/test/package.json').version as string;
  const protocol = build.name === 'chromium' ? 'cdp' : 'its own protocol';
  return {
    name: build.name,
    version: browser.version(),
    build:
      'revision' in build.from
        ? `Playwright build ${build.from.revision}`
        : await describeBuild(build.from.executable),
    channel: build.channel,
    os: describeOs(),
    driver: `playwright ${version} ${protocol}`,
  };
}
