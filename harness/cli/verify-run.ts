/** Runs the cases derived from a policy, in one engine or on the model. */
import type { Observation } from '../case/observation.ts';
import type { Scene } from '../case/script.ts';
import { findEngines } from '../engine/find.ts';
import type { EngineName, FoundEngine } from '../engine/types.ts';
import { type GatewayWorld, startGatewayWorld } from '../lab/gateway-world.ts';
import { observeLive } from '../lab/live-model.ts';
import { modelOptions } from '../lab/model.ts';
import { Session } from '../lab/session.ts';
import { MODEL } from '../playwright/model-runner.ts';
import type { Derived, DerivedCase } from '../policy/derived.ts';
import type { CaseRun } from '../policy/symptoms.ts';
import { explainObserved } from '../verdict/explained.ts';
import { judge, outcomeOf } from '../verdict/judge.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { absentEngine, makeResult, withoutVerdict } from '../verdict/result.ts';
import type { Upstream } from '../wire/gateway.ts';

export interface VerifyTarget {
  readonly derived: Derived;
  /** By the serialized origins under which pages know the target. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Throws when the target has gone: the run then ends. */
  readonly checkAlive: () => void;
  readonly onResult: (engine: string, result: Result) => void;
}

export interface EngineRun {
  readonly engine: EngineRecord;
  readonly runs: readonly CaseRun[];
  readonly results: readonly Result[];
}

/** Pages come from this machine: one that is not there by then will not come. */
const PAGE_MS = 8_000;

/** Every attacker is a page of its own: a browser with dozens of them open gets slow. */
const MAX_PAGES = 10;

/** While a case runs, the pages of so many cases behind it open. */
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
const cacheless = ({ channel }: Session['info']): boolean => channel === 'webkitgtk';

/** Cases are filed under the policy's resource that they are about. */
const suiteOf = ({ about }: DerivedCase) => ({ id: about.resource });

type Seen = { readonly scene: Scene; readonly observation: Observation } | { readonly without: Result };

async function runAll(
  target: VerifyTarget,
  engine: EngineRecord,
  observe: (one: DerivedCase) => Promise<Seen>,
  prepare: (one: DerivedCase) => void = () => undefined,
): Promise<EngineRun> {
  const runs: CaseRun[] = [];
  const results: Result[] = [];
  const { cases } = target.derived;
  for (const [i, derived] of cases.entries()) {
    target.checkAlive();
    for (const next of cases.slice(i + 1, i + 1 + AHEAD)) prepare(next);
    const seen = await observe(derived);
    target.checkAlive();
    if ('without' in seen) results.push(seen.without);
    else {
      const { steps, durationMs } = seen.observation;
      const checks = judge(seen.scene, steps);
      const explained = explainObserved(seen.scene, steps, checks, modelOptions);
      results.push(
        makeResult(
          { case: derived.case, suite: suiteOf(derived), engine, steps, checks, durationMs, ...explained },
          [],
        ),
      );
      runs.push({
        derived,
        engine: engine.name,
        steps: steps.map(observation => ({ outcome: outcomeOf(observation).outcome, observation })),
      });
    }
    target.onResult(engine.name, results.at(-1) as Result);
  }
  return { engine, runs, results };
}

/** Without a browser: the model sends its own requests. Waits cost no time. */
export function verifyWithModel(target: VerifyTarget): Promise<EngineRun> {
  const { upstreams, timeoutMs } = target;
  return runAll(target, MODEL, async one => {
    const { cookie } = one.about;
    const seen = await observeLive(one.case, {
      upstreams,
      timeoutMs,
      ...(cookie !== undefined && { cookie }),
    });
    if (seen.notModelled === undefined) return seen;
    const about = { case: one.case, suite: suiteOf(one), engine: 'model' as const };
    return { without: withoutVerdict(about, 'not-applicable', `not modelled: ${seen.notModelled}`) };
  });
}

/** In a browser whose whole traffic goes through the recording gateway. */
export async function verifyInEngine(name: EngineName, target: VerifyTarget): Promise<EngineRun> {
  const [found] = findEngines({ names: [name] });
  if (!found?.found) return absent(name, target, found?.reason ?? 'unknown engine', found?.fix);
  const pageOrigins = new Set(
    target.derived.cases.flatMap(({ case: one }) =>
      [one.page, ...one.steps.map(step => ('page' in step ? step.page : undefined))].filter(
        page => page !== undefined,
      ),
    ),
  );
  const world = await startGatewayWorld({ pageOrigins, upstreams: target.upstreams });
  try {
    const session = await startSession(found, world, target.timeoutMs);
    if (typeof session === 'string') return absent(name, target, session);
    try {
      await setCookies(session, world, target);
      const isTarget = ({ case: one }: DerivedCase) =>
        one.page !== undefined && target.upstreams.has(one.page);
      const observe = async (one: DerivedCase): Promise<Seen> => {
        const about = { case: one.case, suite: suiteOf(one), engine: name };
        if (isTarget(one)) {
          const why = `the target itself answers on ${one.case.page}`;
          return { without: withoutVerdict(about, 'not-applicable', why) };
        }
        if (one.about.check === 'cache-ladder' && cacheless(session.info)) {
          const why = 'WebKitGTK keeps no HTTP cache while it is automated';
          return { without: withoutVerdict(about, 'not-applicable', why) };
        }
        const ran = await session.run(one.case);
        if (!('trouble' in ran)) return ran.observed;
        const impossible = ran.noPage && one.about.attacker;
        const why = impossible
          ? `this engine opens no page on ${one.about.origin}: ${ran.trouble}`
          : ran.trouble;
        return { without: withoutVerdict(about, impossible ? 'not-applicable' : 'harness-error', why) };
      };
      const prepare = (one: DerivedCase) => {
        if (!isTarget(one)) session.prepare(one.case);
      };
      return await runAll(target, { ...session.info }, observe, prepare);
    } finally {
      await session.close();
    }
  } finally {
    await world.close();
  }
}

/**
 * Puts the policy's sample cookies into the browser, as a visit to the target would have done. Whether a request
 * from another site then carries them is the engine's cookie policy.
 */
async function setCookies(
  session: Session,
  world: GatewayWorld,
  { derived, upstreams }: VerifyTarget,
): Promise<void> {
  const cookies = new Set(derived.cases.flatMap(({ about }) => about.cookie?.split('; ') ?? []));
  if (cookies.size === 0) return;
  await world.withPagesOnTarget(async () => {
    for (const origin of upstreams.keys()) {
      const attributes = origin.startsWith('https:') ? 'Path=/; Secure; SameSite=None' : 'Path=/';
      await session.visit(
        origin,
        [...cookies].map(cookie => ['Set-Cookie', `${cookie}; ${attributes}`] as const),
      );
    }
  });
}

async function startSession(
  found: Extract<FoundEngine, { found: true }>,
  world: GatewayWorld,
  stepMs: number,
): Promise<Session | string> {
  try {
    return await Session.start(found, world, {
      launch: { proxy: world.proxy, cancelChallenges: true },
      strictTurns: true,
      stepMs,
      pageMs: PAGE_MS,
      maxPages: MAX_PAGES,
    });
  } catch (error) {
    return `${found.label} could not be started: ${(error as Error).message.split('\n')[0]}`;
  }
}

function absent(name: EngineName, target: VerifyTarget, reason: string, fix?: string): EngineRun {
  const engine = absentEngine(name, reason, fix);
  const results = target.derived.cases.map(one =>
    withoutVerdict({ case: one.case, suite: suiteOf(one), engine: name }, 'not-run', reason),
  );
  return { engine, runs: [], results };
}
