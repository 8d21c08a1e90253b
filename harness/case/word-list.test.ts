import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordList } from './word-list.ts';

test('should join words', () => {
  assert.equal(wordList(['a', 'b', 'c']), 'a, b and c');
  assert.equal(wordList([1, 2], 'or'), '1 or 2');
  assert.equal(wordList(['a']), 'a');
  assert.equal(wordList([]), '');
});
