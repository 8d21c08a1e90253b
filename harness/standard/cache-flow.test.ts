import assert from 'node:assert/strict';
import test from 'node:test';
import {
  acac,
  acah,
  acam,
  acao,
  answer,
  Browser,
  client,
  maxAge,
  methods,
  TARGET,
} from './testing.test-support.ts';
import type { Header, ScriptRequest } from './user-agent.ts';

const actual = answer(200, acao(), acac());
const preflight = (...headers: Header[]) => answer(204, acao(), acac(), ...headers);
const put: Partial<ScriptRequest> = { method: 'PUT' };
const xa: Partial<ScriptRequest> = { headers: [['x-a', '1']] };

test('should keep a preflight for 5 seconds where the server says nothing', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT')), actual };
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
  browser.clock.sleep(4999);
  assert.equal(methods(browser.run(put, server)), 'PUT');
  browser.clock.sleep(1);
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
});

for (const [value, second] of [
  ['0', 'OPTIONS PUT'],
  ['60', 'PUT'],
  ['-1', 'PUT'],
  ['', 'PUT'],
  ['foo', 'PUT'],
] as const) {
  test(`should read the Max-Age "${value}"`, () => {
    const browser = new Browser();
    const server = { preflight: preflight(acam('PUT'), maxAge(value)), actual };
    browser.run(put, server);
    assert.equal(methods(browser.run({ ...put, cache: 'reload' }, server)), second);
  });
}

test('should preflight again for another URL, fragment or partition', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  browser.run(put, server);
  assert.equal(methods(browser.run({ ...put, url: `${TARGET}?a` }, server)), 'OPTIONS PUT');
  assert.equal(methods(browser.run({ ...put, url: `${TARGET}#a` }, server)), 'OPTIONS PUT');
  const framed = { ...client, topLevelOrigin: 'https://top.test' };
  assert.equal(methods(browser.run({ ...put, client: framed }, server)), 'OPTIONS PUT');
});

test('should let credentialed preflights serve anonymous requests, not the other way round', () => {
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  const include = { ...put, credentials: 'include' };
  const up = new Browser();
  up.run(put, server);
  assert.equal(methods(up.run(include, server)), 'OPTIONS PUT');
  const down = new Browser();
  down.run(include, server);
  assert.equal(methods(down.run(put, server)), 'PUT');
});

test('should add up what several preflights allowed', () => {
  const browser = new Browser();
  browser.run(put, { preflight: preflight(acam('PUT'), maxAge('60')), actual });
  browser.run(xa, { preflight: preflight(acah('x-a'), maxAge('60')), actual });
  assert.equal(methods(browser.run({ ...put, ...xa }, { actual })), 'PUT');
});

test('should ask for the header again where only the method is known', () => {
  const browser = new Browser();
  browser.run(put, { preflight: preflight(acam('PUT'), maxAge('60')), actual });
  const both = { ...put, ...xa };
  assert.equal(
    methods(browser.run(both, { preflight: preflight(acam('PUT'), acah('x-a')), actual })),
    'OPTIONS PUT',
  );
});

test('should never need a method entry for a safelisted method', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acah('x-a'), maxAge('60')), actual };
  browser.run(xa, server);
  assert.equal(methods(browser.run({ ...xa, method: 'HEAD' }, server)), 'HEAD');
});

test('should let * stand for later methods and headers, but not for Authorization', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('*'), acah('*'), maxAge('60')), actual };
  browser.run({ ...put, ...xa }, server);
  assert.equal(methods(browser.run({ method: 'DELETE', headers: [['x-b', '1']] }, server)), 'DELETE');
  assert.equal(methods(browser.run({ headers: [['Authorization', '1']] }, server)), 'OPTIONS');
});

test('should match a * that a credentialed preflight listed, as the text has it', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT, *'), maxAge('60')), actual };
  browser.run({ ...put, credentials: 'include' }, server);
  assert.equal(methods(browser.run({ method: 'DELETE', credentials: 'include' }, server)), 'DELETE');
});

test('should store the method of a forced preflight only where the server lists none', () => {
  const post = { api: 'xhr', method: 'POST', body: 'x', uploadListener: 'before-send' as const };
  const unlisted = { preflight: preflight(maxAge('60')), actual };
  const browser = new Browser();
  assert.equal(methods(browser.run(post, unlisted)), 'OPTIONS POST');
  assert.equal(methods(browser.run(post, unlisted)), 'POST');
  const listed = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  const other = new Browser();
  other.run(post, listed);
  assert.equal(methods(other.run(post, listed)), 'OPTIONS POST');
});

