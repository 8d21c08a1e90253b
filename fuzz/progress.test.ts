import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { untilTimeIsUp } from './progress.ts';

test('should run seed after seed until the time is up, and go on from there the next time', async () => {
  const out = mkdtempSync(join(tmpdir(), 'fuzz-progress-'));
  try {
    let time = 0;
    const seeds: number[] = [];
    const run = async (seed: number) => {
      seeds.push(seed);
      time += 40_000;
      return 0;
    };
    assert.deepEqual(await untilTimeIsUp({ out, seed: 7, minutes: 2 }, run, () => time), [0, 0, 0]);
    await untilTimeIsUp({ out, seed: 7, minutes: 0 }, run, () => time);
    await untilTimeIsUp({ out, seed: 100, minutes: 0 }, run, () => time);
    assert.deepEqual(seeds, [7, 8, 9, 10, 100]);
  } finally {
    rmSync(out, { recursive: true });
  }
});
