import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlowSteps } from './slow-steps.ts';

/** Steps on a clock of their own, and what is said of them. */
function steps() {
  const said: string[] = [];
  let now = 0;
  const slow = new SlowSteps(
    line => said.push(line),
    () => now,
  );
  const take = (title: string, work: number, ms: readonly number[]) =>
    slow.take({ title, work }, tick => {
      for (const one of ms) {
        now += one;
        tick();
      }
      return title;
    });
  return { said, take };
}

test('should say nothing of steps that take a second each', () => {
  const { said, take } = steps();
  assert.equal(take('first', 1, [300, 300, 400]), 'first');
  take('second', 1.5, [1_500]);
  take('third', 0.4, [400]);
  assert.deepEqual(said, []);
});

test('should say once what a step is that has taken two seconds', () => {
  const { said, take } = steps();
  take('first', 1, [1_900, 200, 5_000]);
  assert.deepEqual(said, ['first']);
});

test('should say before a step that it will take long at the pace of the one before, and only then', () => {
  const { said, take } = steps();
  take('first', 1, [1_500]);
  take('second', 2, [3_000]);
  take('third', 0.5, [750]);
  assert.deepEqual(said, ['second']);
});
