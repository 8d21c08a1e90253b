/** From checks to a result: the verdict, and whether it is what this engine was known to show. */
import { describeCase } from '../case/describe.ts';
import type { ScriptReport, StepObservation } from '../case/observation.ts';
import type { Case, CaseClass, Suite } from '../case/schema.ts';
import { concerns, type Deviation, explains } from './deviations.ts';
import { outcomeOf, requestSteps } from './judge.ts';
import type { Check, EngineRecord, Explanation, Result, VerdictName } from './record.ts';

/** Classes whose failure is the engine's: the others are only reported. */
const BINDING: ReadonlySet<CaseClass> = new Set<CaseClass>(['must', 'wire']);

export interface Judged {
  readonly case: Case;
  readonly suite: Pick<Suite, 'id'>;
  readonly engine: EngineRecord;
  readonly steps: readonly StepObservation[];
  readonly checks: readonly Check[];
  readonly explanation?: readonly Explanation[];
  readonly fault?: Result['fault'];
  readonly durationMs: number;
}

const caseRecord = ({ case: one, suite }: Pick<Judged, 'case' | 'suite'>): Result['case'] => ({
  id: one.id,
  suite: suite.id,
  title: one.title,
  class: one.class ?? 'must',
  spec: [...one.spec],
  ...(one.because !== undefined && { because: one.because }),
  ...(one.links && { links: [...one.links] }),
  text: describeCase(one),
});

/** The step that decided: the first with a failed check, else the last. Index among the request steps. */
function deciding(theCase: Case, checks: readonly Check[]): number {
  const steps = requestSteps(theCase).length;
  if (steps === 1) return 0;
  const failed = checks.find(check => !check.ok);
  return failed ? Number.parseInt(failed.id, 10) - 1 : steps - 1;
}

/** The result of a case that ran. */
export function makeResult(judged: Judged, deviations: readonly Deviation[]): Result {
  const { case: one, suite, engine, steps, checks } = judged;
  const failed = checks.filter(check => !check.ok);
  const binding = BINDING.has(one.class ?? 'must');
  const verdict: VerdictName = failed.length === 0 ? 'pass' : binding ? 'fail' : 'info';
  const known = deviations.filter(deviation => concerns(deviation, suite.id, one.id, engine));
  const applied = known.find(deviation => failed.some(check => explains(deviation, check)));
  const explained = failed.every(check => known.some(deviation => explains(deviation, check)));
  const stale = known.find(deviation => !failed.some(check => explains(deviation, check)));
  const outcome = verdict === 'fail' && !explained ? 'regression' : stale ? 'stale' : 'expected';
  const cited = stale && outcome === 'stale' ? stale : applied;

  const requests = requestSteps(one);
  const index = deciding(one, checks);
  const { expect } = (requests[index] ?? (requests[0] as (typeof requests)[0])).step;
  const observed = steps[index] ?? steps.at(-1);
  return {
    case: caseRecord(judged),
    engine: engine.name,
    expected: { outcome: expect.outcome, ...(expect.blockedAt && { blockedAt: expect.blockedAt }) },
    observed: observed ? { ...outcomeOf(observed), script: steps.map(step => tidy(step.script)) } : null,
    exchanges: steps.flatMap(({ step, exchanges }) =>
      exchanges.map(exchange => ({ step, ...exchange }) as Result['exchanges'][number]),
    ),
    checks: [...checks],
    verdict,
    outcome,
    ...(judged.fault && { fault: judged.fault }),
    ...(cited && { deviation: { id: cited.id, what: cited.what, link: cited.link } }),
    explanation: [...(judged.explanation ?? [])],
    durationMs: judged.durationMs,
  };
}

const tidy = (script: ScriptReport): ScriptReport => ({
  ...script,
  durationMs: Math.round(script.durationMs * 10) / 10,
});

/** The result of a case that gave no verdict. Harness trouble is never expected; the rest always is. */
export function withoutVerdict(
  about: Pick<Judged, 'case' | 'suite'> & { readonly engine: EngineRecord['name'] },
  verdict: 'not-run' | 'not-applicable' | 'blocked' | 'harness-error',
  reason: string,
): Result {
  const expect = requestSteps(about.case)[0]?.step.expect;
  return {
    case: caseRecord(about),
    engine: about.engine,
    expected: { outcome: expect?.outcome ?? 'readable' },
    observed: null,
    exchanges: [],
    checks: [],
    verdict,
    outcome: verdict === 'harness-error' ? 'regression' : 'expected',
    explanation: [],
    reason,
    durationMs: 0,
  };
}

/** The record of an engine that did not run, with the reason and the command that would get it. */
export function absentEngine(name: EngineRecord['name'], notRun: string, fix?: string): EngineRecord {
  const nothing = { version: '', build: '', channel: '', os: '', driver: '' };
  return { name, ...nothing, notRun, ...(fix !== undefined && { fix }) };
}
