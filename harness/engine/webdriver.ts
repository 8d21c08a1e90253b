/**
 * Any browser behind W3C WebDriver as an engine: WebKitGTK, Safari through safaridriver, a Selenium Grid.
 *
 * One window per page, never a tab: a background tab is hidden, and browsers throttle what is hidden; windows
 * beside each other are all visible and run at full speed.
 */

import { createRequire } from 'node:module';
import type { Ability } from '../case/abilities.ts';
import { Lifetime } from './lifetime.ts';
import { describeOs } from './system.ts';
import type { Engine, EngineContext, EngineInfo, EnginePage } from './types.ts';
import { isSessionLost, Session, type WebDriverSource } from './webdriver-session.ts';
import { within } from './within.ts';

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

class WebDriverEngine implements Engine {
  readonly info: EngineInfo;
  readonly lacks?: ReadonlySet<Ability>;
  readonly #source: WebDriverSource;
  readonly #timeoutMs: number;
  readonly #isolated = new Set<Session>();
  readonly #life: Lifetime;
  readonly #slots: Slots;
  /** The session whose pages share all; null while there is none. */
  #shared: Session | null = null;
  /** The same from when it begins to start. */
  #sharing: Promise<Session> | null;
  /** No page has been opened in it. */
  #untouched = true;
  #stopWatching: () => void = () => undefined;

  constructor(info: EngineInfo, source: WebDriverSource, session: Session, timeoutMs: number) {
    this.info = info;
    this.#source = source;
    this.#timeoutMs = timeoutMs;
    // The engine's own session holds the first.
    this.#slots = new Slots((source.maxSessions ?? Number.POSITIVE_INFINITY) - 1);
    if (source.maxSessions === 1) this.lacks = new Set(['second session']);
    this.#life = new Lifetime(info.name, async gone => {
      // One that is still starting would leave its browser behind.
      await within(Promise.resolve(this.#sharing), CLOSE_TIMEOUT, 'late').catch(() => undefined);
      this.#stopWatching();
      const sessions = [...(this.#shared ? [this.#shared] : []), ...this.#isolated];
      this.#isolated.clear();
      // A dead browser does not answer: nothing is asked of it, its processes are ended.
      if (!gone || !source.tree) await Promise.all(sessions.map(session => session.quit()));
      await source.tree?.end();
    });
    this.#sharing = Promise.resolve(session);
    this.#share(session);
  }

  /** From now on pages are opened in this session, and the engine is gone when it is. */
  #share(session: Session): void {
    this.#shared = session;
    const gone = (what?: string) => this.#life.gone(what);
    this.#stopWatching = this.#source.watch?.(gone) ?? this.#watchByAsking(session, gone);
    void session.serverEnded?.then(() => {
      if (this.#shared === session) gone('lost its driver');
    });
  }

  /** The session for pages that share all; another one is started if the first was given away. */
  #sharedSession(): Promise<Session> {
    this.#untouched = false;
    this.#sharing ??= this.#startShared();
    return this.#sharing;
  }

  async #startShared(): Promise<Session> {
    try {
      const session = await Session.start(this.#source, this.#timeoutMs);
      this.#share(session);
      return session;
    } catch (error) {
      this.#life.gone(`could not start its session (${(error as Error).message})`);
      throw error;
    }
  }

  /**
   * The first session, if it is as good as a new one: that saves who wants a session alone the start of a browser. Only
   * where sessions are ours and may be many.
   */
  #giveAway(): Session | null {
    const session = this.#shared;
    if (session === null || !this.#untouched || !this.#source.tree) return null;
    this.#untouched = false;
    this.#stopWatching();
    this.#shared = null;
    this.#sharing = null;
    return session;
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  get pids(): readonly number[] {
    return this.#source.tree?.pids() ?? [];
  }

  async open(url: string): Promise<EnginePage> {
    this.#life.assertAlive();
    return this.#openIn(await this.#sharedSession(), url);
  }

  async isolated(): Promise<EngineContext> {
    this.#life.assertAlive();
    if (this.#source.maxSessions === 1)
      throw new Error(
        `${this.info.build} allows one automated session at a time; this case needs a second one`,
      );
    const release = await this.#slots.take();
    try {
      const session = this.#giveAway() ?? (await Session.start(this.#source, this.#timeoutMs));
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
      if (session === this.#shared && isSessionLost(error))
        this.#life.gone(`lost its session (${(error as Error).message})`);
      throw error;
    }
  }

  #watchByAsking(session: Session, gone: (what: string) => void): () => void {
    const timer = setInterval(() => {
      session.ping().catch((error: Error) => gone(`lost its session (${error.message})`));
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
