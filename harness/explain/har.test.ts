import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarError, readHar, recordedRequestOf } from './har.ts';
import type { HarExchange } from './har-entry.ts';

const headers = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).map(([name, value]) => ({ name, value }));

const entry = (
  method: string,
  url: string,
  request: Readonly<Record<string, string>>,
  status = 200,
  response: Readonly<Record<string, string>> = {},
) => ({
  request: { method, url, headers: headers(request) },
  response: { status, headers: headers(response) },
});

const har = (...entries: unknown[]) => JSON.stringify({ log: { version: '1.2', entries } });

const origin = { Origin: 'https://app.example' };
const URL_X = 'https://api.example/x';

test('should find the CORS requests, each with its preflight', () => {
  const { exchanges: found } = readHar(
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
  const { exchanges } = readHar(
    har(entry('OPTIONS', URL_X, { ...origin, 'Access-Control-Request-Method': 'PUT' }, 404)),
  );
  const [only, ...others] = exchanges;
  assert.equal(others.length, 0);
  assert.equal(only?.actual, undefined);
  assert.equal(only?.preflight?.response.status, 404);
});

test('should say what is wrong with a file that is not HAR', () => {
  assert.throws(() => readHar('<html>'), new HarError('it is not JSON'));
  assert.throws(() => readHar('{}'), HarError);
  assert.throws(() => readHar(har({ request: {} })), /log\.entries\.0\.request\.method/);
});

test('should leave out what CORS has no say in, and count it', () => {
  const form = { ...origin, 'Content-Type': 'application/x-www-form-urlencoded' };
  const { exchanges, leftOut } = readHar(
    har(
      entry('POST', URL_X, { ...form, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }),
      { ...entry('POST', 'http://api.example/x', form), _resourceType: 'document' },
      entry('POST', 'http://api.example/x', { ...form, 'Upgrade-Insecure-Requests': '1' }),
      entry('GET', 'wss://api.example/ws', { ...origin, Upgrade: 'websocket' }, 101),
      entry('GET', 'https://api.example/ws', { ...origin, 'Sec-Fetch-Mode': 'websocket' }, 101),
      { ...entry('GET', 'https://api.example/ws', origin, 101), _resourceType: 'websocket' },
      entry('POST', URL_X, { ...origin, 'Sec-Fetch-Mode': 'no-cors' }, 204),
      { ...entry('POST', 'http://api.example/x', origin), _resourceType: 'ping' },
      // An image with the crossorigin attribute.
      { ...entry('GET', URL_X, { ...origin, 'Sec-Fetch-Mode': 'cors' }), _resourceType: 'image' },
      { ...entry('POST', URL_X, { ...origin, 'Sec-Fetch-Mode': 'cors' }), _resourceType: 'ping' },
    ),
  );
  assert.deepEqual(leftOut, [
    ...['navigation', 'navigation', 'navigation'],
    ...['WebSocket', 'WebSocket', 'WebSocket'],
    ...['no-cors', 'no-cors'],
  ]);
  assert.deepEqual(
    exchanges.map(({ actual }) => actual?.request.method),
    ['GET', 'POST'],
  );
});

const allowAll = { 'Access-Control-Allow-Origin': '*' };
const LOGIN = 'https://login.example/y';
const hopsOf = ({ hops }: HarExchange) =>
  hops.map(({ actual, preflight }) => (actual ?? preflight)?.request.url);

test('should take a chain of redirects for one request', () => {
  const [only, ...others] = readHar(
    har(
      entry('PUT', URL_X, origin, 307, { ...allowAll, Location: '/z' }),
      entry('OPTIONS', URL_X, { ...origin, 'Access-Control-Request-Method': 'PUT' }, 204, allowAll),
      entry('PUT', 'https://api.example/z', origin, 307, { ...allowAll, Location: `${LOGIN}#part` }),
      entry('OPTIONS', LOGIN, { Origin: 'null', 'Access-Control-Request-Method': 'PUT' }, 403),
    ),
  ).exchanges;
  assert.deepEqual(others, []);
  assert.equal(only?.preflight?.response.status, 204);
  assert.deepEqual(hopsOf(only as HarExchange), ['https://api.example/z', LOGIN]);
});

test('should not take a request for a redirect that the browser does not follow', () => {
  const to = { Location: LOGIN };
  const count = (...entries: unknown[]) => readHar(har(...entries)).exchanges.length;
  // Without permission on the redirect; with the Origin of a request that the page itself made; after 304 and 300.
  assert.equal(count(entry('GET', URL_X, origin, 302, to), entry('GET', LOGIN, { Origin: 'null' })), 2);
  assert.equal(
    count(entry('GET', URL_X, origin, 302, { ...allowAll, ...to }), entry('GET', LOGIN, origin)),
    2,
  );
  const choices = entry('GET', URL_X, origin, 300, { ...allowAll, ...to });
  assert.equal(count(choices, entry('GET', LOGIN, { Origin: 'null' })), 2);
  const followed = entry('GET', URL_X, origin, 302, { ...allowAll, ...to });
  assert.equal(count(followed, entry('GET', LOGIN, { Origin: 'null' })), 1);
});

test('should give what was stored for an answer 304 to the cache of the browser', () => {
  const asks = { ...origin, 'If-None-Match': '"1"', 'Cache-Control': 'max-age=0' };
  const stored = entry('GET', URL_X, origin, 200, { ...allowAll, ETag: '"1"', 'X-A': 'old' });
  const { exchanges } = readHar(har(stored, entry('GET', URL_X, asks, 304, { 'X-A': 'new' })));
  const second = exchanges[1] as HarExchange;
  assert.equal(second.revalidated, 'whole');
  assert.equal(second.actual?.response.status, 200);
  assert.deepEqual(second.actual?.response.headers, headers({ 'X-A': 'new', ...allowAll, ETag: '"1"' }));
  assert.deepEqual(recordedRequestOf(second).headers, []);

  const alone = readHar(har(entry('GET', URL_X, asks, 304, allowAll)));
  assert.equal(alone.exchanges[0]?.revalidated, 'headers of the 304');
  const untold = readHar(har(entry('GET', URL_X, asks, 304)));
  assert.deepEqual(untold, { exchanges: [], leftOut: ['not-modified'] });
});

test('should leave a header to script for which the browser asked permission', () => {
  const asks = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'if-none-match' };
  const { exchanges } = readHar(
    har(
      entry('OPTIONS', URL_X, { ...origin, ...asks }, 204),
      entry('GET', URL_X, { ...origin, 'If-None-Match': '"1"', Pragma: 'no-cache' }, 304),
    ),
  );
  const [only] = exchanges as [HarExchange];
  assert.equal(only.revalidated, undefined);
  assert.deepEqual(recordedRequestOf(only).headers, [['If-None-Match', '"1"']]);
});
