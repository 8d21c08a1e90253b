import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunEnded } from '../run/run-ended.ts';
import { unlessInterrupted } from './interrupted.ts';

const testInfo = (): { status: 'passed' | 'interrupted' } => ({ status: 'passed' });

test('should wait for what ends', async () => {
  assert.equal(await unlessInterrupted(testInfo(), wait => wait(Promise.resolve(1))), 1);
});

test('should wait no longer for what goes on after an interrupt', async () => {
  const info = testInfo();
  const endless = new Promise<void>(() => undefined);
  const ended = unlessInterrupted(info, wait => wait(endless));
  info.status = 'interrupted';
  await assert.rejects(ended, RunEnded);
});

test('should let work keep what had ended before an interrupt', async () => {
  const info = testInfo();
  const kept = await unlessInterrupted(info, async wait => {
    const first = await wait(Promise.resolve('first'));
    info.status = 'interrupted';
    try {
      return [first, await wait(new Promise<string>(() => undefined))];
    } catch {
      return [first];
    }
  });
  assert.deepEqual(kept, ['first']);
});
