import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becauseOfLimits, tooLittle } from './limits.ts';

const GIB = 1024 ** 3;

test('should say what is too little for browsers, and what to do', () => {
  assert.match(tooLittle({ memory: 0.25 * GIB, files: 1024 }), /^only 256 MB of memory .* --engine/);
  assert.match(tooLittle({ memory: 8 * GIB, files: 64 }), /^only 64 files .* "ulimit -n 1024"$/);
  assert.match(becauseOfLimits({ memory: GIB, files: 64 }), /^ \(only 1024 MB .*; only 64 files .*\)$/);
});

test('should say nothing where there is enough, or where that is not known', () => {
  assert.equal(tooLittle({ memory: 2 * GIB, files: 256 }), '');
  assert.equal(becauseOfLimits({ memory: 2 * GIB }), '');
});
