/** The one small interface that every browser fulfils: it opens a URL. */

import type { Ability } from '../case/abilities.ts';
import { BROWSER_FAMILIES, type BrowserFamily, type DomFamily } from '../case/engine-name.ts';

/** The families of browsers. An instance of one, such as a release, is found by its own name. */
export const ENGINES = BROWSER_FAMILIES;
export type EngineName = BrowserFamily;

/** Which browser it really was. */
export interface EngineInfo {
  readonly name: EngineName | DomFamily;
  readonly version: string;
  /** For example "Debian chromium 156.0.8078.79" or "Playwright build 1200". */
  readonly build: string;
  readonly channel: string;
  readonly os: string;
  /** For example "playwright 1.65.1 cdp", "webdriver bidi", "selenium-webdriver 4.38.0". */
  readonly driver: string;
}

/** A proxy of this program that ends TLS with certificates of its own. */
export interface EngineProxy {
  readonly host: string;
  readonly port: number;
  /**
   * SHA-256 of its authority's public key, base64. Chromium keeps nothing in its HTTP cache that came with a
   * certificate error, even one that it was told to ignore; with this key there is none.
   */
  readonly keyHash?: string;
}

export interface LaunchOptions {
  /** All traffic, loopback included, goes through this proxy. */
  readonly proxy?: EngineProxy;
  /** Any server may challenge (401): where that would open a dialog, it is cancelled at once, as a user would. */
  readonly cancelChallenges?: boolean;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

export interface EnginePage {
  close(): Promise<void>;
}

/** Where pages share cookies, caches and authentication entries. */
export interface EngineContext {
  open(url: string): Promise<EnginePage>;
  close(): Promise<void>;
}

/** A running browser. Certificate errors are ignored; nothing else is changed. */
export interface Engine {
  readonly info: EngineInfo;
  /** What a DOM library has not got. Absent for browsers. */
  readonly lacks?: ReadonlySet<Ability>;
  /** Opens a page. Resolves once the navigation was handed over; rejects when the engine is gone. */
  open(url: string): Promise<EnginePage>;
  /** A context (or session) of its own. */
  isolated(): Promise<EngineContext>;
  /**
   * Where a challenge (401) would open a dialog that holds up the whole page, keeps the dialog away until the returned
   * function is called: script waits as it would for a user who does not answer. Absent where nothing of that is needed.
   */
  expectChallenges?(): Promise<() => Promise<void>>;
  /** False once the browser has gone away. */
  readonly alive: boolean;
  /** Called once when the browser goes away without close() having been called. */
  onGone(listener: (reason: string) => void): void;
  /** Idempotent; leaves no process, display or folder behind. */
  close(): Promise<void>;
  /** The process ids that belong to it, for tests and for crash clean-up. */
  readonly pids: readonly number[];
}

/** What looking for an engine found. */
export type FoundEngine =
  | {
      /** As it was asked for: "chromium", "chromium@123". */
      readonly name: string;
      readonly family: EngineName | DomFamily;
      readonly found: true;
      /** In words: which build, from where. */
      readonly label: string;
      /** In words, the server that starts it, if this program does not. */
      readonly remote?: string;
      /** The build as far as it can be told without starting it, for example "Debian chromium 156.0.8078.79-1". */
      build(): Promise<string>;
      launch(options?: LaunchOptions): Promise<Engine>;
    }
  | {
      readonly name: string;
      readonly family: EngineName | DomFamily;
      readonly found: false;
      readonly reason: string;
      /** The exact command that would get it. */
      readonly fix: string;
    };
