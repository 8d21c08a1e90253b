/** Engines that Playwright drives: its own builds, and the Chromium and Firefox that the system has. */

import { createRequire } from 'node:module';
import type {
  Browser,
  BrowserContext,
  Page,
  LaunchOptions as PlaywrightLaunchOptions,
} from '@playwright/test';
import { type Family, newFamily } from './processes.ts';
import { describeBuild, describeOs } from './system.ts';
import type { Engine, EngineInfo, EngineName, EnginePage, LaunchOptions } from './types.ts';
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
const SETTLE_TIMEOUT = 2_000;

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

/** Mozilla's own services, which a stock Firefox asks in the background. None of these touches a page's requests. */
const QUIET_PREFS = {
  'app.normandy.enabled': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'dom.push.connection.enabled': false,
  'extensions.blocklist.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': '',
};

/**
 * Starts a browser through Playwright.
 * @throws Error when it cannot be started or is not ready within `timeoutMs` (60 s where omitted)
 */
export async function launchPlaywright(build: PlaywrightBuild, options: LaunchOptions = {}): Promise<Engine> {
  const playwright = await import('@playwright/test');
  const family = newFamily();
  try {
    const browser = await playwright[build.name].launch(launchArguments(build, options, family));
    return await PlaywrightEngine.start(build, browser, family);
  } catch (error) {
    await family.end(0);
    throw error;
  }
}

function launchArguments(
  build: PlaywrightBuild,
  options: LaunchOptions,
  family: Family,
): PlaywrightLaunchOptions {
  const system = 'executable' in build.from ? { executablePath: build.from.executable } : undefined;
  const common: PlaywrightLaunchOptions = {
    headless: true,
    timeout: options.timeoutMs ?? START_TIMEOUT,
    env: { ...family.env },
    artifactsDir: family.folder,
    // Playwright would end the whole harness on a signal; the family's own handlers end only the browsers.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
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
        ],
        ...(proxy ? { proxy } : {}),
      };
    }
    case 'firefox':
      return {
        ...common,
        ...(system ? { channel: 'moz-firefox' } : {}),
        firefoxUserPrefs: { ...QUIET_PREFS, ...(options.proxy ? firefoxProxy(options.proxy) : {}) },
      };
    case 'webkit':
      return { ...common, ...(proxy ? { proxy } : {}) };
  }
}

function firefoxProxy(proxy: { host: string; port: number }) {
  return {
    'network.proxy.type': 1,
    'network.proxy.http': proxy.host,
    'network.proxy.http_port': proxy.port,
    'network.proxy.ssl': proxy.host,
    'network.proxy.ssl_port': proxy.port,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
  };
}

class PlaywrightEngine implements Engine {
  readonly info: EngineInfo;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #family: Family;
  readonly #listeners = new Set<(reason: string) => void>();
  #goneBecause: string | undefined;
  #closing: Promise<void> | undefined;

  static async start(build: PlaywrightBuild, browser: Browser, family: Family): Promise<PlaywrightEngine> {
    const info = await describeEngine(build, browser);
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    return new PlaywrightEngine(info, browser, context, family);
  }

  constructor(info: EngineInfo, browser: Browser, context: BrowserContext, family: Family) {
    this.info = info;
    this.#browser = browser;
    this.#context = context;
    this.#family = family;
    browser.on('disconnected', () => this.#gone(`${info.name} ${info.version} ended unexpectedly`));
  }

  get alive(): boolean {
    return !this.#closing && this.#goneBecause === undefined && this.#browser.isConnected();
  }

  get pids(): readonly number[] {
    return this.#family.pids();
  }

  open(url: string): Promise<EnginePage> {
    return this.#openIn(this.#context, url);
  }

  async isolated(): Promise<{ open(url: string): Promise<EnginePage>; close(): Promise<void> }> {
    this.#assertAlive();
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true });
    return {
      open: url => this.#openIn(context, url),
      close: () => this.#quietly(context.close()),
    };
  }

  onGone(listener: (reason: string) => void): void {
    if (this.#goneBecause !== undefined) queueMicrotask(() => listener(this.#goneBecause ?? ''));
    else this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    await within(this.#browser.close(), CLOSE_TIMEOUT, 'the browser did not close').catch(() => undefined);
    await this.#family.end();
  }

  async #openIn(context: BrowserContext, url: string): Promise<EnginePage> {
    this.#assertAlive();
    const page = await context.newPage();
    page.on('crash', () => this.#gone(`a page of ${this.info.name} ${this.info.version} crashed`));
    try {
      await page.goto(url, { waitUntil: 'commit', timeout: START_TIMEOUT });
    } catch (error) {
      await this.#quietly(page.close());
      throw error;
    }
    return { close: () => this.#quietly(closePage(page)) };
  }

  /** Closing what a dead browser took with it has already happened. */
  async #quietly(closing: Promise<void>): Promise<void> {
    try {
      await closing;
    } catch (error) {
      if (this.alive) throw error;
    }
  }

  #assertAlive(): void {
    if (!this.alive) throw new Error(this.#goneBecause ?? `${this.info.name} has been closed`);
  }

  #gone(reason: string): void {
    if (this.#closing || this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
    void this.close();
  }
}

/**
 * Chromium loses a request to close that comes while a navigation is being committed, and never closes the page
 * then; the document is safely there once it has been parsed.
 */
async function closePage(page: Page): Promise<void> {
  await page.waitForLoadState('domcontentloaded', { timeout: SETTLE_TIMEOUT }).catch(() => undefined);
  await within(page.close(), CLOSE_TIMEOUT, `${page.url()} did not close`);
}

async function describeEngine(build: PlaywrightBuild, browser: Browser): Promise<EngineInfo> {
  const version = createRequire(import.meta.url)('@playwright/test/package.json').version as string;
  const own = 'revision' in build.from;
  const protocol = build.name === 'chromium' ? 'cdp' : own ? 'its own protocol' : 'bidi';
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
