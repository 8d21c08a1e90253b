/** Runs cases against a real server, from pages of an engine behind the recording gateway or on the model. */
import { abilitiesOf } from '../case/abilities.ts';
import type { Observation } from '../case/observation.ts';
import type { Case } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import { waitOf } from '../case/select.ts';
import type { GatewayWorld } from '../lab/gateway-world.ts';
import { observeLive } from '../lab/live-model.ts';
import type { LabSession } from '../lab/session.ts';
import type { EngineRecord, RunEngineName } from '../verdict/record.ts';
import type { GatewayAddress, Upstream } from '../wire/gateway.ts';
import { MODEL } from './model-runner.ts';
import type { BrowserOptions, OpenBrowser, OpenBrowsers } from './open-browsers.ts';
import { type Pause, sideBySide } from './side-by-side.ts';
import type { AbsentEngine } from './start-engine.ts';

/** A case, and what a run has to know about it. */
export interface PageCase {
  readonly case: Case;
  /** The origin of its page; null if it has none. */
  readonly origin: string | null;
  /** The Cookie header's value that its requests with credentials carry. */
  readonly cookie?: string;
  /** An engine may refuse to open a page on the origin, which is then not the run's failure. */
  readonly mayLackPage?: boolean;
  /** It shows what an HTTP cache does, so it needs one. */
  readonly needsHttpCache?: boolean;
}

export interface PageTarget<T extends PageCase> {
  /** What to run; an engine starts meanwhile if it is not known yet. */
  readonly cases: readonly T[] | Promise<readonly T[]>;
  /** The origins that pages may be opened on. Default: those of the cases. */
  readonly pageOrigins?: ReadonlySet<string>;
  /** By the serialized origins under which pages know the target. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Set-Cookie lines of the target's own, as a login gave them. */
  readonly setCookie?: readonly string[];
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Ends a request of the model's that is under way. */
  readonly signal?: AbortSignal;
  /** Where browsers of other machines reach this one. */
  readonly at?: GatewayAddress | undefined;
  /**
   * Called before every case, and after it with what came of it. What it throws ends the run; what it returns before a
   * case is the reason why the case is not run.
   */
  readonly checkAlive: (
    next: T,
    outcome?: PageOutcome<T>,
  ) => undefined | string | Promise<undefined | string>;
  readonly onOutcome?: (engine: EngineRecord, outcome: PageOutcome<T>) => void;
  /** Browsers that are shared with other targets, and stay open. Default: one that is closed afterwards. */
  readonly browsers?: OpenBrowsers | undefined;
  /** Takes over the end of a browser that has nothing left to do. Default: it is waited for. */
  readonly onClosing?: ((closing: Promise<void>) => void) | undefined;
  /** How many cases may be under way at a time in a browser, told apart by their page's origin and URL. Default 1. */
  readonly atOnce?: number;
}

/** What became of one case: an observation, or the reason why there is none. */
export type PageOutcome<T extends PageCase> =
  | { readonly of: T; readonly scene: BoundCase; readonly observation: Observation }
  | {
      readonly of: T;
      readonly without: 'not-applicable' | 'harness-error' | 'not-run';
      readonly reason: string;
    };

export interface PageRun<T extends PageCase> {
  readonly engine: EngineRecord;
  readonly outcomes: readonly PageOutcome<T>[];
}

/** While a case runs, the pages of this many cases behind it open. */
const AHEAD = 6;

