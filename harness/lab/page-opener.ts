/** Opens one page, and finds out why there is none: does the engine refuse it, or is it slow? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PageOptions } from '../../fixtures/origins/site.ts';
import type { Engine, EngineContext, EnginePage } from '../engine/types.ts';
import type { Agent } from './agent.ts';
import { LabError, messageOf, withDeadline } from './lab-error.ts';
import type { ReservedPage, World } from './world.ts';

export interface OpenPage {
  readonly agent: Agent;
  readonly page: EnginePage;
  release(): void;
}

const SUSPICIOUS_MS = 2_000;
/** Milliseconds in which it may still come once another page, opened later, has come. */
const GRACE_MS = 500;

type Context = Pick<EngineContext, 'open'>;

/** The work, or `late` after so many milliseconds. No timer is left that a run which is done would wait for. */
async function orAfter<T, L = undefined>(ms: number, work: Promise<T>, late?: L): Promise<T | L | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, late, { signal: done.signal })]);
  } finally {
    done.abort();
  }
}

export class PageOpener {
  readonly #engine: Engine;
  readonly #world: World;
  readonly #pageMs: number;
  readonly #suspiciousMs: number;
  /** An origin on which this engine has opened a page. */
  #known: string | null = null;
  #control: Promise<boolean> | null = null;

  /**
   * @param pageMs milliseconds after which a page is given up
   * @param suspiciousMs milliseconds after which a page that the engine has not even asked for makes one wonder
   */
  constructor(engine: Engine, world: World, pageMs: number, suspiciousMs = SUSPICIOUS_MS) {
    this.#engine = engine;
    this.#world = world;
    this.#pageMs = pageMs;
    this.#suspiciousMs = Math.min(suspiciousMs, pageMs);
  }

  /** @throws LabError whose `noPage` says whether the engine refused the page */
  async open(context: Context, origin: string, options: PageOptions): Promise<OpenPage> {
    const reserved = this.#world.reservePage(options);
    let page: EnginePage | undefined;
    try {
      page = await this.#navigate(context, origin, reserved);
      await this.#connected(origin, reserved);
      this.#known = origin;
      return { agent: reserved.agent, page, release: reserved.release };
    } catch (error) {
      // A page that never connected would only use the engine's memory.
      void page?.close().catch(() => undefined);
      reserved.release();
      throw error instanceof LabError ? error : new LabError(messageOf(error), { noPage: 'late' });
    }
  }

  async #navigate(context: Context, origin: string, reserved: ReservedPage): Promise<EnginePage> {
    try {
      return await context.open(origin + reserved.path);
    } catch (error) {
      throw new LabError(messageOf(error), { noPage: (await this.#controlOpens()) ? 'refused' : 'late' });
    }
  }

  async #connected(origin: string, reserved: ReservedPage): Promise<void> {
    const { agent } = reserved;
    const began = performance.now();
    await orAfter(this.#suspiciousMs, agent.ready);
    if (!reserved.requested && this.#known !== null && this.#known !== origin) {
      const opens = await Promise.race([agent.ready.then(() => false), this.#controlOpens()]);
      if (opens) await orAfter(GRACE_MS, agent.ready);
      if (opens && !reserved.requested)
        throw new LabError(`the engine does not ask for the page on ${origin}`, { noPage: 'refused' });
    }
    const left = Math.max(0, this.#pageMs - (performance.now() - began));
    const late = Symbol('late');
    if ((await orAfter(left, agent.ready, late)) === late)
      throw new LabError(`the page on ${origin} did not connect within ${this.#pageMs / 1000} s`, {
        noPage: 'late',
      });
  }

  /** True if the engine opens a page where it has opened one before. Asked once for all who wonder at a time. */
  #controlOpens(): Promise<boolean> {
    this.#control ??= this.#tryKnown().finally(() => {
      this.#control = null;
    });
    return this.#control;
  }

  async #tryKnown(): Promise<boolean> {
    if (this.#known === null || !this.#engine.alive) return false;
    const reserved = this.#world.reservePage();
    try {
      const opening = this.#engine.open(this.#known + reserved.path);
      const ready = opening.then(async page => {
        await reserved.agent.ready;
        return page;
      });
      ready.catch(() => undefined);
      const page = await withDeadline(ready, this.#pageMs, 'no page').finally(() => {
        // Whenever it opens, it is closed again.
        void opening.then(late => late.close()).catch(() => undefined);
      });
      return page !== undefined;
    } catch {
      return false;
    } finally {
      reserved.agent.close();
      reserved.release();
    }
  }
}

/** Closes a page; one that is already gone counts as closed. */
export async function closePage(open: OpenPage): Promise<void> {
  await open.page.close().catch(() => undefined);
  leavePage(open);
}

/** Ends what connects us to a page. */
export function leavePage({ agent, release }: OpenPage): void {
  agent.close();
  release();
}
