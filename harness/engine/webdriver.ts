/**
 * Any browser behind W3C WebDriver as an engine: WebKitGTK, Safari through safaridriver, a Selenium Grid.
 *
 * One window per page, never a tab: a background tab is hidden, and browsers throttle what is hidden; windows
 * beside each other are all visible and run at full speed. The session's first window stays open and empty,
 * because a session ends with its last window.
 */

import { createRequire } from 'node:module';
import type { WebDriver } from 'selenium-webdriver';
import type { Ability } from '../case/abilities.ts';
import type { ProcessTree } from '../process/tree.ts';
import { Lifetime } from './lifetime.ts';
import { describeOs } from './system.ts';
import type { Engine, EngineContext, EngineInfo, EngineName, EnginePage } from './types.ts';
import { within } from './within.ts';

/** A WebDriver server that is ready to give one session. */
export interface WebDriverEndpoint {
  /** Of the server, for example "http://127.0.0.1:4444". */
  readonly url: string;
  /** What to ask for, as in the W3C "New Session" command's `alwaysMatch`. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Resolves when the server has ended, if it is ours. */
  readonly ended?: Promise<unknown>;
  /** Ends the server, if it is ours. */
  stop(): Promise<void>;
}

/** Where sessions come from, and what is known about them. */
export interface WebDriverSource {
  readonly name: EngineName;
  readonly channel: string;
  /** Called once for the engine and once for every isolated session. */
  endpoint(): Promise<WebDriverEndpoint>;
  /** How many sessions there may be at a time; any number where omitted. */
  readonly maxSessions?: number;
  /** Which build it is, given the capabilities that the session came with. */
  describe(capabilities: ReadonlyMap<string, unknown>): Promise<string>;
  /** The processes, where the browser runs on this machine and is ours. */
  readonly tree?: ProcessTree;
  /** Calls `gone`, in words where more than the browser's end is known; returns how to stop watching. */
  watch?(gone: (what?: string) => void): () => void;
}

const CLOSE_TIMEOUT = 5_000;
const HEARTBEAT = 2_000;

/**
 * Starts a session.
 * @param timeoutMs milliseconds until the session must be there
 * @throws Error when there is none in time
 */
export async function launchWebDriver(source: WebDriverSource, timeoutMs: number): Promise<Engine> {
  try {
    const session = await Session.start(source, timeoutMs);
    const capabilities = await session.capabilities();
    const info: EngineInfo = {
      name: source.name,
      version: String(capabilities.get('browserVersion') ?? 'unknown'),
      build: await source.describe(capabilities),
      channel: source.channel,
      os: source.tree ? describeOs() : String(capabilities.get('platformName') ?? 'unknown'),
      driver: `selenium-webdriver ${createRequire(import.meta.url)('selenium-webdriver/package.json').version}`,
    };
    return new WebDriverEngine(info, source, session, timeoutMs);
  } catch (error) {
    await source.tree?.end(0);
    throw error;
  }
}

/** One WebDriver session: commands one after the other, because the current window is the session's state. */
class Session {
  readonly #driver: WebDriver;
  readonly #endpoint: WebDriverEndpoint;
  readonly #first: string;
  readonly #timeoutMs: number;
  #tail: Promise<unknown> = Promise.resolve();

  static async start(source: WebDriverSource, timeoutMs: number): Promise<Session> {
    const { Builder, Capabilities } = await import('selenium-webdriver');
    const endpoint = await source.endpoint();
    try {
      const driver = new Builder()
        .disableEnvironmentOverrides()
        .usingServer(endpoint.url)
        .withCapabilities(new Capabilities({ ...endpoint.capabilities }))
        .build();
      // The driver is a promise too; nobody else looks at it, and a session that comes late or never is no crash.
      driver.catch(() => undefined);
      const what = `${source.name}: no WebDriver session from ${endpoint.url}`;
      const first = await within(driver.getWindowHandle(), timeoutMs, what);
      return new Session(driver, endpoint, first, timeoutMs);
    } catch (error) {
      await endpoint.stop();
      throw error;
    }
  }

  constructor(driver: WebDriver, endpoint: WebDriverEndpoint, first: string, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#driver = driver;
    this.#endpoint = endpoint;
    this.#first = first;
  }

