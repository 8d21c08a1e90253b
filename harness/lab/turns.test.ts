import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TurnOptions, Turns } from './turns.ts';

const started = (turns: Turns, log: string[], name: string, options: TurnOptions = {}) => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>(resolve => {
    finish = resolve;
  });
  const taken = turns.take(() => {
    log.push(name);
    return done;
  }, options);
  return { finish, taken };
};

type Started = ReturnType<typeof started>;

test('should give out turns in the order in which they were asked for', async () => {
  const log: string[] = [];
  const turns = new Turns(1);
  const all = ['a', 'b', 'c'].map(name => started(turns, log, name));
  for (const { finish, taken } of all) {
    finish();
    await taken;
  }
  assert.deepEqual(log, ['a', 'b', 'c']);
});

test('should let what continues go before what has not begun', async () => {
  const log: string[] = [];
  const turns = new Turns(1);
  const first = started(turns, log, 'first');
  const later = started(turns, log, 'later');
  const next = started(turns, log, 'next', { next: true });
  for (const { finish, taken } of [first, next, later]) {
    finish();
    await taken;
  }
  assert.deepEqual(log, ['first', 'next', 'later']);
});

test('should run exclusive work alone, and in its turn', async () => {
  const log: string[] = [];
  const turns = new Turns(2);
  const [a, b] = ['a', 'b'].map(name => started(turns, log, name)) as [Started, Started];
  const alone = turns.take(async () => void log.push('alone'), { exclusive: true });
  const after = started(turns, log, 'after');
  a.finish();
  await a.taken;
  assert.deepEqual(log, ['a', 'b'], 'b still has a turn');
  b.finish();
  await alone;
  after.finish();
  await after.taken;
  assert.deepEqual(log, ['a', 'b', 'alone', 'after']);
});

test('should share the turn of slow work', async () => {
  const turns = new Turns(1);
  let finish: () => void = () => undefined;
  const slow = turns.take(
    () =>
      new Promise<void>(resolve => {
        finish = resolve;
      }),
    { shareAfterMs: 10 },
  );
  await turns.take(async () => finish(), { shareAfterMs: 10 });
  await slow;
});

test('should give the turn back if the work fails', async () => {
  const turns = new Turns(1);
  await assert.rejects(
    turns.take(async () => {
      throw new Error('on purpose');
    }),
    /on purpose/,
  );
  assert.equal(await turns.take(async () => 'next'), 'next');
});
