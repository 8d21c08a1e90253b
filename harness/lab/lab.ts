/** One engine, the origin sites and the target: observe(case) says what happened. */
import { randomBytes } from 'node:crypto';
import { expectedRequests } from '../case/expect.ts';
import type { Observation, ScriptReport, StepObservation } from '../case/observation.ts';
import type { Api, Case, Realm, RequestStep } from '../case/schema.ts';
import { type BoundCase, bindRequest, pageOriginOf, realmOf, scriptOriginOf } from '../case/script.ts';
import { waitOf } from '../case/select.ts';
import type { Engine } from '../engine/types.ts';
import { type Agent, AgentError } from './agent.ts';
import { type CasePages, PagePool } from './case-pages.ts';
import { byEngine, LabError, withDeadline } from './lab-error.ts';
import { patience } from './patience.ts';
import { Turns } from './turns.ts';
import type { CaseLog, World } from './world.ts';

export interface LabOptions {
  /** Milliseconds after which a step's request is given up. Default 10,000, more on a busy machine. */
  readonly stepMs?: number;
  /** Milliseconds after which a page is given up. Default 30,000. */
  readonly pageMs?: number;
  /** How many pages stay open for later cases; those in use do in any case. Default: all. */
  readonly maxPages?: number;
  /** How many steps may run at a time; waits never count. Default 1. */
  readonly atOnce?: number;
  /** Sleeps for a case that waits: others may do meanwhile what they may not beside its steps. */
  readonly waitFor?: (theCase: Case, ms: number) => Promise<void>;
  /** Every case has the engine to itself from its first step to its last: exchanges are told apart by time only. */
  readonly exclusive?: boolean;
}

/** Realms that end with a request, or (a service worker that nothing but its port keeps busy) when they have idled. */
const OWN_REALMS: ReadonlySet<Realm> = new Set<Realm>(['unloading-frame', 'service-worker']);

/** True where an answer of the case challenges for a user name and a password (RFC 9110, section 11.3). */
const mayChallenge = (theCase: Case): boolean =>
  JSON.stringify(theCase.steps).toLowerCase().includes('-authenticate');

const firstRequest = (theCase: Case): RequestStep | undefined =>
  theCase.steps.find((step): step is RequestStep => !('wait' in step));

export interface ObservedCase {
  readonly scene: BoundCase;
  readonly observation: Observation;
}

/** A step that takes longer lets others run at the same time. */
const SHARE_AFTER_MS = 250;
const PAGE_MS = 30_000;
const STEP_MS = 10_000;
/** How long, on an idle machine, a request that the case expects may be on its way after script was told the end. */
const LATE_MS = 3_000;
/** How long to watch for more where script is told nothing of a request's end. */
const UNTOLD_MS = 500;
/** How long an answer may still take to be logged after script was told the end; one that hangs is not awaited. */
const FINISH_MS = 50;
const UNTOLD: ReadonlySet<Api | Realm> = new Set<Api | Realm>([
  'beacon',
  'ping',
  'fetch-later',
  'unloading-frame',
]);

export class Lab {
  readonly #engine: Engine;
  readonly #world: World;
  readonly #stepMs: number | undefined;
  readonly #turns: Turns;
  readonly #exclusive: boolean;
  readonly #pages: PagePool;
  readonly #waitFor: NonNullable<LabOptions['waitFor']>;