  async capabilities(): Promise<ReadonlyMap<string, unknown>> {
    const capabilities = await this.#driver.getCapabilities();
    return new Map([...capabilities.keys()].map(key => [key, capabilities.get(key)]));
  }

  open(url: string): Promise<EnginePage> {
    return this.#inTurn(async () => {
      await this.#driver.switchTo().newWindow('window');
      const handle = await this.#driver.getWindowHandle();
      await this.#driver.get(url);
      return { close: () => this.#closeWindow(handle) };
    });
  }

  #closeWindow(handle: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#driver.switchTo().window(handle);
      await this.#driver.close();
      await this.#driver.switchTo().window(this.#first);
    });
  }

  /** Rejects when the session is no more. */
  async ping(): Promise<void> {
    await this.#inTurn(() => this.#driver.getAllWindowHandles());
  }

  async quit(): Promise<void> {
    await within(this.#driver.quit(), CLOSE_TIMEOUT, 'the session did not end').catch(() => undefined);
    await this.#endpoint.stop();
  }

  /** Resolves when the server of the session has ended, if it is ours. */
  get serverEnded(): Promise<unknown> | undefined {
    return this.#endpoint.ended;
  }

  #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const bounded = () => within(command(), this.#timeoutMs, `no answer from ${this.#endpoint.url}`);
    const result = this.#tail.then(bounded);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

class WebDriverEngine implements Engine {
  readonly info: EngineInfo;
  readonly lacks?: ReadonlySet<Ability>;
  readonly #source: WebDriverSource;
  readonly #session: Session;
  readonly #timeoutMs: number;
  readonly #isolated = new Set<Session>();
  readonly #life: Lifetime;
  readonly #slots: Slots;

  constructor(info: EngineInfo, source: WebDriverSource, session: Session, timeoutMs: number) {
    this.info = info;
    this.#source = source;
    this.#session = session;
    this.#timeoutMs = timeoutMs;
    // The engine's own session holds the first.
    this.#slots = new Slots((source.maxSessions ?? Number.POSITIVE_INFINITY) - 1);
    if (source.maxSessions === 1) this.lacks = new Set(['second session']);
    this.#life = new Lifetime(info.name, async gone => {
      stopWatching();
      const sessions = [session, ...this.#isolated];
      this.#isolated.clear();
      // A dead browser does not answer: nothing is asked of it, its processes are ended.
      if (!gone || !source.tree) await Promise.all(sessions.map(session => session.quit()));
      await source.tree?.end();
    });
    const gone = (what?: string) => this.#life.gone(what);
    const stopWatching = source.watch?.(gone) ?? this.#watchByAsking(gone);
    void session.serverEnded?.then(() => gone('lost its driver'));
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  get pids(): readonly number[] {
    return this.#source.tree?.pids() ?? [];
  }

  async open(url: string): Promise<EnginePage> {
    return this.#openIn(this.#session, url);
  }

  async isolated(): Promise<EngineContext> {
    this.#life.assertAlive();
    if (this.#source.maxSessions === 1)
      throw new Error(
        `${this.info.build} allows one automated session at a time; this case needs a second one`,
      );
    const release = await this.#slots.take();
    try {
      const session = await Session.start(this.#source, this.#timeoutMs);
      this.#isolated.add(session);
      return {
        open: url => this.#openIn(session, url),
        close: async () => {
          if (this.#isolated.delete(session)) await session.quit().finally(release);
        },
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  onGone(listener: (reason: string) => void): void {
    this.#life.onGone(listener);
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  async #openIn(session: Session, url: string): Promise<EnginePage> {
    this.#life.assertAlive();
    try {
      const page = await session.open(url);
      return { close: () => this.#life.quietly(page.close()) };
    } catch (error) {
      if (session === this.#session && isSessionLost(error))
        this.#life.gone(`lost its session (${(error as Error).message})`);
      throw error;
    }
  }

  #watchByAsking(gone: (what: string) => void): () => void {
    const timer = setInterval(() => {
      this.#session.ping().catch((error: Error) => gone(`lost its session (${error.message})`));
    }, HEARTBEAT);
    timer.unref();
    return () => clearInterval(timer);
  }
}

/** Sessions beyond the first, as many as the server has room for; the next one waits for one of them to end. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  /** @returns how to give it back */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }
}

/** WebKit ends the whole session when a page of it crashes. */
function isSessionLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchSessionError';
}
