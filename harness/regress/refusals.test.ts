import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Exchange } from '../wire/exchange.ts';
import type { PageProbe, PlainProbe } from './plan.ts';
import { counterpartsOf, refusedSide } from './refusals.ts';
import type { PageRunPair, PlainRun } from './runs.ts';

const exchange = (status: number) =>
  ({
    role: 'actual',
    request: { method: 'POST', url: 'https://server.example/', headers: [] },
    response: { status, headers: [] },
    end: 'complete',
  }) as unknown as Exchange;

type Statuses = readonly [before: number, after: number];

const page = (originKind: PageProbe['originKind'], statuses: Statuses, method = 'POST'): PageRunPair =>
  ({
    probe: {
      kind: 'page',
      ...{ originKind, origin: 'https://a.example', path: '/', method },
      ...{ shape: method, interpretation: 'single', sides: ['before', 'after'] },
    },
    engine: 'model',
    steps: statuses.map(status => ({ script: {}, exchanges: [exchange(status)] })),
  }) as unknown as PageRunPair;

const plain = ([before, after]: Statuses): PlainRun => ({
  probe: {
    kind: 'plain',
    originKind: 'none',
    origin: null,
    path: '/',
    method: 'GET',
  } as unknown as PlainProbe,
  exchanges: { before: exchange(before), after: exchange(after) },
});

const refused = (
  own: Statuses,
  { listed, none, method }: { listed?: Statuses; none?: Statuses; method?: string } = {},
) =>
  refusedSide(
    page('unlisted', own, method),
    counterpartsOf([...(listed ? [page('listed', listed, method)] : []), ...(none ? [plain(none)] : [])]),
  );

describe('refusedSide', () => {
  test('should find a request that only some origins are refused', () => {
    assert.equal(refused([403, 200], { listed: [200, 200] }), 'before');
    assert.equal(refused([200, 403], { listed: [200, 200] }), 'after');
    // A callback that fails for an origin that is not listed makes a 500 of it in Express.
    assert.equal(refused([500, 200], { listed: [200, 200] }), 'before');
    assert.equal(refused([403, 204], { none: [200, 200], method: 'GET' }), 'before');
  });

  test('should not take for it what happens to everyone', () => {
    for (const both of [
      [404, 200],
      [500, 200],
      [401, 200],
      [200, 403],
    ] as const)
      assert.equal(refused(both, { listed: both }), null, both.join(' → '));
    assert.equal(refused([401, 200], { none: [401, 200], method: 'GET' }), null);
    assert.equal(refused([403, 401], { listed: [200, 200] }), null);
    assert.equal(refused([200, 204], { listed: [200, 200] }), null);
  });

  test('should go by the status where nobody else was asked the same', () => {
    assert.equal(refused([403, 200]), 'before');
    assert.equal(refused([401, 200], { none: [200, 200] }), 'before', 'a GET says nothing of a POST');
    assert.equal(refused([404, 200]), null);
    assert.equal(refused([500, 200]), null);
  });
});
