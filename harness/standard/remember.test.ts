import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptIn, remembered } from './remember.ts';

test('should make something of the same object once, also nothing', () => {
  let made = 0;
  const nothing = remembered((_key: object) => {
    made++;
    return null;
  });
  const key = {};
  assert.equal(nothing(key), null);
  assert.equal(nothing(key), null);
  assert.equal(made, 1);
  nothing({});
  assert.equal(made, 2);
});

test('should keep in a map what was made for a key', () => {
  const map = new Map<string, number>();
  assert.equal(
    keptIn(map, 'a', () => 1),
    1,
  );
  assert.equal(
    keptIn(map, 'a', () => 2),
    1,
  );
  assert.deepEqual([...map], [['a', 1]]);
});
