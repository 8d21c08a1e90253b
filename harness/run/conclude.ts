/** From an observation to a result: judge, explain, result. Every run ends its cases here, whatever observed them. */
import { familyOf } from '../case/engine-name.ts';
import type { Observation, StepObservation } from '../case/observation.ts';
import type { Case, Suite } from '../case/schema.ts';
import { type BoundCase, fill, resourcesOf } from '../case/script.ts';
import { modelOptions, observeWithModel, predictedSteps } from '../lab/model.ts';
import type { ModelObserved } from '../lab/model-steps.ts';
import { compareWithModel, type EngineComparison } from '../verdict/compare-engine.ts';
import { type Deviation, isCovered, nearestListed, ofEngine } from '../verdict/deviations.ts';
import { explainObserved } from '../verdict/explain-result.ts';
import { judge, requestSteps } from '../verdict/judge.ts';
import type { EngineRecord, Result, RunEngineName } from '../verdict/record.ts';
import { replay } from '../verdict/replay.ts';
import { makeResult, withoutVerdict } from '../verdict/result.ts';

/** What a result is about: a case, the suite (or the policy's resource) that it is filed under, and the engine. */
export interface ResultSubject {
  readonly case: Case;
  readonly suite: Pick<Suite, 'id'>;
  readonly engine: EngineRecord;
}

/**
 * Judges an observation against its case, explains it by replaying its exchanges through the model, and makes the
 * result of both. For what an engine shows of a scripted case, all of it is compared with what the model predicts. What
 * is not listed for an engine's build cites the deviation that shows in the same way in the nearest version, if one does.
 *
 * @param deviations what engines are known to do otherwise; left out for what is held against a policy, and for the model
 * @throws ScriptError if the case itself cannot be bound
 */
export function conclude(about: ResultSubject, seen: SeenCase, deviations?: readonly Deviation[]): Result {
  const result = judged(about, seen, deviations);
  if (result.outcome !== 'unlisted' || deviations === undefined) return result;
  const near = nearestListed(about.engine, deviations);
  const there = near && judged({ ...about, engine: near }, seen, deviations);
  return there?.outcome === 'expected' && there.deviation
    ? { ...result, deviation: there.deviation }
    : result;
}

/**
 * Whether a case may have failed for nothing but the time that passed: a request of it has a time limit, which may have
 * passed before what the case is about; a reset follows what has left of an answer, and script may have come to read
 * after it; or, given the same answers when they were given, the Standard does what was seen. With a scripted server,
 * only a busy machine explains that.
 */
export function failedByDelay({ scene, observation }: SeenCase, { outcome }: Result): boolean {
  if (outcome === 'expected') return false;
  const steps = requestSteps(scene.case);
  if (steps.some(({ step, index }) => step.request.timeoutMs !== undefined || isReset(scene.case, index)))
    return true;
  return steps.length > 1 && replay(scene, observation.steps, modelOptions).fault === 'server';
}

const isReset = (theCase: Case, stepIndex: number): boolean =>
  Object.values(resourcesOf(theCase, stepIndex)).some(({ preflight = [], actual = [] }) =>
    [preflight, actual].flat().some(({ fault }) => fault === 'reset-in-body'),
  );

/** A case as it was bound and what became of it. */
interface SeenCase {
  readonly scene: BoundCase;
  readonly observation: Observation;
  /** Of the model: what it did, step by step. */
  readonly predictions?: ModelObserved['predictions'];
}

function judged(
  about: ResultSubject,
  { scene, observation, predictions }: SeenCase,
  deviations: readonly Deviation[] | undefined,
): Result {
  const { steps, durationMs } = observation;
  const checks = judge(scene, steps);
  const comparison = deviations && compared(about, scene, steps, deviations);
  const failed = checks.some(({ ok }) => !ok);
  const predictedChecks = comparison?.predicted && failed ? judge(scene, comparison.predicted) : undefined;
  const standardChecks = comparison && failed ? judge(scene, comparison.standard) : undefined;
  const explained = explainObserved(scene, steps, checks, { ...modelOptions, comparison, predictions });
  const uncovered = deviations !== undefined && !isCovered(about.engine, deviations);
  return makeResult(
    {
      ...about,
      uncovered,
      steps,
      checks,
      durationMs,
      comparison,
      predictedChecks,
      standardChecks,
      fill: text => filled(text, scene),
      ...explained,
    },
    deviations ?? [],
  );
}

/** The text with the addresses of this run, as the first step sees them. */
function filled(text: string, scene: BoundCase): string {
  const [first] = requestSteps(scene.case);
  return first ? fill(text, scene, first.step) : text;
}

function compared(
  { case: theCase, suite, engine }: ResultSubject,
  scene: BoundCase,
  steps: readonly StepObservation[],
  deviations: readonly Deviation[],
): EngineComparison | undefined {
  if (theCase.notModelled !== undefined) return undefined;
  return compareWithModel(
    { suite: suite.id, caseId: theCase.id, steps },
    ofEngine(deviations, engine),
    quirks => predictedSteps(observeWithModel(theCase, { scene, quirks })),
  );
}

/** The result of a case that is for other engines only; undefined if it is for this one. */
export function notForEngine(about: ResultSubject): Result | undefined {
  const { case: theCase, engine } = about;
  if (appliesTo(theCase, engine.name)) return undefined;
  const reason = `this case is for ${theCase.engines?.join(', ')} only`;
  return withoutVerdict({ ...about, engine: engine.name }, 'not-applicable', reason);
}

/** Whether a case is meant for an engine. */
export const appliesTo = (theCase: Case, engine: RunEngineName): boolean =>
  !theCase.engines || theCase.engines.some(family => family === familyOf(engine));
