/**
 * The system's Firefox over WebDriver BiDi, and nothing between a page and the network: no network event is
 * subscribed to, no response body is collected and no request is held back. Each of those makes Firefox route every
 * request through observers in its parent process, which costs more than the request itself.
 *
 * One exception: a challenge (401) opens a dialog, which stops every script in the page until somebody answers. While
 * a challenge is expected, and only then, `network.authRequired` is intercepted: the request that asks for a password
 * waits for an answer that never comes, and nothing else does. With `cancelChallenges` every dialog is cancelled.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from '../process/child.ts';
import { waitForOutput } from '../process/output.ts';
import { newTree, type ProcessTree } from '../process/tree.ts';
import { BidiConnection } from './bidi.ts';
import { browserEnvironment } from './environment.ts';
import { type FirefoxPrefs, proxyPrefs, QUIET_PREFS } from './firefox-prefs.ts';
import { keepCompiled, warmProfile } from './firefox-start.ts';
import { Lifetime } from './lifetime.ts';
import { describeBuild, describeOs } from './system.ts';
import type { Engine, EngineContext, EngineInfo, EnginePage, LaunchOptions } from './types.ts';
import { within } from './within.ts';

/** Firefox says on stderr where it listens. */
const ENDPOINT = /WebDriver BiDi listening on (ws:\/\/\S+)/;
const START_TIMEOUT = 60_000;
const COMMAND_TIMEOUT = 60_000;
const CLOSE_TIMEOUT = 5_000;

/**
 * What keeps Firefox's own windows quiet and awake. Firefox sets the rest by itself when it is remote-controlled
 * (`remote.prefs.recommended`). None of these changes how a page's requests are made, but for the last group.
 */
const PREFS: FirefoxPrefs = {
  ...QUIET_PREFS,
  'app.update.auto': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.startup.homepage': 'about:blank',
  'browser.newtabpage.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.screenshots.disabled': true,
  'network.connectivity-service.enabled': false,
  'toolkit.cosmeticAnimations.enabled': false,
  // Tabs run at full speed, whichever of them is in front.
  'layout.testing.top-level-always-active': true,
  'dom.min_background_timeout_value': 0,
  'dom.min_background_timeout_value_without_budget_throttling': 0,
  'dom.timeout.enable_budget_timer_throttling': false,
  // Only the page's own requests reach the wire, under the schemes that it asked for.
  'network.http.speculative-parallel-limit': 0,
  'dom.security.https_first': false,
};

/**
 * Starts Firefox.
 * @param executable its path
 * @param channel as the record shows it, for example "esr"
 * @throws Error when it cannot be started or is not ready within `timeoutMs` (60 s where omitted)
 */
export async function launchFirefox(
  executable: string,
  channel: string,
  options: LaunchOptions = {},
): Promise<Engine> {
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const tree = newTree();
  try {
    const profile = join(tree.folder, 'profile');
    mkdirSync(profile);
    const prefs = userJs({ ...PREFS, ...(options.proxy && proxyPrefs(options.proxy)) });
    writeFileSync(join(profile, 'user.js'), prefs);
    const isWarm = warmProfile(profile, executable);
    const child = await tree.start(
      [executable, '--remote-debugging-port=0', '--headless', '--no-remote', '--profile', profile],
      { env: { ...browserEnvironment(tree), MOZ_CRASHREPORTER_DISABLE: '1' } },
    );
    child.stdout?.resume();
    const endpoint = await waitForOutput(child, { stream: child.stderr, pattern: ENDPOINT, timeoutMs });
    let engine: FirefoxEngine | undefined;
    const bidi = await BidiConnection.open(`${endpoint}/session`, timeoutMs, (method, params) => {
      if (method === 'network.authRequired') engine?.challenged(params);
    });
    const { capabilities } = (await within(
      bidi.send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } }),
      timeoutMs,
      `${executable}: no BiDi session`,
    )) as { capabilities: { browserVersion?: string } };
    const info: EngineInfo = {
      name: 'firefox',
      version: capabilities.browserVersion ?? 'unknown',
      build: await describeBuild(executable),
      channel,
      os: describeOs(),
      driver: 'webdriver bidi',
    };
    const keep = isWarm ? undefined : () => keepCompiled(profile, executable);
    engine = new FirefoxEngine(info, { bidi, child, tree, keep });
    // Seen now, they are recognised even while they end.
    tree.pids();
    if (options.cancelChallenges) await engine.cancelChallenges();
    return engine;
  } catch (error) {
    await tree.end(0);
    throw error;
  }
}

