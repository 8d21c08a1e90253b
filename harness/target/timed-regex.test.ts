import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesInTime } from './timed-regex.ts';

test('should match as a regular expression does, and give up one that would never end', () => {
  assert.equal(matchesInTime('^listening on \\d+$', 'listening on 80'), true);
  assert.equal(matchesInTime('^listening on \\d+$', 'listening'), false);
  assert.equal(matchesInTime('^(a+)+$', `${'a'.repeat(60)}!`, 20), undefined);
  assert.throws(() => matchesInTime('(', ''), /Unterminated group/);
});
