/** Runs many cases in one engine: waits overlap, and an engine that dies is started again once. */
import type { Case } from '../case/schema.ts';
import { waitOf } from '../case/select.ts';
import type { Engine, FoundEngine, LaunchOptions } from '../engine/types.ts';
import { Lab, type LabOptions, type Observed } from './lab.ts';
import { LabError } from './lab-error.ts';
import { Slots } from './slots.ts';
import type { World } from './world.ts';

export interface SessionOptions extends LabOptions {
  readonly launch?: LaunchOptions;
}

/** What became of a case: an observation, or why there is none. */
export type Ran =
  | { readonly observed: Observed }
  | {
      readonly trouble: string /** No page could be opened on the origin of the case. */;
      readonly noPage?: boolean;
    };

const MAX_RESTARTS = 1;
/** So many cases may be under way at a time, besides those that wait: a few that need pages of their own, and others. */
const ADMITTED = { own: 4, shared: 16 };

export class Session {
  readonly #found: Extract<FoundEngine, { found: true }>;
  readonly #world: World;
  readonly #options: SessionOptions;
  readonly #admitted = { own: new Slots(ADMITTED.own), shared: new Slots(ADMITTED.shared) };
  readonly #results = new Map<Case, Promise<Ran>>();
  #engine: Engine;
  #lab: Lab;
  #restarts = 0;
  #restarting: Promise<void> | null = null;

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
  ): Promise<Session> {
    return new Session(found, await found.launch(options.launch), world, options);
  }

  get info(): Engine['info'] {
    return this.#engine.info;
  }

  /** Opens and closes a page with these response headers. @throws LabError */
  visit(origin: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    return this.#lab.visit(origin, headers);
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
  run(theCase: Case): Promise<Ran> {
    let result = this.#results.get(theCase);
    if (!result) {
      result = waitOf(theCase) > 0 ? this.#run(theCase) : this.#admit(theCase);
      result.catch(() => undefined);
      this.#results.set(theCase, result);
    }
    return result;
  }

  #admit(theCase: Case): Promise<Ran> {
    const slots = theCase.fresh ? this.#admitted.own : this.#admitted.shared;
    return slots.use(() => this.#run(theCase), Number.POSITIVE_INFINITY);
  }

  async #run(theCase: Case): Promise<Ran> {
    await this.#restarting;
    const lab = this.#lab;
    try {
      return { observed: await lab.observe(theCase) };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const engine = this.#engine;
      await goneOrSure(engine, error.at);
      if (lab === this.#lab && engine.alive) return { trouble: error.message, noPage: error.noPage };
      if (lab === this.#lab) this.#restart();
      await this.#restarting;
      // The case that was in the engine's hands when it died is its victim or its cause; the others only waited.
      if (error.inHand || !this.#engine.alive) return { trouble: error.message };
      return this.#run(theCase);
    }
  }

  #restart(): void {
    if (this.#restarts >= MAX_RESTARTS) return;
    this.#restarts++;
    const old = { lab: this.#lab, engine: this.#engine };
    this.#restarting = (async () => {
      try {
        await old.lab.close();
        await old.engine.close();
        this.#engine = await this.#found.launch(this.#options.launch);
        this.#lab = new Lab(this.#engine, this.#world, this.#options);
      } catch {
        // The engine does not come back: every case from here on says so.
      }
    })();
  }

  async close(): Promise<void> {
    await this.#restarting;
    await this.#lab.close();
    await this.#engine.close();
  }
}

/** A browser that is still there so many milliseconds after trouble has nothing to do with it. */
const SURE_MS = 1000;

/** A page is heard to go before its browser is: waits a moment for the browser's own word. */
async function goneOrSure(engine: Engine, troubleAt: number): Promise<void> {
  const until = troubleAt + SURE_MS;
  while (engine.alive && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 20));
}
