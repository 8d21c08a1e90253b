import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from './secrets.ts';

const SECRET = 'pä$$/w+rd "1"\\x';
const NOTE = '[redacted 15 bytes]';

test('should replace a value in every encoding that a run makes', () => {
  const secrets = new Secrets([SECRET]);
  for (const encoded of [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    new URLSearchParams({ a: SECRET }).toString().slice(2),
    Buffer.from(SECRET).toString('latin1'),
  ])
    assert.equal(secrets.hide(`<${encoded}>`), `<${NOTE}>`, encoded);
});

test('should replace a value inside base64, wherever it stands in the encoded text', () => {
  const secrets = new Secrets(['S3cret-value!']);
  for (const before of ['', 'a', 'ab', 'user:'])
    for (const after of ['', 'x', 'xyz'])
      for (const alphabet of ['base64', 'base64url'] as const) {
        const hidden = secrets.hide(Buffer.from(`${before}S3cret-value!${after}`).toString(alphabet));
        assert.match(hidden, /\[redacted 13 bytes\]/);
        assert.doesNotMatch(Buffer.from(hidden, 'base64').toString(), /cret-val/);
      }
});

test('should know what stands behind a scheme, and the password inside Basic', () => {
  const secrets = new Secrets([
    `Basic ${Buffer.from('me:hunter2hunter2').toString('base64')}`,
    'Bearer tok3n-1',
  ]);
  assert.equal(secrets.hide('hunter2hunter2, tok3n-1'), '[redacted 14 bytes], [redacted 7 bytes]');
});

test('should replace the beginning of a value that was cut off', () => {
  const value = 'abcdefghijklmnopqrstuvwxyz';
  assert.equal(new Secrets([value]).hide('saw abcdefghijklmnop…'), 'saw [redacted 26 bytes]…');
});

test('should replace the longer of two values that begin alike', () => {
  assert.equal(new Secrets(['secret', 'secret-1']).hide('secret-1'), '[redacted 8 bytes]');
});

test('should leave short values and words of the protocol where they are', () => {
  const secrets = new Secrets([
    '',
    'abc',
    'true',
    'include',
    'application/json',
    '12345',
    'Bearer cors-conformance',
  ]);
  const text = 'abc true include application/json 12345 npx cors-conformance';
  assert.equal(secrets.hide(text), text);
});

test('should not change a text a second time', () => {
  const secrets = new Secrets(['redacted', 'bytes]x']);
  assert.equal(secrets.hide(secrets.hide('a bytes]x b')), secrets.hide('a bytes]x b'));
});
