/** Why a case ended as it did, and whose doing that was, told by replaying what was recorded through the model. */

import type { StepObservation } from '../case/observation.ts';
import type { BoundCase } from '../case/script.ts';
import type { Explanation } from '../standard/explain.ts';
import { explain } from '../standard/explain.ts';
import type { UserAgentOptions } from '../standard/user-agent.ts';
import type { EngineComparison } from './compare-engine.ts';
import { outcomeOf } from './judge.ts';
import type { Check, Result } from './record.ts';
import { type Replay, type Replayed, replay } from './replay.ts';
import { isAside } from './whole.ts';

/** Checks of what the engine sends, over which no server has a say. */
const SENT = /^(?:\d+\.)?(?:request-|preflight-header|access-control-request-|connections|[A-Z]+ ?[^:]*:)/;

const deviates = (scene: BoundCase, difference: string): ResultExplanation => ({
  fault: 'engine',
  explanation: [
    {
      text: `The engine deviates from the Standard: ${difference}.`,
      ...(scene.case.spec[0] && { spec: scene.case.spec[0] }),
    },
  ],
});

export interface ResultExplanation {
  readonly explanation: readonly Explanation[];
  /** server: by the Standard its answers lead to what was seen. engine: they do not. none: all went through, as expected. */
  readonly fault?: NonNullable<Result['fault']>;
}

export interface ExplainOptions extends UserAgentOptions {
  /** How everything that was seen compares with the model: then it is known whether the engine deviates. */
  readonly comparison?: EngineComparison | undefined;
  /** What the model made of the same steps, where it is the model that was observed: that cannot differ from itself. */
  readonly predictions?: readonly Replayed[] | undefined;
}

/**
 * Explains the step that decided: the first with a failed check or that the engine did otherwise, else the last.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export function explainObserved(
  scene: BoundCase,
  observed: readonly StepObservation[],
  checks: readonly Check[],
  { comparison, predictions, ...options }: ExplainOptions = {},
): ResultExplanation {
  const deviation = comparison?.differences.find(check => !isAside(check));
  if (deviation) return deviates(scene, inWords(deviation));
  const replayed: Replay = predictions
    ? { fault: 'server', steps: predictions }
    : replay(scene, observed, options);
  if (replayed.fault === 'unknown') return { explanation: [] };
  const failed = checks.find(check => !check.ok);
  const number = observed.length > 1 && failed ? Number.parseInt(failed.id, 10) : observed.length;
  const last = replayed.steps[Math.min(number, replayed.steps.length) - 1];
  if (!last) return { explanation: [] };
  if (replayed.fault === 'engine' && !comparison) {
    return deviates(scene, last.difference ?? 'at a later step');
  }
  if (failed && checks.every(check => check.ok || SENT.test(check.id))) {
    return deviates(scene, inWords(failed));
  }
  const stopped = observed.some(step => !['readable', 'opaque'].includes(outcomeOf(step).outcome));
  return { fault: stopped || failed ? 'server' : 'none', explanation: explain(last.prediction) };
}

const inWords = ({ id, expected, observed }: Check): string =>
  `${id}: ${observed} in the engine, ${expected} by the Standard`;
