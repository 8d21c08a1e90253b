/** What Firefox 153 showed of its HTTP cache, as its model must predict it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../harness/case/schema.ts';
import { observeWithModel, predictedSteps } from '../../harness/lab/model.ts';
import { mergeQuirks } from '../../harness/standard/quirks.ts';
import { wireName } from '../../harness/verdict/judge.ts';
import { deviations } from '../deviations.ts';
import { suites } from '../index.ts';

const firefox = mergeQuirks(
  deviations.filter(one => one.engine === 'firefox').flatMap(one => one.asIf ?? []),
);

const caseCalled = (id: string): Case => {
  const found = suites.flatMap(suite => suite.cases).find(one => one.id === id);
  assert.ok(found, id);
  return found;
};

/** The last step as Firefox's model predicts it. */
function lastOf(one: Case) {
  const step = predictedSteps(observeWithModel(one, { quirks: firefox }))?.at(-1);
  assert.ok(step);
  const { settled, body, headers } = step.script;
  const sent = step.exchanges.map(exchange => {
    const [, tag] = exchange.request.headers.find(([name]) => name === 'If-None-Match') ?? [];
    return tag === undefined ? wireName(exchange) : `${wireName(exchange)} ${tag}`;
  });
  return { settled, body, headers, sent };
}

test('should leave out of what is stored only the header that was received empty', () => {
  const { settled, body, headers, sent } = lastOf(caseCalled('cache-empty-line'));
  assert.deepEqual({ settled, body, sent }, { settled: 'resolved', body: 'stored', sent: [] });
  assert.deepEqual(headers, [
    ['cache-control', 'max-age=600'],
    ['content-length', '6'],
  ]);
});

for (const [id, sent] of [
  ['validated-permanent', ['GET hop2 "2"']],
  ['validated-temporary', ['GET hop2 "2"']],
  ['used-permanent', ['GET hop2']],
  ['used-temporary', []],
  ['used-permanent-after-no-store', []],
] as const) {
  test(`should ask after a stored redirect what Firefox asks: ${id}`, () => {
    assert.deepEqual(lastOf(caseCalled(`cache-redirect-cached/${id}`)).sent, sent);
  });
}
