import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bisectionSentence } from './bisection.ts';

const found = { last: '1.0.0', first: '1.3.0', skipped: ['1.1.0', '1.2.0'], elsewhere: ['put'] };

test('should name what was found, what could not be tried, and what changed elsewhere', () => {
  assert.equal(
    bisectionSentence('cors', found, ['0.9.0', '2.0.0']),
    'cors 1.3.0 is the first release that differs; 1.0.0 is the last before it. Between them, 1.1.0 and 1.2.0 could not be tried. What else differs between 0.9.0 and 2.0.0 changed in other releases: put.',
  );
  assert.equal(
    bisectionSentence('cors', { ...found, skipped: [], elsewhere: [] }, ['0.9.0', '2.0.0']),
    'cors 1.3.0 is the first release that differs; 1.0.0 is the last before it.',
  );
});

test('should name only a few of many requests', () => {
  const elsewhere = Array.from({ length: 138 }, (_, i) => `get-${i}`);
  const sentence = bisectionSentence('cors', { ...found, elsewhere }, ['0.9.0', '2.0.0']);
  assert.match(sentence, /: get-0, get-1, .*, get-7 and 130 more requests\.$/);
});
