/** Holds what an engine showed of a predicted case against the prediction. */
import type { StepObservation } from '../../harness/case/observation.ts';
import type { Case, RequestStep } from '../../harness/case/schema.ts';
import type { Scene } from '../../harness/case/script.ts';
import type { Observed } from '../../harness/lab/lab.ts';
import { judgeStep } from '../../harness/verdict/judge.ts';
import type { Check } from '../../harness/verdict/record.ts';

/** The first step at which an engine differs from the model. What follows it has another past. */
export interface Difference {
  readonly case: Case;
  /** With the addresses of the run that showed it. */
  readonly scene: Scene;
  /** Index into the case's steps. */
  readonly index: number;
  readonly step: RequestStep;
  readonly failed: readonly Check[];
  readonly observed: StepObservation;
}

/** @returns the first difference, or null where the engine showed just what was predicted */
export function differenceOf({ scene, observation }: Observed): Difference | null {
  for (const [index, step] of scene.case.steps.entries()) {
    if ('wait' in step) continue;
    const observed = observation.steps.find(one => one.step === index);
    if (!observed) throw new TypeError(`step ${index + 1} was not observed`);
    const failed = judgeStep(scene, step, observed).filter(check => !check.ok);
    if (failed.length > 0) return { case: scene.case, scene, index, step, failed, observed };
  }
  return null;
}

/** What would be left of a difference if the model had been given another case: null where all of it would go. */
export function differenceAsIf(difference: Difference, predicted: Case): Difference | null {
  const { scene, index, observed } = difference;
  const step = predicted.steps[index];
  if (!step || 'wait' in step) throw new TypeError(`step ${index + 1} makes no request`);
  const failed = judgeStep(scene, step, observed).filter(check => !check.ok);
  return failed.length === 0 ? null : { ...difference, step, failed };
}
