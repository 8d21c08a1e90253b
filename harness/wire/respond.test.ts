import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRaw } from './respond.ts';

test('should read back a raw answer as clients read it', () => {
  assert.deepEqual(readRaw('HTTP/1.1 200 OK\r\nA:\r\n 1\r\na: 2\r\n\r\nbody\r\n\r\n'), {
    status: 200,
    reason: 'OK',
    headers: [
      ['A', '1'],
      ['a', '2'],
    ],
    bodyBytes: 8,
    body: 'body\r\n\r\n',
  });
  assert.equal(readRaw('HTTP/1.0 404\n\n')?.status, 404);
});

test('should read back nothing of what is no answer', () => {
  for (const raw of ['', 'no HTTP\r\n\r\n', 'HTTP/1.1 200 OK\r\nA: 1\r\n'])
    assert.equal(readRaw(raw), null, raw);
});
