import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarError, readHar } from './har.ts';

const headers = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).map(([name, value]) => ({ name, value }));

const entry = (method: string, url: string, request: Readonly<Record<string, string>>, status = 200) => ({
  request: { method, url, headers: headers(request) },
  response: { status, headers: [] },
});

const har = (...entries: unknown[]) => JSON.stringify({ log: { version: '1.2', entries } });

const origin = { Origin: 'https://app.example' };
const URL_X = 'https://api.example/x';

test('should find the CORS requests, each with its preflight', () => {
  const found = readHar(
    har(
      entry('GET', 'https://app.example/', {}),
      entry('POST', 'https://app.example/own', origin),
      entry('PUT', URL_X, origin),
      entry('OPTIONS', URL_X, { ...origin, 'Access-Control-Request-Method': 'PUT' }, 204),
      entry('GET', URL_X, origin),
    ),
  );
  assert.deepEqual(
    found.map(({ origin: page, actual, preflight }) => [
      page,
      actual?.request.method,
      preflight?.response.status,
    ]),
    [
      ['https://app.example', 'PUT', 204],
      ['https://app.example', 'GET', undefined],
    ],
  );
});

test('should keep a preflight whose request was never sent', () => {
  const [only, ...others] = readHar(
    har(entry('OPTIONS', URL_X, { ...origin, 'Access-Control-Request-Method': 'PUT' }, 404)),
  );
  assert.equal(others.length, 0);
  assert.equal(only?.actual, undefined);
  assert.equal(only?.preflight?.response.status, 404);
});

test('should say what is wrong with a file that is not HAR', () => {
  assert.throws(() => readHar('<html>'), new HarError('it is not JSON'));
  assert.throws(() => readHar('{}'), HarError);
  assert.throws(() => readHar(har({ request: {} })), /log\.entries\.0\.request\.method/);
});