  constructor(engine: Engine, world: World, options: LabOptions = {}) {
    this.#engine = engine;
    this.#world = world;
    this.#stepMs = options.stepMs;
    this.#turns = new Turns(options.atOnce ?? 1);
    this.#exclusive = options.exclusive ?? false;
    this.#waitFor = options.waitFor ?? ((_, ms) => new Promise(resolve => setTimeout(resolve, ms)));
    this.#pages = new PagePool(engine, world, {
      pageMs: options.pageMs ?? PAGE_MS,
      maxPages: options.maxPages ?? Number.POSITIVE_INFINITY,
    });
  }

  /**
   * Runs a case.
   * @throws LabError when the engine or the harness failed; ScriptError when the case itself cannot be bound
   */
  async observe(theCase: Case): Promise<ObservedCase> {
    const scene = this.#scene(theCase, randomBytes(8).toString('hex'));
    const exclusive = this.#exclusive || (theCase.alone === true && waitOf(theCase) === 0);
    const pages = await this.#pages.of(theCase, scene.nonce);
    let unchallenged: (() => Promise<void>) | undefined;
    try {
      if (mayChallenge(theCase)) unchallenged = await byEngine(this.#engine.expectChallenges?.());
      if (!exclusive) return { scene, observation: await this.#run(scene, pages, false) };
      // The first page opens during the turn of another case.
      const first = firstRequest(theCase);
      if (first) await pages.agentOn(pageOriginOf(scene, first));
      return {
        scene,
        observation: await this.#turns.take(() => this.#run(scene, pages, true), { exclusive }),
      };
    } finally {
      await pages.release();
      await unchallenged?.().catch(() => undefined);
    }
  }

  #scene(theCase: Case, nonce: string): BoundCase {
    return { case: theCase, nonce, ports: this.#world.ports, anyOrigin: this.#world.anyOrigin };
  }

  async #run(scene: BoundCase, pages: CasePages, hasTurn: boolean): Promise<Observation> {
    const run = this.#world.start(scene);
    const began = performance.now();
    try {
      const steps = await this.#steps(run, pages, hasTurn);
      return { steps, durationMs: Math.round(performance.now() - began) };
    } finally {
      this.#world.stop(run);
    }
  }

  async #steps(run: CaseLog, pages: CasePages, hasTurn: boolean): Promise<StepObservation[]> {
    const { scene } = run;
    const steps: StepObservation[] = [];
    for (const [index, step] of scene.case.steps.entries()) {
      if ('wait' in step) {
        run.rest?.();
        await this.#waitFor(scene.case, step.wait);
      } else {
        const agent = await pages.agentOn(pageOriginOf(scene, step));
        const work = () => this.#step(run, index, step, agent);
        const next = steps.length > 0;
        const script = hasTurn
          ? await work()
          : await this.#turns.take(work, { next, shareAfterMs: SHARE_AFTER_MS });
        // What may still arrive after script was told the end is awaited during the next case's turn.
        await this.#lateRequests(run, step, agent);
        // What it had still to send went with it, and nothing that was seen says so.
        if (!agent.connected) throw new LabError('the page went away', { underWay: true });
        steps.push({ step: index, script, exchanges: run.exchanges() });
      }
    }
    return steps;
  }

  /** Has the page make a step's request. @throws LabError */
  async #step(run: CaseLog, index: number, step: RequestStep, agent: Agent): Promise<ScriptReport> {
    try {
      return await this.#request(run, index, step, agent);
    } catch (error) {
      if (error instanceof AgentError) throw new LabError(error.message, { underWay: error.underWay });
      throw error;
    }
  }

  async #request(run: CaseLog, index: number, step: RequestStep, agent: Agent): Promise<ScriptReport> {
    const { scene } = run;
    const { url, request } = bindRequest(scene, step);
    const realm = realmOf(scene.case, step);
    run.begin(index);
    const { worker } = scene.case;
    const deadlineMs = Math.round(this.#stepMs ?? STEP_MS * patience());
    const { report, abort } = agent.run({
      order: { url, request, deadlineMs },
      realm,
      ...(OWN_REALMS.has(realm) && { key: scene.nonce }),
      ...(worker !== undefined && { worker }),
      ...(step.frame && { frame: scriptOriginOf(scene, step) }),
    });
    if (typeof request.abort === 'object') {
      const { when, to } = request.abort;
      run.onRequest((role, resource) => {
        if (role === when && (to === undefined || to === resource)) abort();
      });
    }
    return withDeadline(report, deadlineMs + PAGE_MS, 'the page did not report');
  }

  /** Waits, where need be, for requests that outlive script's own view of them. */
  async #lateRequests(run: CaseLog, step: RequestStep, agent: Agent): Promise<void> {
    const realm = realmOf(run.scene.case, step);
    const { api = 'fetch', withCredentialsAfterSend } = step.request;
    // The setter throws, which is all that script learns of the request.
    const untold = UNTOLD.has(api) || UNTOLD.has(realm) || withCredentialsAfterSend === true;
    const wanted = expectedRequests(step.expect);
    const until = performance.now() + LATE_MS * patience();
    while (run.count < wanted && agent.connected && performance.now() < until)
      await new Promise(resolve => setTimeout(resolve, 5));
    if (untold) {
      await run.finished(LATE_MS);
      await new Promise(resolve => setTimeout(resolve, UNTOLD_MS));
    }
    await run.finished(FINISH_MS);
  }

  /** Opens the page that a case will begin on, while other cases run. What goes wrong is told when the case runs. */
  prepare(theCase: Case): void {
    const first = firstRequest(theCase);
    if (first) this.#pages.prepare(theCase, pageOriginOf(this.#scene(theCase, ''), first));
  }

  /** Opens a page, waits until it is there, and closes it: for what its response headers do. @throws LabError */
  visit(origin: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    return this.#pages.visit(origin, headers);
  }

  /** Lets go of the pages of an engine that is about to be closed. */
  leave(): void {
    this.#pages.leave();
  }

  /** Closes the pages; engine and servers belong to whoever made them. */
  close(): Promise<void> {
    return this.#pages.close();
  }
}
