/** One engine, the origin sites and the target: observe(case) says what happened. */
import { randomBytes } from 'node:crypto';
import { expectedRequests } from '../case/expect.ts';
import type { Observation, ScriptReport, StepObservation } from '../case/observation.ts';
import type { Api, Case, Realm, RequestStep } from '../case/schema.ts';
import { bindRequest, pageOriginOf, type Scene, scriptOriginOf } from '../case/script.ts';
import { waitOf } from '../case/select.ts';
import type { Engine, EnginePage } from '../engine/types.ts';
import { type Agent, AgentError } from './agent.ts';
import { Slots } from './slots.ts';
import type { CaseLog, World } from './world.ts';

export interface LabOptions {
  /** Milliseconds after which a step's request is given up. */
  readonly stepMs?: number;
  /** Milliseconds after which a page is given up. Default 30,000. */
  readonly pageMs?: number;
  /** How many pages stay open for later cases; those in use do in any case. Default: all. */
  readonly maxPages?: number;
  /** How many steps may run at a time; waits never count. Default 1. */
  readonly atOnce?: number;
  /** A case has the engine for itself from its first step to its last: exchanges are told apart by time only. */
  readonly strictTurns?: boolean;
}

/** The engine or the harness failed, not the case. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** True where the case was in the engine's hands at that moment, not waiting for its turn or for time to pass. */
  readonly inHand: boolean;
  /** True where the engine opened no page on the origin that the case asks for. */
  readonly noPage: boolean;

  constructor(message: string, { inHand = false, noPage = false } = {}) {
    super(message.split('\n', 1)[0]);
    this.inHand = inHand;
    this.noPage = noPage;
  }
}

/** True where a case cannot share a page with others. */
export const needsOwnPage = (theCase: Case): boolean => theCase.fresh === true;

/** Realms that end with a request, or (a service worker that nothing but its port keeps busy) when they have idled. */
const OWN_REALMS: ReadonlySet<Realm> = new Set<Realm>(['unloading-frame', 'service-worker']);

/** True where an answer of the case challenges for a user name and a password (RFC 9110, section 11.3). */
const mayChallenge = (theCase: Case): boolean =>
  /\b(www|proxy)-authenticate\b/i.test(JSON.stringify(theCase.steps));

const firstRequest = (theCase: Case): RequestStep | undefined =>
  theCase.steps.find((step): step is RequestStep => !('wait' in step));

export interface Observed {
  readonly scene: Scene;
  readonly observation: Observation;
}

/** A step that takes longer lets others run beside it. */
const PATIENCE_MS = 250;
const PAGE_MS = 30_000;
const STEP_MS = 10_000;
/** How long a request that the case expects may still be on its way after script was told the end. */
const LATE_MS = 2_000;
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

interface OpenPage {
  readonly agent: Agent;
  readonly page: EnginePage;
  release(): void;
}

/** A page that cases share, for as long as it stays open. */
interface SharedPage {
  readonly opening: Promise<OpenPage>;
  /** How many cases have it in use or wait for it. */
  users: number;
  /** It could not be opened, and nobody has been told. */
  failed: boolean;
}

type Opener = Pick<Engine, 'open'>;

export class Lab {
  readonly #engine: Engine;
  readonly #world: World;
  readonly #stepMs: number;
  readonly #slots: Slots;
  readonly #strict: boolean;
  readonly #pageMs: number;
  readonly #maxPages: number;
  readonly #shared = new Map<string, SharedPage>();

  constructor(engine: Engine, world: World, options: LabOptions = {}) {
    this.#engine = engine;
    this.#world = world;
    this.#stepMs = options.stepMs ?? STEP_MS;
    this.#pageMs = options.pageMs ?? PAGE_MS;
    this.#maxPages = options.maxPages ?? Number.POSITIVE_INFINITY;
    this.#slots = new Slots(options.atOnce ?? 1);
    this.#strict = options.strictTurns ?? false;
    engine.onGone(reason => this.#lose(reason));
  }

  #lose(reason: string): void {
    for (const { opening } of this.#shared.values()) {
      opening.then(
        open => open.agent.fail(new AgentError(`the browser went away: ${reason}`)),
        () => undefined,
      );
    }
    this.#shared.clear();
  }

