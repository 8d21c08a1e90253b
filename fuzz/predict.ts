/** What the model predicts for a generated case, in short, written into the case as its expectation. */
import { type Case, type RequestStep, showsResponse } from '../harness/case/schema.ts';
import { observeWithModel } from '../harness/lab/model.ts';
import { NO_QUIRKS, type Quirks } from '../harness/standard/quirks.ts';
import { outcomeOf, wireName } from '../harness/verdict/judge.ts';

export type Predicted =
  | { readonly case: Case; readonly leftOut?: undefined }
  /** Why there is nothing to compare. */
  | { readonly case?: undefined; readonly leftOut: string };

/**
 * Predicts a case, step by step. A case with a request that never settles is left out.
 *
 * @param quirks those of the engine that is to run it: the lab waits for the requests that a case expects, and while it
 * waits for those that the Standard calls for and the engine is known not to send, what is remembered for five seconds
 * lapses
 */
export function predictCase(theCase: Case, quirks: Quirks = NO_QUIRKS): Predicted {
  const standard = predictedBy(theCase, NO_QUIRKS);
  if (standard.leftOut !== undefined || quirks === NO_QUIRKS) return standard;
  const own = predictedBy(theCase, quirks);
  return own.leftOut === undefined ? own : standard;
}

function predictedBy(theCase: Case, quirks: Quirks): Predicted {
  const { observation, predictions, notModelled } = observeWithModel(theCase, { quirks });
  if (notModelled !== undefined) return { leftOut: notModelled };
  let requests = 0;
  const steps = theCase.steps.map(step => {
    if ('wait' in step) return step;
    const at = requests++;
    const view = predictions[at]?.prediction.script;
    const seen = observation.steps[at];
    if (!seen || !view) throw new TypeError(`the model has no word on request ${at + 1}`);
    const { result } = seen.script;
    // Without a request, as of an answer from a cache, no engine shows that an error is a block.
    const shown = seen.exchanges.length === 0 && view.outcome === 'blocked' ? 'error' : view.outcome;
    const expect: RequestStep['expect'] = {
      ...(showsResponse(step.request.api)
        ? { outcome: shown, ...(shown === 'blocked' && view.blockedAt && { blockedAt: view.blockedAt }) }
        : { outcome: outcomeOf(seen).outcome, ...(result !== undefined && { result }) }),
      wire: seen.exchanges.map(wireName),
    };
    return { ...step, expect };
  });
  const endless = predictions.some(({ prediction }) => prediction.script.settled === 'unsettled');
  return endless ? { leftOut: 'it never settles' } : { case: { ...theCase, steps } };
}
