/** A session of a WebDriver server, and where sessions come from. */
import type { WebDriver } from 'selenium-webdriver';
import type { ProcessTree } from '../process/tree.ts';
import type { EngineName, EnginePage } from './types.ts';
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
  /**
   * Watches the browser of the session that was started last. Calls `gone`, in words where more than its end is known;
   * returns how to stop watching.
   */
  watch?(gone: (what?: string) => void): () => void;
}

const CLOSE_TIMEOUT = 5_000;

/**
 * One WebDriver session: commands one after the other, because the current window is the session's state. Its first
 * window stays open and empty, because a session ends with its last window.
 */
export class Session {
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

/** WebKit ends the whole session when a page of it crashes. */
export function isSessionLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchSessionError';
}
