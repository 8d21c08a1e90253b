import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience } from './patience.ts';

test('should wait as long as ever on a machine that does nothing else, and on one that does not say', () => {
  assert.equal(patience(0.4, 2), 1);
  assert.equal(patience(7.7, 2), 1);
  assert.equal(patience(0, 8), 1);
});

test('should wait longer as more processes share a core, within bounds', () => {
  assert.equal(patience(12, 2), 1.5);
  assert.equal(patience(500, 2), 10);
});
