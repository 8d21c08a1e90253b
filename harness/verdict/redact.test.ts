import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from '../wire/secrets.ts';
import { redactAll, secretsIn } from './redact.ts';

test('should replace what goes by a secret name, whatever holds it', () => {
  assert.deepEqual(
    redactAll({
      line: ['Authorization', 'Bearer abc'],
      changes: [
        {
          headers: [
            { name: 'X-Api-Key', before: ['a'], after: [] },
            { name: 'Vary', before: ['Origin'] },
          ],
        },
      ],
      headers: { 'X-Partner': 'abc', Accept: 'text/html' },
      cookies: { a: 'b' },
      text: 'see https://me:pass@host/?token=x&page=2',
    }),
    {
      line: ['Authorization', 'Bearer [redacted 3 bytes]'],
      changes: [
        {
          headers: [
            { name: 'X-Api-Key', before: ['[redacted 1 byte]'], after: [] },
            { name: 'Vary', before: ['Origin'] },
          ],
        },
      ],
      headers: { 'X-Partner': '[redacted 3 bytes]', Accept: 'text/html' },
      cookies: { a: '[redacted 1 byte]' },
      text: 'see https://[redacted 2 bytes]:[redacted 4 bytes]@host/?token=[redacted 1 byte]&page=2',
    },
  );
});

test('should leave the words of the format alone', () => {
  const record = { role: 'preflight', outcome: 'expected', text: 'the preflight' };
  assert.deepEqual(redactAll(record, new Secrets(['preflight'])), {
    ...record,
    text: 'the [redacted 9 bytes]',
  });
});

test('should take secrets out of names of members that are no words', () => {
  const secrets = new Secrets(['tok-12345', 'exactly']);
  const record = { exactly: { 'GET /items?key=tok-12345': ['x'], 'GET /a?token=abc': ['y'] } };
  assert.deepEqual(redactAll(record, secrets), {
    exactly: { 'GET /items?key=[redacted 9 bytes]': ['x'], 'GET /a?token=[redacted 3 bytes]': ['y'] },
  });
});

test('should find the secrets that data declares by their names', () => {
  const secrets = secretsIn([
    ['Authorization', 'Bearer abcdef1'],
    { name: 'X-Auth', value: 'abcdef2' },
    { requestHeaders: { 'x-session': 'abcdef3' } },
    '/path?api_key=abcdef4',
  ]);
  assert.equal(
    secrets.hide('abcdef1 abcdef2 abcdef3 abcdef4 abcdef5'),
    `${'[redacted 7 bytes] '.repeat(4)}abcdef5`,
  );
});