test('should forget everything about a URL after a failure that had a preflight', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  browser.run(put, server);
  const failed = browser.run(put, { actual: answer(200) });
  assert.equal(methods(failed), 'PUT');
  assert.equal(failed.trace.at(-1)?.id, 'preflight.cleared');
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
  browser.run({ method: 'DELETE' }, server);
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
});

test('should forget after an abort too: it ends in a network error like any other', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  browser.run({ ...put, abort: { when: 'actual' } }, server);
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
});

test('should not forget after a simple request failed', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  browser.run(put, server);
  browser.run({}, { actual: answer(200) });
  assert.equal(methods(browser.run(put, server)), 'PUT');
});

test('should take a new Max-Age for what it knew', () => {
  const browser = new Browser();
  const server = { preflight: preflight(acam('PUT'), maxAge('60')), actual };
  browser.run(put, server);
  browser.run(xa, { preflight: preflight(acam('PUT'), acah('x-a'), maxAge('0')), actual });
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
});

test('should still check the response where the cache saved the preflight', () => {
  const browser = new Browser();
  browser.run(put, { preflight: preflight(acam('PUT'), maxAge('60')), actual });
  assert.equal(browser.run(put, { actual: answer(200) }).script.blockedAt, 'response');
});

test('should impose its limit on Max-Age', () => {
  const browser = new Browser({ maxAgeCap: 600 });
  const server = { preflight: preflight(acam('PUT'), maxAge('100000')), actual };
  browser.run(put, server);
  browser.clock.sleep(600_000);
  assert.equal(methods(browser.run(put, server)), 'OPTIONS PUT');
});

test('should share null among opaque origins, and never with a real one', () => {
  const browser = new Browser();
  const open = {
    preflight: answer(204, acao('*'), acam('PUT'), maxAge('60')),
    actual: answer(200, acao('*')),
  };
  const opaque = { ...client, origin: 'null', topLevelOrigin: 'https://app.example' };
  browser.run({ ...put, client: opaque }, open);
  assert.equal(methods(browser.run({ ...put, client: opaque }, open)), 'PUT');
  assert.equal(
    methods(browser.run({ ...put, client: { ...client, topLevelOrigin: 'https://app.example' } }, open)),
    'OPTIONS PUT',
  );
});

test('should say that the HTTP cache is not modelled, where it could answer', () => {
  const reusable = { actual: answer(200, acao(), ['Cache-Control', 'max-age=60']) };
  const again = (first: Partial<ScriptRequest>, server: typeof reusable, second: Partial<ScriptRequest>) => {
    const browser = new Browser();
    browser.run(first, server);
    return browser.run(second, server).notModelled !== undefined;
  };
  assert.equal(again({}, reusable, {}), true);
  assert.equal(again({}, reusable, { cache: 'no-store' }), false);
  assert.equal(again({}, reusable, { cache: 'reload' }), false);
  assert.equal(again({}, reusable, { method: 'HEAD' }), true);
  assert.equal(again({}, { actual: answer(200, acao()) }, { method: 'HEAD' }), false);
  assert.equal(again({}, reusable, { url: `${TARGET}2` }), false);
  assert.equal(again({ method: 'HEAD' }, reusable, {}), false);
  for (const name of ['Expires', 'ETag', 'Last-Modified']) {
    assert.equal(again({}, { actual: answer(200, acao(), [name, '1']) }, {}), true, name);
  }
  const plain = { actual: answer(200, acao()) };
  assert.equal(again({}, plain, {}), false);
  assert.equal(again({}, plain, { cache: 'force-cache' }), true);
  assert.equal(
    again({ url: '/x' }, plain, { url: '/x', mode: 'same-origin', cache: 'only-if-cached' }),
    true,
  );
  assert.equal(
    again({}, { actual: answer(200, acao(), ['Cache-Control', 'no-store, max-age=9']) }, {}),
    false,
  );
});

test('should know that a successful unsafe request invalidates', () => {
  const browser = new Browser();
  const server = { actual: answer(200, acao(), ['ETag', '1']) };
  browser.run({}, server);
  browser.run({ method: 'POST' }, { actual: answer(500, acao()) });
  assert.notEqual(browser.run({}, server).notModelled, undefined);
  browser.run({ method: 'POST' }, { actual: answer(200, acao()) });
  assert.equal(browser.run({}, server).notModelled, undefined);
});
