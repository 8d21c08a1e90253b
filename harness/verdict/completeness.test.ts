import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proseFaults } from '../case/prose.test-support.ts';
import { incompletenessOf, mergeCompleteness } from './completeness.ts';
import type { RunRecord } from './record.ts';

const run = (more: Partial<RunRecord['run']> = {}): RunRecord['run'] => ({
  started: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  command: 'run',
  host: 'h',
  ...more,
});
const shard = (of: number, ...has: number[]) => run({ shards: { of, has } });

describe('incompletenessOf', () => {
  it('should say nothing of a whole run', () => {
    assert.equal(incompletenessOf({ run: run() }), null);
    assert.equal(incompletenessOf({ run: shard(2, 1, 2) }), null);
  });
  it('should tell a part, a merge without its rest, and a run that was cut short', () => {
    const said = (one: RunRecord['run']) => {
      const found = incompletenessOf({ run: one });
      return [found?.sentence, found?.fails];
    };
    assert.deepEqual(said(shard(4, 1)), ['Part 1 of 4 of a run.', false]);
    assert.deepEqual(said(run({ shards: { of: 4, has: [1, 3], merged: true } })), [
      'Parts 1 and 3 of 4 of a run: parts 2 and 4 are missing.',
      true,
    ]);
    assert.deepEqual(said(run({ interrupted: { done: 120, of: 4554 } })), [
      'Interrupted after 120 of 4,554 results.',
      true,
    ]);
    for (const one of [shard(4, 1), run({ interrupted: { done: 0, of: 3 }, shards: { of: 2, has: [2] } })])
      assert.deepEqual(proseFaults(incompletenessOf({ run: one })?.sentence ?? '', { kind: 'sentence' }), []);
  });
});

describe('mergeCompleteness', () => {
  const engine = (name: string) => ({ name }) as RunRecord['engines'][number];
  const of = (one: RunRecord['run'], ...engines: string[]) => ({ run: one, engines: engines.map(engine) });
  const merge = (...runs: RunRecord['run'][]) => mergeCompleteness(runs.map(one => of(one, 'model')));

  it('should be whole with every part, and name what is missing without', () => {
    assert.deepEqual(merge(shard(2, 2), shard(2, 1)), {});
    assert.deepEqual(merge(run(), run()), {});
    assert.deepEqual(merge(shard(3, 3), shard(3, 1)), { shards: { of: 3, has: [1, 3], merged: true } });
    assert.deepEqual(merge(shard(3, 1)).shards?.merged, true);
  });
  it('should be whole only if every engine has every part', () => {
    const firefox = of(shard(2, 1), 'firefox');
    const chromium = [of(shard(2, 1), 'chromium'), of(shard(2, 2), 'chromium')];
    assert.deepEqual(mergeCompleteness([...chromium, firefox, of(shard(2, 2), 'firefox')]), {});
    assert.deepEqual(mergeCompleteness([...chromium, firefox]).shards, { of: 2, has: [1], merged: true });
    const apart = mergeCompleteness([firefox, of(shard(2, 2), 'chromium')]);
    assert.equal(
      incompletenessOf({ run: run(apart) })?.sentence,
      'None of 2 parts in every engine of a run: parts 1 and 2 are missing.',
    );
  });
  it('should keep that a part was interrupted', () => {
    const cut = { interrupted: { done: 1, of: 10 } };
    assert.deepEqual(merge(run(cut), run(), run(cut)), { interrupted: { done: 2, of: 20 } });
  });
});
