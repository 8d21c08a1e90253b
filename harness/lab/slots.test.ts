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

type Started = ReturnType<typeof started>;

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

test('who holds all slots is alone, and waits for its turn', async () => {
  const log: string[] = [];
  const slots = new Slots(2);
  const [a, b] = ['a', 'b'].map(name => started(slots, log, name)) as [Started, Started];
  const alone = slots.useAll(async () => void log.push('alone'));
  const after = started(slots, log, 'after');
  a.finish();
  await a.used;
  assert.deepEqual(log, ['a', 'b'], 'b still holds a slot');
  b.finish();
  await alone;
  after.finish();
  await after.used;
  assert.deepEqual(log, ['a', 'b', 'alone', 'after']);
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