  /**
   * Runs a case.
   * @throws LabError when the engine or the harness failed; ScriptError when the case itself cannot be bound
   */
  async observe(theCase: Case): Promise<Observed> {
    const scene: Scene = {
      case: theCase,
      nonce: randomBytes(8).toString('hex'),
      ports: this.#world.ports,
      anyOrigin: this.#world.anyOrigin,
    };
    const own = needsOwnPage(theCase);
    const alone = this.#strict || (theCase.alone === true && waitOf(theCase) === 0);
    const pages = new Map<string, OpenPage>();
    const shared: SharedPage[] = [];
    let isolated: Awaited<ReturnType<Engine['isolated']>> | undefined;
    let unchallenged: (() => Promise<void>) | undefined;
    try {
      if (theCase.fresh) isolated = await this.#asked(this.#engine.isolated());
      if (mayChallenge(theCase)) unchallenged = await this.#asked(this.#engine.expectChallenges?.());
      const opener: Opener = isolated ?? this.#engine;
      const share = (origin: string): SharedPage => {
        const one = this.#sharedPage(origin, theCase);
        shared.push(one);
        return one;
      };
      const pageFor = async (step: RequestStep): Promise<OpenPage> => {
        const origin = pageOriginOf(scene, step);
        const known = pages.get(origin);
        if (known) return known;
        const open = await (own ? this.#open(opener, origin, theCase) : share(origin).opening);
        pages.set(origin, open);
        return open;
      };
      if (!alone) return { scene, observation: await this.#run(scene, pageFor, false) };
      // The first page opens beside the turn of another case.
      const first = firstRequest(theCase);
      if (first) await pageFor(first);
      return { scene, observation: await this.#slots.useAll(() => this.#run(scene, pageFor, true)) };
    } finally {
      for (const open of pages.values()) {
        open.agent.dispose(scene.nonce);
        if (own) await this.#closePage(open);
      }
      for (const one of shared) one.users--;
      await isolated?.close().catch(() => undefined);
      await unchallenged?.().catch(() => undefined);
    }
  }

  async #run(
    scene: Scene,
    pageFor: (step: RequestStep) => Promise<OpenPage>,
    alone: boolean,
  ): Promise<Observation> {
    const run = this.#world.start(scene);
    const began = performance.now();
    try {
      const steps = await this.#steps(run, pageFor, alone);
      return { steps, durationMs: Math.round(performance.now() - began) };
    } finally {
      this.#world.stop(run);
    }
  }

  async #steps(
    run: CaseLog,
    pageFor: (step: RequestStep) => Promise<OpenPage>,
    alone: boolean,
  ): Promise<StepObservation[]> {
    const { scene } = run;
    const steps: StepObservation[] = [];
    for (const [index, step] of scene.case.steps.entries()) {
      if ('wait' in step) await new Promise(resolve => setTimeout(resolve, step.wait));
      else {
        const { agent } = await pageFor(step);
        const turn = alone ? 'held' : steps.length > 0 ? 'ahead' : 'queued';
        steps.push(await this.#inTurn(run, index, step, agent, turn));
      }
    }
    return steps;
  }

  /** A step in its turn. What may still arrive behind script's back is awaited beside the next case's turn. */
  async #inTurn(
    run: CaseLog,
    index: number,
    step: RequestStep,
    agent: Agent,
    turn: 'held' | 'ahead' | 'queued',
  ): Promise<StepObservation> {
    const work = () => this.#trouble(this.#step(run, index, step, agent));
    const script =
      turn === 'held' ? await work() : await this.#slots.use(work, PATIENCE_MS, turn === 'ahead');
    await this.#lateRequests(run, step);
    return { step: index, script, exchanges: run.exchanges() };
  }

  /** What the engine was asked for, beside any page. @throws LabError */
  async #asked<T>(work: T | Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new LabError(error instanceof Error ? error.message : String(error));
    }
  }

  async #trouble<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof AgentError) throw new LabError(error.message, { inHand: error.inHand });
      throw error;
    }
  }

  async #step(run: CaseLog, index: number, step: RequestStep, agent: Agent): Promise<ScriptReport> {
    const { scene } = run;
    const { url, request } = bindRequest(scene, step);
    const realm = step.realm ?? scene.case.realm ?? 'page';
    run.begin(index);
    const { worker } = scene.case;
    const { report, abort } = agent.run({
      order: { url, request, deadlineMs: this.#stepMs },
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
    return withDeadline(report, this.#stepMs + PAGE_MS, 'the page did not report');
  }

  /** Waits, where need be, for requests that outlive script's own view of them. */
  async #lateRequests(run: CaseLog, step: RequestStep): Promise<void> {
    const realm = step.realm ?? run.scene.case.realm ?? 'page';
    const untold = UNTOLD.has(step.request.api ?? 'fetch') || UNTOLD.has(realm);
    const wanted = expectedRequests(step.expect);
    const until = performance.now() + LATE_MS;
    while (run.count < wanted && performance.now() < until)
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
    if (!first || needsOwnPage(theCase)) return;
    const scene = { case: theCase, nonce: '', ports: this.#world.ports, anyOrigin: this.#world.anyOrigin };
    this.#sharedPage(pageOriginOf(scene, first), theCase).users--;
  }

  /** The page of an origin, for cases whose page is served alike. It stays open while it has users. */
  #sharedPage(origin: string, theCase: Case): SharedPage {
    const key = JSON.stringify([origin, theCase.csp, theCase.pageHeaders]);
    const known = this.#shared.get(key);
    if (known) {
      known.users++;
      if (known.failed) this.#shared.delete(key);
      return known;
    }
    this.#makeRoom();
    const shared = { opening: this.#open(this.#engine, origin, theCase), users: 1, failed: false };
    const forget = () => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    };
    this.#shared.set(key, shared);
    shared.opening.then(
      open => open.agent.gone.then(forget),
      () => {
        if (shared.users > 0) forget();
        else shared.failed = true;
      },
    );
    return shared;
  }

  /** Closes the pages that were opened first and are not in use, where no more may stay open. */
  #makeRoom(): void {
    for (const [key, { opening, users }] of this.#shared) {
      if (this.#shared.size < this.#maxPages) return;
      if (users > 0) continue;
      this.#shared.delete(key);
      opening.then(
        open => this.#closePage(open),
        () => undefined,
      );
    }
  }

  async #open(opener: Opener, origin: string, theCase: Case): Promise<OpenPage> {
    const { path, agent, release } = this.#world.reservePage({
      ...(theCase.csp !== undefined && { csp: theCase.csp }),
      ...(theCase.pageHeaders && { headers: theCase.pageHeaders }),
    });
    try {
      const page = await opener.open(origin + path);
      await withDeadline(agent.ready, this.#pageMs, `the page on ${origin} did not connect`);
      return { agent, page, release };
    } catch (error) {
      release();
      throw new LabError(error instanceof Error ? error.message : String(error), { noPage: true });
    }
  }

  /** Opens a page, waits until it is there, and closes it: for what its response headers do. @throws LabError */
  async visit(origin: string, headers: readonly (readonly [string, string])[]): Promise<void> {
    const { path, agent, release } = this.#world.reservePage({ headers });
    try {
      const page = await this.#engine.open(origin + path);
      await withDeadline(agent.ready, this.#pageMs, `the page on ${origin} did not connect`);
      await page.close();
    } finally {
      agent.close();
      release();
    }
  }

  async #closePage(open: OpenPage): Promise<void> {
    await open.page.close().catch(() => undefined);
    open.agent.close();
    open.release();
  }

  /** Closes the pages; engine and servers belong to whoever made them. */
  async close(): Promise<void> {
    const all = [...this.#shared.values()];
    this.#shared.clear();
    await Promise.all(
      all.map(({ opening }) =>
        opening.then(
          open => this.#closePage(open),
          () => undefined,
        ),
      ),
    );
  }
}

async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LabError(`${what} within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
