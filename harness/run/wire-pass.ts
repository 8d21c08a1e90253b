/** Asks a server everything that a policy calls for, without a browser: the model's pages and plain requests. */
import { asPage } from '../lab/as-browser.ts';
import { observeLive } from '../lab/live-model.ts';
import type { ModelObserved } from '../lab/model-steps.ts';
import type { PageAttempt, WireProbe } from '../policy/attempts.ts';
import type { PolicyCheck } from '../policy/checks/check.ts';
import { type Derived, followUps } from '../policy/derive.ts';
import { PolicyEvidence } from '../policy/evidence.ts';
import type { PolicyPlan } from '../policy/plan.ts';
import { LOGIN_AGAIN } from '../policy/session.ts';
import type { PolicyCaseRun, ProbeRun } from '../policy/trial.ts';
import { outcomeOf } from '../verdict/judge.ts';
import type { Upstream } from '../wire/gateway.ts';
import type { PacedWire } from './paced-wire.ts';
import { sideBySide } from './side-by-side.ts';

export interface WireTarget {
  readonly plan: PolicyPlan;
  readonly derived: Derived;
  readonly checks: readonly PolicyCheck[];
  /** By the serialized origins under which pages know the target. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly wire: PacedWire;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Throws when the target has gone: the run then ends. */
  readonly checkAlive: () => void;
  readonly onCase?: (attempt: PageAttempt, observed: ModelObserved) => void;
}

export interface WirePass {
  readonly runs: readonly PolicyCaseRun[];
  readonly probes: readonly ProbeRun[];
  readonly evidence: PolicyEvidence;
}

/** As many as a browser has under way to one server. */
const AT_ONCE = 6;

/** What is asked because of an answer may call for one more question. */
const ROUNDS = 2;

/** Servers that answer in turn are only seen through by requests that come in turn. */
const isAlone = ({ about }: PageAttempt): boolean => about.ask === 'repeat';

const send = (
  probes: readonly WireProbe[],
  { plan, upstreams, wire, timeoutMs, checkAlive }: WireTarget,
): Promise<ProbeRun[]> =>
  sideBySide(
    probes,
    { atOnce: AT_ONCE, isAlone: one => one.alone === true },
    async (probe): Promise<ProbeRun> => {
      checkAlive();
      const upstream = upstreams.get(plan.base) as Upstream;
      return { probe, exchange: await wire.ask(asPage(probe.request), { upstream, timeoutMs }) };
    },
  );

/**
 * Asks what pages met since calls for: whether the login is still accepted, unless the wire pass has asked that.
 * @param runs of pages
 * @throws what `checkAlive` throws
 */
export async function askAfterPages(
  target: WireTarget,
  pass: WirePass,
  runs: readonly PolicyCaseRun[],
): Promise<ProbeRun[]> {
  const { plan, checks } = target;
  if (runs.length === 0 || pass.evidence.of(LOGIN_AGAIN).length > 0) return [];
  const seen = new PolicyEvidence(plan, { runs: [...pass.runs, ...runs], probes: pass.probes });
  return send(
    followUps(plan, seen, checks).filter(({ about }) => about.ask === LOGIN_AGAIN),
    target,
  );
}

/** @throws what `checkAlive` throws */
export async function askOnWire(target: WireTarget): Promise<WirePass> {
  const { plan, derived, checks, upstreams, wire, timeoutMs, checkAlive, onCase } = target;
  // What an HTTP cache does is for browsers to show.
  const cases = derived.cases.filter(one => one.case.notModelled === undefined);
  const ordered = [...cases].sort((a, b) => Number(isAlone(b)) - Number(isAlone(a)));
  const observed = await sideBySide(ordered, { atOnce: AT_ONCE, isAlone }, async attempt => {
    checkAlive();
    const { cookie } = attempt.about;
    const seen = await observeLive(attempt.case, {
      upstreams,
      timeoutMs,
      send: wire.ask,
      ...(cookie !== undefined && { cookie }),
    });
    onCase?.(attempt, seen);
    return seen;
  });
  const byCase = new Map(ordered.map((attempt, index) => [attempt, observed[index] as ModelObserved]));
  const runs = cases.flatMap((attempt): PolicyCaseRun[] => {
    const seen = byCase.get(attempt);
    if (!seen || seen.notModelled !== undefined) return [];
    const steps = seen.observation.steps.map(step => ({
      outcome: outcomeOf(step).outcome,
      observation: step,
    }));
    return [{ derived: attempt, engine: 'model', steps }];
  });
  const probes = await send(derived.probes, target);
  const asked = new Set(probes.map(({ probe }) => probe.id));
  for (let round = 0; round < ROUNDS; round++) {
    const seen = new PolicyEvidence(plan, { runs, probes });
    const more = followUps(plan, seen, checks).filter(({ id }) => !asked.has(id));
    if (more.length === 0) break;
    for (const { id } of more) asked.add(id);
    probes.push(...(await send(more, target)));
  }
  checkAlive();
  const { limitedAfter } = wire;
  const ran = { runs, probes, ...(limitedAfter !== undefined && { limitedAfter }) };
  return { runs, probes, evidence: new PolicyEvidence(plan, ran) };
}