function userJs(prefs: FirefoxPrefs): string {
  return Object.entries(prefs)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

interface FirefoxParts {
  readonly bidi: BidiConnection;
  readonly child: Child;
  readonly tree: ProcessTree;
  /** Keeps what the next start can use, once Firefox has ended. */
  readonly keep: (() => void) | undefined;
}

class FirefoxEngine implements Engine {
  readonly info: EngineInfo;
  readonly #bidi: BidiConnection;
  readonly #tree: ProcessTree;
  readonly #life: Lifetime;
  #challenges = 0;
  /** Requests for which nobody has answered the dialog. */
  readonly #asking = new Set<string>();
  #patient = true;
  #switching: Promise<unknown> = Promise.resolve();
  #intercept: string | undefined;

  constructor(info: EngineInfo, { bidi, child, tree, keep }: FirefoxParts) {
    this.info = info;
    this.#bidi = bidi;
    this.#tree = tree;
    this.#life = new Lifetime(`${info.name} ${info.version}`, async () => {
      const asked = bidi.send('browser.close', {}).then(() => bidi.closed);
      const ended = keep ? asked.then(() => child.ended).then(keep) : asked;
      await within(ended, CLOSE_TIMEOUT, 'Firefox did not close').catch(() => undefined);
      bidi.close();
      await tree.end(0);
    });
    void child.ended.then(() => this.#life.gone());
    void bidi.closed.then(() => this.#life.gone());
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  get pids(): readonly number[] {
    return this.#tree.pids();
  }

  open(url: string): Promise<EnginePage> {
    return this.#openIn(url);
  }

  async isolated(): Promise<EngineContext> {
    const { userContext } = (await this.#send('browser.createUserContext', {})) as { userContext: string };
    return {
      open: url => this.#openIn(url, userContext),
      close: () => this.#life.quietly(this.#send('browser.removeUserContext', { userContext })),
    };
  }

  async expectChallenges(): Promise<() => Promise<void>> {
    this.#challenges++;
    await this.#switch();
    return async () => {
      this.#challenges--;
      await this.#life.quietly(this.#switch());
    };
  }

  /** From now on, every challenge is answered as by a user who closes the dialog at once. */
  async cancelChallenges(): Promise<void> {
    this.#patient = false;
    await this.expectChallenges();
  }

  /** Firefox is about to ask for a user name and a password. */
  challenged(params: unknown): void {
    const { request } = (params as { request: { request: string } }).request;
    if (this.#patient) this.#asking.add(request);
    else this.#cancel(request);
  }

  #cancel(request: string): void {
    // The request may have been aborted meanwhile; then there is nothing to answer.
    this.#send('network.continueWithAuth', { request, action: 'cancel' }).catch(() => undefined);
  }

  /** Makes the interception what `#challenges` asks for, one switch after the other. */
  #switch(): Promise<void> {
    const turn = this.#switching.then(async () => {
      const events = { events: ['network.authRequired'] };
      if (this.#challenges > 0 && this.#intercept === undefined) {
        await this.#send('session.subscribe', events);
        const phases = { phases: ['authRequired'] };
        const { intercept } = (await this.#send('network.addIntercept', phases)) as { intercept: string };
        this.#intercept = intercept;
      } else if (this.#challenges === 0 && this.#intercept !== undefined) {
        const intercept = this.#intercept;
        this.#intercept = undefined;
        for (const request of this.#asking) this.#cancel(request);
        this.#asking.clear();
        await this.#send('network.removeIntercept', { intercept });
        await this.#send('session.unsubscribe', events);
      }
    });
    this.#switching = turn.catch(() => undefined);
    return turn;
  }

  onGone(listener: (reason: string) => void): void {
    this.#life.onGone(listener);
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  /** In a tab: a window is a whole user interface, which costs more than the page in it. */
  async #openIn(url: string, userContext?: string): Promise<EnginePage> {
    const { context } = (await this.#send('browsingContext.create', {
      type: 'tab',
      background: true,
      ...(userContext !== undefined && { userContext }),
    })) as { context: string };
    const close = () => this.#life.quietly(this.#send('browsingContext.close', { context }));
    try {
      await this.#send('browsingContext.navigate', { context, url, wait: 'none' });
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  }

  async #send(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#life.assertAlive();
    return within(this.#bidi.send(method, params), COMMAND_TIMEOUT, `Firefox did not answer ${method}`);
  }
}
