import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofText } from './configuration-text.ts';
import {
  enginesOfPolicies,
  type GalleryEntry,
  isProven,
  mergeGalleryRecords,
  type PolicyProof,
} from './gallery-record.ts';
import { requireStack } from './index.ts';

const proof = (engines: readonly string[], changes: Partial<PolicyProof> = {}): PolicyProof => ({
  policy: 'public',
  engines,
  found: [],
  announced: [],
  proven: true,
  ...changes,
});

const entry = (changes: Partial<GalleryEntry> = {}): GalleryEntry => ({
  date: '2026-01-01',
  stack: 'a',
  title: 'A',
  ecosystem: 'npm',
  versions: { a: '1.0.0' },
  engines: [{ name: 'model', version: '1' }],
  policies: [proof(['model'])],
  mutations: [{ mistake: 'm', policy: 'public', wanted: 'x', found: ['x'], proven: true }],
  ...changes,
});

const merge = (before: GalleryEntry, after: GalleryEntry) =>
  mergeGalleryRecords({ entries: [before] }, { entries: [after] }, ['a']).entries[0] as GalleryEntry;

test('a later run in another engine should add to what the first one proved', () => {
  const later = entry({
    date: '2026-01-02',
    engines: [{ name: 'firefox', version: '140' }],
    policies: [proof(['firefox']), proof(['firefox'], { policy: 'two-resources' })],
    mutations: [],
  });
  const merged = merge(entry(), later);
  assert.equal(merged.date, '2026-01-02');
  assert.deepEqual(
    merged.policies.map(one => [one.policy, one.engines]),
    [
      ['public', ['model', 'firefox']],
      ['two-resources', ['firefox']],
    ],
  );
  assert.deepEqual(
    merged.engines.map(one => one.name),
    ['firefox', 'model'],
  );
  assert.equal(merged.mutations.length, 1);
  assert.ok(isProven(merged));
});

test('a later run that finds something else should not be outvoted', () => {
  const later = entry({
    policies: [proof(['firefox'], { proven: false, found: [{ rule: 'x', severity: 'error' }] })],
  });
  const merged = merge(entry(), later);
  assert.deepEqual(merged.policies[0]?.engines, ['firefox']);
  assert.equal(isProven(merged), false);
  const announced = merge(entry(), entry({ policies: [proof(['webkit'], { announced: ['x'] })] }));
  assert.deepEqual(announced.policies[0]?.engines, ['webkit']);
});

test('another release, and a stack that could not be run, should begin anew', () => {
  const other = entry({ versions: { a: '2.0.0' }, policies: [proof(['webkit'])] });
  assert.deepEqual(merge(entry(), other).policies[0]?.engines, ['webkit']);
  const missing = entry({ notRun: 'no npm here', policies: [] });
  assert.equal(merge(entry(), missing).notRun, 'no npm here');
  assert.equal(isProven(missing), false);
});

test('a record should keep the order of the stacks and forget those that are gone', () => {
  const record = mergeGalleryRecords(
    { entries: [entry({ stack: 'gone' }), entry({ stack: 'b' })] },
    { entries: [entry({ stack: 'a' })] },
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    record.entries.map(one => one.stack),
    ['a', 'b'],
  );
});

test('an engine that saw only some of the policies should be told apart', () => {
  const some = entry({
    policies: [proof(['model', 'firefox']), proof(['model'], { policy: 'two-resources' })],
  });
  assert.deepEqual(enginesOfPolicies(some), { all: ['model'], some: ['firefox'] });
  const text = proofText(requireStack('express'), some);
  assert.match(text, /kept 2 of 2 policies on a 1\.0\.0 \(2026-01-01; model; some of them in firefox\)/);
});
