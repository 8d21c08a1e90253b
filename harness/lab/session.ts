/** Runs many cases in one engine: waits overlap, and an engine that dies is started again. */
import type { Case } from '../case/schema.ts';
import { waitOf } from '../case/select.ts';
import type { Engine, FoundEngine, LaunchOptions } from '../engine/types.ts';
import { Lab, type LabOptions, type ObservedCase } from './lab.ts';
import { LabError, type NoPage } from './lab-error.ts';
import { Turns } from './turns.ts';
import type { World } from './world.ts';

export interface SessionOptions extends LabOptions {
  readonly launch?: LaunchOptions;
}

/** What became of a case: an observation, or why there is none. */
export type SessionResult =
  | { readonly observed: ObservedCase }
  | {
      readonly failure: string;
      /** Why a page of the case could not be opened; null if that was not what failed. */
      readonly noPage: NoPage | null;
    };

const MAX_RESTARTS = 5;
/** How often a case is tried whose page, or engine, goes away while it runs. */
const MAX_TRIES = 2;
/** How many cases are begun at a time: those with pages for themselves alone, and those that share pages. */
const BEGUN = { own: 4, shared: 16 };

export class LabSession {
  readonly #found: Extract<FoundEngine, { found: true }>;
  readonly #world: World;
  readonly #options: SessionOptions;
  readonly #begun = { own: new Turns(BEGUN.own), shared: new Turns(BEGUN.shared) };
  readonly #results = new Map<Case, Promise<SessionResult>>();
  #engine: Engine;
  #lab: Lab;
  #restarts = 0;
  #restarting: Promise<void> | null = null;
  #closed = false;

  private constructor(
    found: Extract<FoundEngine, { found: true }>,
    engine: Engine,
    world: World,
    options: SessionOptions,
  ) {
    this.#found = found;
    this.#engine = engine;
    this.#world = world;
    this.#options = options;
    this.#lab = new Lab(engine, world, options);
  }

  /** @throws what launching throws: the engine is then not run */
  static async start(
    found: Extract<FoundEngine, { found: true }>,
    world: World,
    options: SessionOptions = {},
  ): Promise<LabSession> {
    return new LabSession(found, await found.launch(options.launch), world, options);
  }

  get info(): Engine['info'] {
    return this.#engine.info;
  }

  /** What the engine has not got, if it is no browser. */
  get lacks(): Engine['lacks'] {
    return this.#engine.lacks;
  }

  /** Opens and closes a page with these response headers. @throws LabError */
  visit(origin: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    return this.#lab.visit(origin, headers);
  }

  /** True from close() on: what fails then, fails because of it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The process ids of the engine as it runs now. */
  get pids(): readonly number[] {
    return this.#engine.pids;
  }

  /**
   * Starts cases ahead of time, so that their waits overlap: first those that wait, longest first, then the rest.
   * Their results are there for run().
   */
  prefetch(cases: readonly Case[]): void {
    for (const one of [...cases].sort((a, b) => waitOf(b) - waitOf(a))) void this.run(one);
  }

  /** Opens the page that a case will begin on, while other cases run. */
  prepare(theCase: Case): void {
    if (this.#engine.alive) this.#lab.prepare(theCase);
  }

  /** Runs a case, or waits for the run that prefetch() started. Rejects only for a case that cannot be bound. */
  run(theCase: Case): Promise<SessionResult> {
    let result = this.#results.get(theCase);
    if (!result) {
      result = waitOf(theCase) > 0 ? this.#run(theCase) : this.#admit(theCase);
      result.catch(() => undefined);
      this.#results.set(theCase, result);
    }
    return result;
  }

  /** The next run() of a case runs it anew. */
  forget(theCase: Case): void {
    this.#results.delete(theCase);
  }

  #admit(theCase: Case): Promise<SessionResult> {
    const turns = theCase.fresh ? this.#begun.own : this.#begun.shared;
    return turns.take(() => this.#run(theCase));
  }

  async #run(theCase: Case, triesLeft = MAX_TRIES): Promise<SessionResult> {
    await this.#restarting;
    const lab = this.#lab;
    try {
      return { observed: await lab.observe(theCase) };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const engineLost = await this.#engineLost(lab, error.at);
      // The case that was under way when its engine died is its victim or its cause; the others only waited.
      const left = error.underWay || !engineLost ? triesLeft - 1 : triesLeft;
      const again = this.#engine.alive && left > 0 && (engineLost || error.underWay);
      return again ? this.#run(theCase, left) : { failure: error.message, noPage: error.noPage };
    }
  }

  /** True if the engine of a lab is gone; then another one has been started, if that was possible. */
  async #engineLost(lab: Lab, at: number): Promise<boolean> {
    const engine = this.#engine;
    await goneOrSure(engine, at);
    if (lab === this.#lab && engine.alive) return false;
    if (lab === this.#lab) this.#restart();
    await this.#restarting;
    return true;
  }

  /** Several cases notice the end of one engine: the first of them starts another, and none does once all is closed. */
  #restart(): void {
    if (this.#closed || this.#restarting) return;
    this.#restarting = (async () => {
      this.#lab.leave();
      await this.#engine.close();
      while (!this.#closed && this.#restarts < MAX_RESTARTS) {
        this.#restarts++;
        try {
          this.#engine = await this.#found.launch(this.#options.launch);
          this.#lab = new Lab(this.#engine, this.#world, this.#options);
          return;
        } catch {
          // It may start the next time. If it does not, every case from here on says that it is gone.
        }
      }
    })().finally(() => {
      this.#restarting = null;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restarting;
    this.#lab.leave();
    await this.#engine.close();
  }
}

/** A browser that is still there this many milliseconds after a failure has not ended because of it. */
const SURE_MS = 1000;

/** The end of a page is noticed before the end of its browser: waits a moment for that. */
async function goneOrSure(engine: Engine, failedAt: number): Promise<void> {
  const until = failedAt + SURE_MS;
  while (engine.alive && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 20));
}
