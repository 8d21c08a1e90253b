import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUrl } from './url.ts';

test('should know a URL with a Latin-1 letter, however often it was asked', () => {
  // Enough for the code to be optimized: Node 20's own test for it then answers otherwise.
  for (let times = 0; times < 100_000; times++) assert.ok(isUrl('https://a.example'));
  assert.ok(isUrl('https://bücher.example/'));
  assert.ok(!isUrl('bücher'));
  assert.ok(isUrl('bücher', 'https://a.example/'));
});
