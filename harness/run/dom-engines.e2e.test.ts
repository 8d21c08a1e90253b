/** Cases in jsdom, from the registry. Skipped, with the reason, where it cannot be had. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviations } from '../../suites/deviations.ts';
import { suites } from '../../suites/index.ts';
import type { Result } from '../verdict/record.ts';
import { startRunner } from './case-runner.ts';
import { prepareEngines } from './engine-instances.ts';
import { CliError } from './exit.ts';

test('should judge what jsdom does, and say what it cannot do', { timeout: 240_000 }, async t => {
  try {
    await prepareEngines(['jsdom@29'], () => undefined);
  } catch (error) {
    if (error instanceof CliError) return t.skip(error.message);
    throw error;
  }
  const runner = await startRunner('jsdom@29', { deviations });
  try {
    const resultOf = (id: string): Promise<Result> => {
      const suite = suites.find(({ cases }) => cases.some(one => one.id === id));
      const theCase = suite?.cases.find(one => one.id === id);
      assert.ok(suite && theCase, id);
      return runner.result(suite, theCase);
    };
    assert.match(runner.engine.version, /^29\./);
    const fetched = await resultOf('acao-star/fetch');
    assert.equal(fetched.verdict, 'not-applicable');
    assert.match(fetched.reason ?? '', /^jsdom 29 has no fetch\(\)$/);
    const json = await resultOf('ct-json/xhr');
    assert.deepEqual(
      json.exchanges.map(({ request }) => request.method),
      ['POST'],
      'it posts JSON without a preflight',
    );
    assert.equal(json.outcome, 'expected', 'as is known of it');
    const ids = [json.deviation?.id, ...(json.alsoDeviates ?? []).map(({ id }) => id)];
    assert.ok(ids.includes('jsdom-safelists-by-name'), ids.join());
    assert.equal((await resultOf('acao-missing/xhr')).observed?.outcome, 'blocked');
  } finally {
    await runner.close();
  }
});
