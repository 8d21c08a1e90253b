/** From checks to a result: the verdict, and whether it is what this engine was known to show. */

import { describeCase } from '../case/describe.ts';
import type { ScriptReport, StepObservation } from '../case/observation.ts';
import type { Case, CaseClass, Suite } from '../case/schema.ts';
import type { Explanation } from '../standard/explain.ts';
import { boundedExchange, boundedLines } from '../wire/bounds.ts';
import type { EngineComparison } from './compare-engine.ts';
import { type Deviation, explains, isAsSeen, namedIn, ofEngine } from './deviations.ts';
import { outcomeOf, requestSteps } from './judge.ts';
import type { Check, EngineRecord, Result, VerdictName } from './record.ts';
import { isAside } from './whole.ts';

/** Classes whose failure is the engine's: the others are only reported. */
const BINDING: ReadonlySet<CaseClass> = new Set<CaseClass>(['must', 'wire']);

export interface Judged {
  readonly case: Case;
  readonly suite: Pick<Suite, 'id'>;
  readonly engine: EngineRecord;
  /** The list of deviations was never held against this build. Default false. */
  readonly uncovered?: boolean;
  readonly steps: readonly StepObservation[];
  readonly checks: readonly Check[];
  readonly explanation?: readonly Explanation[];
  readonly fault?: Result['fault'];
  readonly durationMs: number;
  /** How everything that was seen compares with the model, if the model can run the case. */
  readonly comparison?: EngineComparison | undefined;
  /** The case's checks of what the engine's model predicts. */
  readonly predictedChecks?: readonly Check[] | undefined;
  /** The checks of the case on what the Standard's model predicts. */
  readonly standardChecks?: readonly Check[] | undefined;
  /** Puts the addresses of this run in the place of placeholders. */
  readonly fill?: (text: string) => string;
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

/** What a result comes to, given what is known of its engine. */
interface Classification {
  readonly verdict: VerdictName;
  readonly outcome: Result['outcome'];
  readonly cited?: Deviation | undefined;
  /** Further deviations that show in the result. */
  readonly also: readonly Deviation[];
}

/** The result of a case that ran. */
export function makeResult(judged: Judged, deviations: readonly Deviation[]): Result {
  const { case: theCase, engine, steps } = judged;
  const checks = allChecks(judged);
  const { verdict, outcome, cited, also } = classify(judged, checks, deviations);
  const requests = requestSteps(theCase);
  const index = deciding(theCase, checks);
  const { expect, request } = (requests[index] ?? (requests[0] as (typeof requests)[0])).step;
  const observed = steps[index] ?? steps.at(-1);
  return {
    case: caseRecord(judged),
    engine: engine.name,
    expected: { outcome: expect.outcome, ...(expect.blockedAt && { blockedAt: expect.blockedAt }) },
    observed: observed
      ? { ...outcomeOf(observed, request.atOnce), script: steps.map(step => tidy(step.script)) }
      : null,
    exchanges: steps.flatMap(({ step, exchanges }) =>
      exchanges.map(exchange => ({ step, ...boundedExchange(exchange) }) as Result['exchanges'][number]),
    ),
    checks,
    verdict,
    outcome,
    ...(judged.fault && { fault: judged.fault }),
    ...(cited && { deviation: cite(cited) }),
    ...(also.length > 0 && { alsoDeviates: also.map(cite) }),
    explanation: [...(judged.explanation ?? [])],
    durationMs: judged.durationMs,
  };
}

const cite = ({ id, what, link }: Deviation) => ({ id, what, link });

/**
 * The case's own checks, and what else differs from the Standard's model: what plays no part in the CORS protocol only
 * if no known deviation accounts for it, nothing if the own checks tell of the deviation already, and where the known
 * deviations predict a part of what was seen, only the rest.
 */
function allChecks({ checks, comparison }: Judged): Check[] {
  if (!comparison || comparison.differences.length === 0) return [...checks];
  const failed = new Set(checks.flatMap(({ id, ok }) => (ok ? [] : [id])));
  if (comparison.predicted && failed.size > 0) return [...checks];
  const more = comparison.differences.filter(
    check => !failed.has(check.id) && !(comparison.predicted && isAside(check)),
  );
  const rest = more.filter(({ id }) => comparison.left?.has(id) ?? true);
  return [...checks, ...(rest.length + failed.size > 0 ? rest : more)];
}

function classify(
  judged: Judged,
  checks: readonly Check[],
  deviations: readonly Deviation[],
): Classification {
  const { case: theCase, suite, engine, comparison, uncovered = false } = judged;
  const failed = checks.filter(check => !check.ok);
  const binding = BINDING.has(theCase.class ?? 'must');
  const verdict = verdictOf(failed.length > 0, binding);
  const listed = namedIn(ofEngine(deviations, engine), suite.id, theCase.id);
  const shown = comparison?.shown ?? [];
  const byChecks = listed.filter(
    deviation => !comparison || !deviation.asIf || shown.some(one => one.deviation === deviation),
  );
  const applied = byChecks.filter(deviation => failed.some(check => explains(deviation, check)));
  const recorded = listed.find(({ seen }) => seen?.[theCase.id]);
  if (recorded && failed.length > 0 && !comparison?.predicted)
    return { verdict, outcome: asRecorded(recorded, judged, failed), cited: recorded, also: [] };
  const accountedFor = (check: Check): boolean =>
    applied.some(deviation => explains(deviation, check)) || isPredicted(check, judged);
  const gone = byChecks.find(
    ({ checks: named, asIf }) => named && !asIf && !failed.some(check => explains({ checks: named }, check)),
  );
  const stale = gone ?? recorded ?? (binding ? comparison?.stale[0] : undefined);
  const main = [
    ...new Set([...shown.flatMap(({ deviation, aside }) => (aside ? [] : deviation)), ...applied]),
  ];
  const asides = shown.flatMap(({ deviation, aside }) => (aside ? deviation : []));
  if (verdict === 'fail' && !failed.every(accountedFor)) {
    if (uncovered && !asksForMore(failed, judged)) return { verdict, outcome: 'unlisted', also: [] };
    return { verdict, outcome: 'regression', cited: main[0], also: [...main.slice(1), ...asides] };
  }
  if (stale && !uncovered) return { verdict, outcome: 'stale', cited: stale, also: [] };
  return { verdict, outcome: 'expected', cited: main[0], also: [...main.slice(1), ...asides] };
}

/** The outcome of a case of which everything is recorded. */
function asRecorded(recorded: Deviation, judged: Judged, failed: readonly Check[]): Result['outcome'] {
  const { case: theCase, uncovered = false, fill = text => text } = judged;
  const binding = BINDING.has(theCase.class ?? 'must');
  if (!binding || isAsSeen(recorded, theCase.id, failed, fill)) return 'expected';
  return uncovered ? 'unlisted' : 'regression';
}

function verdictOf(failed: boolean, binding: boolean): VerdictName {
  if (!failed) return 'pass';
  return binding ? 'fail' : 'info';
}

/**
 * The engine's model fails the same check in the same way, and the Standard's does not: a check that fails by the
 * Standard itself asks for what no engine has to do, and no deviation accounts for that.
 */
function isPredicted(
  check: Check,
  { comparison, predictedChecks = [], standardChecks = [] }: Judged,
): boolean {
  if (!comparison?.predicted) return false;
  if (failsIn(check, standardChecks)) return false;
  return failsIn(check, predictedChecks) || comparison.differences.some(({ id }) => id === check.id);
}

/** The case asks for what the Standard does not do: no build of any engine is to blame. */
const asksForMore = (failed: readonly Check[], { standardChecks }: Judged): boolean =>
  failed.some(check => failsIn(check, standardChecks));

const failsIn = (check: Check, checks: readonly Check[] = []): boolean =>
  checks.some(({ id, ok, observed }) => id === check.id && !ok && observed === check.observed);

const tidy = (script: ScriptReport): ScriptReport => ({
  ...script,
  ...(script.headers && { headers: boundedLines(script.headers) }),
  durationMs: Math.round(script.durationMs * 10) / 10,
});

/** The result of a case that gave no verdict. Harness trouble is never expected; the rest always is. */
export function withoutVerdict(
  about: Pick<Judged, 'case' | 'suite'> & { readonly engine: EngineRecord['name'] },
  verdict: 'not-run' | 'not-applicable' | 'harness-error',
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
