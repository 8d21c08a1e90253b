/** Browsers that are open, each behind a recording gateway of its own: for one target, or for many. */
import type { Case } from '../case/schema.ts';
import { type GatewayWorld, startGatewayWorld } from '../lab/gateway-world.ts';
import { LabSession } from '../lab/session.ts';
import type { RunEngineName } from '../verdict/record.ts';
import type { GatewayAddress, Upstream } from '../wire/gateway.ts';
import type { Pause } from './side-by-side.ts';
import { type AbsentEngine, startEngine } from './start-engine.ts';

export interface BrowserOptions {
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Where browsers of other machines reach this one. */
  readonly at?: GatewayAddress | undefined;
  /** How many steps may run at a time in a browser, whichever targets they are about. Default 1. */
  readonly atOnce?: number | undefined;
}

/** What a browser has to know of a target before its pages ask it. */
export interface Admitted {
  /** The origins that pages may be opened on. */
  readonly pageOrigins: ReadonlySet<string>;
  /** By the serialized origins under which pages know the target. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
}

export interface OpenBrowser {
  readonly session: LabSession;
  readonly world: GatewayWorld;
  /** How each case that is under way waits. */
  readonly pauses: Map<Case, Pause>;
}

/** Pages come from this machine, but a browser that has just started on a busy one takes its time for the first. */
const PAGE_MS = 25_000;

/** Every attacker is a page of its own: a browser with dozens of them open gets slow. */
const MAX_PAGES = 10;

/**
 * Starts each browser when it is first asked for, and keeps it. What it has cached belongs to a URL: targets that share
 * browsers need origins of their own, never one after the other under the same.
 */
export class OpenBrowsers {
  readonly #options: BrowserOptions;
  readonly #pageOrigins = new Set<string>();
  readonly #upstreams = new Map<string, Upstream>();
  readonly #browsers = new Map<RunEngineName, Promise<OpenBrowser | AbsentEngine>>();
  readonly #worlds: GatewayWorld[] = [];

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /** A browser that serves this target too, or why there is none. */
  open(name: RunEngineName, { pageOrigins, upstreams }: Admitted): Promise<OpenBrowser | AbsentEngine> {
    for (const origin of pageOrigins) this.#pageOrigins.add(origin);
    for (const [origin, upstream] of upstreams) this.#upstreams.set(origin, upstream);
    let browser = this.#browsers.get(name);
    if (!browser) {
      browser = this.#start(name);
      browser.catch(() => undefined);
      this.#browsers.set(name, browser);
    }
    return browser;
  }

  async #start(name: RunEngineName): Promise<OpenBrowser | AbsentEngine> {
    const { timeoutMs, at, atOnce = 1 } = this.#options;
    const world = await startGatewayWorld({ pageOrigins: this.#pageOrigins, upstreams: this.#upstreams, at });
    this.#worlds.push(world);
    const pauses = new Map<Case, Pause>();
    const session = await startEngine(name, found =>
      LabSession.start(found, world, {
        launch: { proxy: world.proxy, cancelChallenges: true },
        exclusive: atOnce === 1,
        atOnce,
        stepMs: timeoutMs,
        pageMs: PAGE_MS,
        waitFor: (theCase, ms) => (pauses.get(theCase) as Pause)(ms),
        maxPages: MAX_PAGES,
      }),
    );
    return session instanceof LabSession ? { session, world, pauses } : session;
  }

  /** Closes the browsers, then their gateways. */
  async close(): Promise<void> {
    const browsers = await Promise.allSettled(this.#browsers.values());
    const sessions = browsers.flatMap(one =>
      one.status === 'fulfilled' && 'session' in one.value ? [one.value.session] : [],
    );
    await Promise.allSettled(sessions.map(session => session.close()));
    await Promise.all(this.#worlds.map(world => world.close()));
  }
}
