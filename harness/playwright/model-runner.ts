/** The model as an engine: no browser, no network, no waiting. */
import type { Case, Suite } from '../case/schema.ts';
import { modelOptions, observeWithModel } from '../lab/model.ts';
import { explainObserved } from '../verdict/explained.ts';
import { judge } from '../verdict/judge.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { makeResult, withoutVerdict } from '../verdict/result.ts';
import type { CaseRunner } from './runner.ts';

/** What a record says of the model. */
export const MODEL: EngineRecord = {
  name: 'model',
  version: '1',
  build: 'the Fetch Standard as harness/standard writes it',
  channel: 'spec',
  os: 'none',
  driver: 'none',
};

/** Deviations are of browsers: what the model shows is held against the case alone. */
export function startModelRunner(): CaseRunner {
  return {
    engine: MODEL,
    prefetch: () => undefined,
    result: async (suite, one) => modelResult(suite, one),
    close: async () => undefined,
  };
}

/** The result of a case on the model. */
export function modelResult(suite: Pick<Suite, 'id'>, one: Case): Result {
  const about = { case: one, suite, engine: 'model' as const };
  if (one.engines && !one.engines.includes('model')) {
    return withoutVerdict(about, 'not-applicable', `this case is for ${one.engines.join(', ')} only`);
  }
  if (one.notModelled !== undefined)
    return withoutVerdict(about, 'not-applicable', `not modelled: ${one.notModelled}`);
  const observed = observeWithModel(one);
  if (observed.notModelled !== undefined) {
    return withoutVerdict(about, 'not-applicable', `not modelled: ${observed.notModelled}`);
  }
  const { steps, durationMs } = observed.observation;
  const checks = judge(observed.scene, steps);
  const explained = explainObserved(observed.scene, steps, checks, modelOptions);
  return makeResult({ case: one, suite, engine: MODEL, steps, checks, durationMs, ...explained }, []);
}
