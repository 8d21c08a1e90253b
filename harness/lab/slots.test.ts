import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slots } from './slots.ts';

const started = (slots: Slots, log: string[], name: string, ahead = false) => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>(resolve => {
    finish = resolve;
  });
  const used = slots.use(
    () => {
      log.push(name);
      return done;
    },
    Number.POSITIVE_INFINITY,
    ahead,
  );
  return { finish, used };
};

test('holders take turns in the order in which they came', async () => {
  const log: string[] = [];
  const slots = new Slots(1);
  const all = ['a', 'b', 'c'].map(name => started(slots, log, name));
  for (const { finish, used } of all) {
    finish();
    await used;
  }
  assert.deepEqual(log, ['a', 'b', 'c']);
});

test('what is ahead does not queue behind what has not begun', async () => {
  const log: string[] = [];
  const slots = new Slots(1);
  const first = started(slots, log, 'first');
  const later = started(slots, log, 'later');
  const next = started(slots, log, 'next', true);
  for (const { finish, used } of [first, next, later]) {
    finish();
    await used;
  }
  assert.deepEqual(log, ['first', 'next', 'later']);
});

test('a slow holder hands its turn on', async () => {
  const slots = new Slots(1);
  let finish: () => void = () => undefined;
  const slow = slots.use(
    () =>
      new Promise<void>(resolve => {
        finish = resolve;
      }),
    10,
  );
  await slots.use(async () => finish(), 10);
  await slow;
});
