import assert from 'node:assert/strict';
import test from 'node:test';
import { parseSingleRange } from './range.ts';

test('should parse one range of bytes', () => {
  assert.deepEqual(parseSingleRange('bytes=0-5'), { start: '0', end: '5' });
  assert.deepEqual(parseSingleRange('bytes=0-'), { start: '0', end: null });
  assert.deepEqual(parseSingleRange('bytes=-5'), { start: null, end: '5' });
  assert.deepEqual(parseSingleRange('bytes=007-10'), { start: '7', end: '10' });
  assert.deepEqual(parseSingleRange('bytes=5-5'), { start: '5', end: '5' });
});

test('should refuse what is not one range of bytes', () => {
  for (const value of [
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'BYTES=0-5',
    'bytes =0-5',
    'bytes= 0-5',
    'bytes=0 -5',
    'bytes=\t0-5',
    'bytes=+0-5',
    'bytes=0-5\x0c',
    'bytes=0-1,3-4',
    'bytes=5-0',
    'bytes=10-9',
    `bytes=${'9'.repeat(50)}0-${'9'.repeat(50)}`,
  ]) {
    assert.equal(parseSingleRange(value), null, value);
  }
});