/** Settled, not raced: whatever fails, every engine has been closed before that is told. */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  return ended.map(one => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Every answer is asked for anew there, so what an HTTP cache would do cannot show. */
const cacheless = ({ channel }: LabSession['info']): boolean => channel === 'webkitgtk';

/**
 * Runs every case of a target in one engine.
 * @throws what `checkAlive` throws; an engine that is missing or does not start is an outcome
 */
export function runPages<T extends PageCase>(
  name: RunEngineName,
  target: PageTarget<T>,
): Promise<PageRun<T>> {
  // They may fail while the engine starts; that is told when it is their turn.
  Promise.resolve(target.cases).catch(() => undefined);
  return name === 'model' ? runOnModel(target) : runInEngine(name, target);
}

async function runAll<T extends PageCase>(
  target: PageTarget<T>,
  engine: EngineRecord,
  observe: (one: T, pause: Pause) => Promise<PageOutcome<T>>,
  prepare: (one: T) => void = () => undefined,
): Promise<PageRun<T>> {
  const { atOnce = 1 } = target;
  const cases = await target.cases;
  const together = { atOnce, ...(atOnce > 1 && { keysOf, isAlone, waits: isWaiting }) };
  const ordered = atOnce > 1 ? [...cases].sort((a, b) => waitOf(b.case) - waitOf(a.case)) : cases;
  const outcomes = await sideBySide(ordered, together, async (one, i, pause) => {
    const reason = await target.checkAlive(one);
    if (reason !== undefined) return { of: one, without: 'not-run', reason } as const;
    // Pages that open side by side slow each other down, and the one that waits should wait soon.
    if (!isWaiting(one)) for (const next of ordered.slice(i + 1, i + 1 + AHEAD)) prepare(next);
    const outcome = await observe(one, pause);
    await target.checkAlive(one, outcome);
    target.onOutcome?.(engine, outcome);
    return outcome;
  });
  return { engine, outcomes };
}

/** The origins of a case's pages with the URLs that it asks for: exchanges of two cases must differ in one of them. */
function keysOf<T extends PageCase>({ case: { steps, page }, origin }: T): string[] {
  return steps.flatMap(step =>
    'request' in step ? [`${step.page ?? origin ?? page} ${step.request.url ?? ''}`] : [],
  );
}

/** Requests without an Origin cannot be told from those of another case. */
const isAlone = <T extends PageCase>({ case: { steps } }: T): boolean =>
  steps.some(step => 'request' in step && step.request.mode === 'no-cors');

const isWaiting = <T extends PageCase>(one: T): boolean => waitOf(one.case) > 0;

/** Without a browser: the model sends its own requests. Waits cost no time. */
function runOnModel<T extends PageCase>(target: PageTarget<T>): Promise<PageRun<T>> {
  return runAll(target, MODEL, async one => {
    const { cookie } = one;
    const { upstreams, timeoutMs, signal } = target;
    const live = await observeLive(one.case, {
      upstreams,
      timeoutMs,
      ...(signal && { signal }),
      ...(cookie !== undefined && { cookie }),
    });
    if (live.notModelled === undefined) return { of: one, scene: live.scene, observation: live.observation };
    return { of: one, without: 'not-applicable', reason: `not modelled: ${live.notModelled}` };
  });
}

/** The origins of the pages that cases need. */
export const pageOriginsOf = (cases: readonly Pick<PageCase, 'case'>[]): Set<string> =>
  new Set(
    cases.flatMap(({ case: { page, steps } }) =>
      [page, ...steps.map(step => ('page' in step ? step.page : undefined))].filter(
        origin => origin !== undefined,
      ),
    ),
  );

/** What serves pages is loaded for browsers alone: the model has none. */
async function ownBrowsers(options: BrowserOptions): Promise<OpenBrowsers> {
  const { OpenBrowsers } = await import('./open-browsers.ts');
  return new OpenBrowsers(options);
}

/** In a browser whose whole traffic goes through the recording gateway. */
async function runInEngine<T extends PageCase>(
  name: RunEngineName,
  target: PageTarget<T>,
): Promise<PageRun<T>> {
  const { timeoutMs, at, atOnce, upstreams, browsers } = target;
  const pageOrigins = target.pageOrigins ?? pageOriginsOf(await target.cases);
  const own = browsers ? undefined : await ownBrowsers({ timeoutMs, at, atOnce });
  try {
    const opened = await ((browsers ?? own) as OpenBrowsers).open(name, { pageOrigins, upstreams });
    return 'session' in opened ? await runInBrowser(name, opened, target) : await absent(opened, target);
  } finally {
    const closing = own?.close();
    if (closing && target.onClosing) target.onClosing(closing);
    else await closing;
  }
}

async function runInBrowser<T extends PageCase>(
  name: RunEngineName,
  { session, world, pauses }: OpenBrowser,
  target: PageTarget<T>,
): Promise<PageRun<T>> {
  await setCookies(session, world, target);
  const prepare = (one: T) => {
    if (!isOnTarget(one, target)) session.prepare(one.case);
  };
  return runAll(
    target,
    { ...session.info, name },
    (one, pause) => {
      pauses.set(one.case, pause);
      return observeInSession(one, session, target);
    },
    prepare,
  );
}

const isOnTarget = <T extends PageCase>({ case: { page } }: T, { upstreams }: PageTarget<T>): boolean =>
  page !== undefined && upstreams.has(page);

async function observeInSession<T extends PageCase>(
  one: T,
  session: LabSession,
  target: PageTarget<T>,
): Promise<PageOutcome<T>> {
  const inapplicable = (reason: string) => ({ of: one, without: 'not-applicable', reason }) as const;
  if (isOnTarget(one, target)) return inapplicable(`the target itself answers on ${one.case.page}`);
  const missing = abilitiesOf(one.case).filter(ability => session.lacks?.has(ability));
  if (missing.length > 0) return inapplicable(`this engine has no ${missing.join(' and no ')}`);
  if (one.needsHttpCache && cacheless(session.info))
    return inapplicable('WebKitGTK keeps no HTTP cache while it is automated');
  const ran = await session.run(one.case);
  if ('observed' in ran) return { of: one, ...ran.observed };
  if (ran.noPage === 'refused' && one.mayLackPage)
    return inapplicable(`this engine opens no page on ${one.origin}: ${ran.failure}`);
  return { of: one, without: 'harness-error', reason: ran.failure };
}

/**
 * Puts the sample cookies of the cases into the browser, as a visit to the target would have done. Whether a request
 * from another site then carries them is the engine's cookie policy.
 */
async function setCookies<T extends PageCase>(
  session: LabSession,
  world: GatewayWorld,
  target: PageTarget<T>,
): Promise<void> {
  const cases = await target.cases;
  const { upstreams } = target;
  const own = target.setCookie ?? [];
  const named = new Set(own.map(nameOf));
  const cookies = [...new Set(cases.flatMap(({ cookie }) => cookie?.split('; ') ?? []))];
  const others = cookies.filter(cookie => !named.has(nameOf(cookie)));
  if (own.length + others.length === 0) return;
  await world.withPagesOnTarget([...upstreams.keys()], async () => {
    for (const origin of upstreams.keys()) {
      const attributes = origin.startsWith('https:') ? 'Path=/; Secure; SameSite=None' : 'Path=/';
      const lines = [...own, ...others.map(cookie => `${cookie}; ${attributes}`)];
      await session.visit(
        origin,
        lines.map(line => ['Set-Cookie', line] as const),
      );
    }
  });
}

/** The name of a cookie, of its pair or its whole line. */
const nameOf = (cookie: string): string => cookie.slice(0, cookie.indexOf('=')).trim();

async function absent<T extends PageCase>(
  { engine, reason }: AbsentEngine,
  target: PageTarget<T>,
): Promise<PageRun<T>> {
  const cases = await target.cases;
  return { engine, outcomes: cases.map(of => ({ of, without: 'not-run', reason })) };
}
