import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grouped, wordList } from './words.ts';

test('should join words', () => {
  assert.equal(wordList(['a', 'b', 'c']), 'a, b and c');
  assert.equal(wordList([1, 2], 'or'), '1 or 2');
  assert.equal(wordList(['a']), 'a');
  assert.equal(wordList([]), '');
});

test('should group digits', () => {
  for (const n of [0, 7, 999, 1000, 12_345, 123_456, 1_234_567])
    assert.equal(grouped(n), n.toLocaleString('en-US'));
});
