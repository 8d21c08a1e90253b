/** The model as an engine: no browser, no network, no waiting. */
import type { Case, Suite } from '../case/schema.ts';
import { observeWithModel } from '../lab/model.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { withoutVerdict } from '../verdict/result.ts';
import type { CaseRunner } from './case-runner.ts';
import { conclude, notForEngine } from './conclude.ts';

/** What a record says of the model. */
export const MODEL: EngineRecord = {
  name: 'model',
  version: '1',
  build: 'the Fetch Standard itself, no browser',
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
  const about = { case: one, suite, engine: MODEL };
  const elsewhere = notForEngine(about);
  if (elsewhere) return elsewhere;
  const notModelled = (reason: string) =>
    withoutVerdict({ ...about, engine: 'model' }, 'not-applicable', `not modelled: ${reason}`);
  if (one.notModelled !== undefined) return notModelled(one.notModelled);
  const observed = observeWithModel(one);
  return observed.notModelled === undefined ? conclude(about, observed) : notModelled(observed.notModelled);
}
