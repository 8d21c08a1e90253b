/** Holds what an engine showed of a generated case against the model, and against the engine's known deviations. */
import type { Observation, StepObservation } from '../harness/case/observation.ts';
import type { Case } from '../harness/case/schema.ts';
import type { BoundCase } from '../harness/case/script.ts';
import type { ObservedCase } from '../harness/lab/lab.ts';
import { modelOptions, observeWithModel, predictedSteps } from '../harness/lab/model.ts';
import type { Quirks } from '../harness/standard/quirks.ts';
import { compareWithModel } from '../harness/verdict/compare-engine.ts';
import { type Deviation, ofEngine } from '../harness/verdict/deviations.ts';
import type { Check, EngineRecord } from '../harness/verdict/record.ts';
import { replay } from '../harness/verdict/replay.ts';

/** A case in which an engine differs from the model. */
export interface ModelDifference {
  readonly case: Case;
  /** With the addresses of the run that showed it. */
  readonly scene: BoundCase;
  readonly observation: Observation;
  readonly differences: readonly Check[];
  /** The known deviations that predict exactly what was seen; empty if none do. */
  readonly explainedBy: readonly Deviation[];
  /** Known deviations that would show here, and do not. */
  readonly stale: readonly Deviation[];
}

/** @returns null where the engine showed just what the model predicts, and nothing else was to be expected of it */
export function differenceOf(
  { scene, observation }: ObservedCase,
  engine: EngineRecord,
  deviations: readonly Deviation[],
): ModelDifference | null {
  const comparison = compareWithModel(
    { suite: 'fuzz', caseId: scene.case.id, steps: observation.steps },
    ofEngine(deviations, engine),
    quirks => predictedSteps(observeWithModel(scene.case, { scene, quirks })),
  );
  if (!comparison) throw new TypeError(`${scene.case.id}: the model has no word on it`);
  const { differences, shown, stale } = comparison;
  if (differences.length === 0 && stale.length === 0) return null;
  const explainedBy = shown.map(one => one.deviation);
  return { case: scene.case, scene, observation, differences, explainedBy, stale };
}

/**
 * Whether an engine showed something else for nothing but the time that passed between steps, on a busy machine: given
 * the same answers when they were given, what is known of it predicts just that; given them all at once, it does not.
 *
 * @param quirks all that is known of the engine
 */
export function cameLate({ scene, observation }: ObservedCase, quirks: Quirks): boolean {
  if (scene.case.steps.length < 2 || scene.case.steps.some(step => 'wait' in step)) return false;
  const isPredicted = (steps: readonly StepObservation[]) =>
    replay(scene, steps, { ...modelOptions, httpCache: true, quirks }).fault === 'server';
  const atOnce = observation.steps.map(step => ({
    ...step,
    exchanges: step.exchanges.map(one => ({ ...one, startedMs: 0, endedMs: 0 })),
  }));
  return isPredicted(observation.steps) && !isPredicted(atOnce);
}
