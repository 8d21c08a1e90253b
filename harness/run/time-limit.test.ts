import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atMost, withinLimit } from './time-limit.ts';

const never = new Promise<never>(() => undefined);
const going = new AbortController().signal;
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('atMost', () => {
  test('should give what ends, and not wait for what does not', async () => {
    assert.equal(await atMost(Promise.resolve('done'), 60_000), 'done');
    assert.equal(await atMost(never, 1), 'late');
    await assert.rejects(atMost(Promise.reject(new Error('own'))), /own/);
  });
});

describe('withinLimit', () => {
  test('should give what is done, and throw what the work throws', async () => {
    assert.equal(await withinLimit(going, 60_000, async () => 'done'), 'done');
    await assert.rejects(
      withinLimit(going, 60_000, () => Promise.reject(new Error('own'))),
      /own/,
    );
  });

  test('should end work at its limit by a signal', async () => {
    assert.equal(await withinLimit(going, 1, untilAborted), 'late');
  });

  test('should throw the reason of who interrupts', async () => {
    const interrupt = new AbortController();
    const work = withinLimit(interrupt.signal, 60_000, untilAborted);
    interrupt.abort(new Error('interrupted'));
    await assert.rejects(work, /interrupted/);
  });
});
