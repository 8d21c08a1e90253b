import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, Suite } from './schema.ts';
import { select } from './select.ts';

const one = (id: string, slow = false): Case => ({
  id,
  title: id,
  spec: ['https://fetch.spec.whatwg.org/'],
  ...(slow && { slow }),
  steps: [{ request: {}, expect: { outcome: 'readable' } }],
});
const suites: Suite[] = [
  { id: 'alpha', title: 'A', cases: [one('a-1'), one('a-2/fetch'), one('a-2/xhr')] },
  { id: 'beta', title: 'B', cases: [one('b-1'), one('b.2'), one('b-slow', true)] },
];
const ids = (selection: Parameters<typeof select>[1]) =>
  select(suites, selection).flatMap(s => s.cases.map(c => c.id));

test('should keep everything but slow cases by default', () => {
  assert.deepEqual(ids({}), ['a-1', 'a-2/fetch', 'a-2/xhr', 'b-1', 'b.2']);
  assert.ok(ids({ slow: true }).includes('b-slow'));
});

test('should keep slow cases up to a number of minutes', () => {
  const [suite] = suites as [Suite];
  const waiting = (id: string, minutes: number): Case => ({
    ...one(id, true),
    steps: [{ wait: minutes * 60_000 }, ...one(id).steps],
  });
  const some = [{ ...suite, cases: [waiting('ten', 10), waiting('eleven', 11)] }];
  const kept = (slow: true | number) => select(some, { slow }).flatMap(s => s.cases.map(c => c.id));
  assert.deepEqual(kept(10), ['ten']);
  assert.deepEqual(kept(11), ['ten', 'eleven']);
  assert.deepEqual(kept(true), ['ten', 'eleven']);
});

test('should shuffle by the seed alone, and lose nothing', () => {
  const orders = [1, 2, 3, 4, 5].map(shuffle => ids({ shuffle }));
  for (const [i, order] of orders.entries()) {
    assert.deepEqual([...order].sort(), [...ids({})].sort());
    assert.deepEqual(ids({ shuffle: i + 1 }), order);
  }
  assert.ok(new Set(orders.map(String)).size > 1);
});

test('should split into parts that are even, and the whole one after the other', () => {
  for (const of of [1, 2, 3, 4, 5]) {
    const parts = Array.from({ length: of }, (_, n) => ids({ shard: { part: n + 1, of } }));
    assert.deepEqual(parts.flat(), ids({}));
    const sizes = parts.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${of} parts: ${sizes}`);
  }
  assert.deepEqual(ids({ only: ['beta'], shard: { part: 2, of: 2 } }), ['b.2']);
});

test('should hold the same cases in a part, whatever the order', () => {
  const part = (shuffle: number) => ids({ shuffle, shard: { part: 1, of: 2 } }).sort();
  for (const seed of [1, 2, 3]) assert.deepEqual(part(seed), ids({ shard: { part: 1, of: 2 } }).sort());
});

test('should take ids, rows with all variants, suites, suite:id and *', () => {
  assert.deepEqual(ids({ only: ['a-1'] }), ['a-1']);
  assert.deepEqual(ids({ only: ['a-2'] }), ['a-2/fetch', 'a-2/xhr']);
  assert.deepEqual(ids({ only: ['beta'] }), ['b-1', 'b.2']);
  assert.deepEqual(ids({ only: ['beta:b-*'] }), ['b-1']);
  assert.deepEqual(ids({ only: ['*/xhr'] }), ['a-2/xhr']);
});

test('should match a dot as a dot and an id as a whole', () => {
  assert.deepEqual(ids({ only: ['b.1'] }), []);
  assert.deepEqual(ids({ only: ['b.2'] }), ['b.2']);
  assert.deepEqual(ids({ only: ['a'] }), []);
});

test('should skip after selecting, and leave out suites without a case', () => {
  assert.deepEqual(ids({ only: ['alpha', 'beta'], skip: ['a-2', 'b-1'] }), ['a-1', 'b.2']);
  assert.deepEqual(
    select(suites, { skip: ['beta'] }).map(s => s.id),
    ['alpha'],
  );
});
