import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const ORIGIN = 'https://app.example';
const URL_A = 'https://api.example/a';
const URL_B = 'https://login.example/b';

type Headers = Readonly<Record<string, string>>;

const pairs = (headers: Headers) => Object.entries(headers).map(([name, value]) => ({ name, value }));

const entry = (method: string, url: string, asked: Headers, status: number, answered: Headers = {}) => ({
  request: { method, url, headers: pairs({ Origin: ORIGIN, ...asked }) },
  response: { status, headers: pairs(answered) },
});

function explained(t: TestContext, ...entries: unknown[]) {
  const { dir, remove } = temporary();
  t.after(remove);
  const file = join(dir, 'session.har');
  writeFileSync(file, `\ufeff${JSON.stringify({ log: { entries } })}`);
  return inProcess(['explain', '--har', file]);
}

test('should explain a chain of redirects once, and blame the redirect for the origin null', async t => {
  const { code, stdout, stderr } = await explained(
    t,
    entry('GET', URL_A, {}, 302, { 'Access-Control-Allow-Origin': '*', Location: URL_B }),
    entry('GET', URL_B, { Origin: 'null' }, 200, { 'Access-Control-Allow-Origin': ORIGIN }),
  );
  assert.equal(code, 1);
  assert.match(stderr, /1 CORS request in .*, 1 blocked\./);
  assert.match(
    stdout,
    /the redirect from https:\/\/api\.example to https:\/\/login\.example made the origin null/,
  );
  assert.match(stdout, /2\. Actual request: GET https:\/\/login\.example\/b\n {3}> Origin: null\n {3}< 200/);
  assert.doesNotMatch(stdout, /sandbox/);
});

test('should leave out navigations and WebSockets, and say how many', async t => {
  const navigation = entry('POST', URL_B, { 'Sec-Fetch-Mode': 'navigate' }, 200);
  const socket = entry('GET', 'wss://api.example/ws', { Upgrade: 'websocket' }, 101);
  const open = entry('GET', URL_A, {}, 200, { 'Access-Control-Allow-Origin': '*' });
  const { code, stderr } = await explained(t, navigation, navigation, socket, open);
  assert.equal(code, 0);
  assert.match(stderr, /1 CORS request in .*, 0 blocked\./);
  assert.match(stderr, /^Left out, because CORS has no say in them: 2 navigations, 1 WebSocket\.$/m);
  const nothing = await explained(t, navigation);
  assert.equal(nothing.code, 5);
  assert.match(nothing.stderr, /no CORS request in it\. Left out, .*: 1 navigation\./);
});

test('should make up no preflight', async t => {
  const put = await explained(
    t,
    entry('PUT', URL_A, { 'X-A': '1' }, 200, { 'Access-Control-Allow-Origin': ORIGIN }),
  );
  assert.equal(put.code, 0, put.stdout);
  assert.match(put.stdout, /No preflight is recorded/);
  assert.doesNotMatch(put.stdout, /OPTIONS/);
  const asks = { 'If-None-Match': '"1"' };
  const fresh = await explained(t, entry('GET', URL_A, asks, 304, { 'Access-Control-Allow-Origin': '*' }));
  assert.equal(fresh.code, 0, fresh.stdout);
  assert.match(fresh.stdout, /^The server answered 304 \(Not Modified\) to the browser's cache/);
  assert.doesNotMatch(fresh.stdout, /preflight is recorded|if-none-match|OPTIONS/i);
});

test('should call only redirects redirects', async () => {
  const of = (status: string, ...more: string[]) =>
    inProcess(['explain', URL_A, '--origin', ORIGIN, '--response', 'X: y', '--status', status, ...more]);
  for (const status of ['300', '304'])
    assert.doesNotMatch((await of(status)).stdout, /is a redirect|error answers: look/, status);
  assert.match((await of('302')).stdout, /This answer is a redirect/);
  assert.match((await of('404')).stdout, /look for the reason of the error first/);
  const preflight = (status: string, header: string) =>
    of('200', '--method', 'PUT', '--preflight-status', status, '--preflight-response', header);
  for (const header of ['X: y', 'Access-Control-Allow-Origin: *']) {
    const { stdout } = await preflight('304', header);
    assert.doesNotMatch(stdout, /redirected|without a redirect/, header);
    assert.match(stdout, /Answer OPTIONS with a status from 200 to 299, such as 204/);
    assert.match((await preflight('307', header)).stdout, /may not be redirected/);
  }
});
