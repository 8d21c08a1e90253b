/** The HTTP cache of the model: what it keeps, how long that serves, and what it is asked to validate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Quirks } from './quirks.ts';
import { acam, acao, answer, Browser, methods, sent } from './testing.test-support.ts';
import type { Header, Prediction, ScriptRequest } from './types.ts';

const kept = (...headers: Header[]) => ({ ...answer(200, acao('*'), ...headers), body: 'kept' });
const news = { ...answer(200, acao('*')), body: 'new' };
const MAX_AGE: Header = ['Cache-Control', 'max-age=60'];
const NO_CACHE: Header = ['Cache-Control', 'no-cache'];
const TAG: Header = ['ETag', '"1"'];

/** What a second request shows after a first one that was answered so. */
function again(
  actual: ReturnType<typeof answer>,
  second: Partial<ScriptRequest> = {},
  { first = {}, later = news, quirks = {}, seconds = 0 }: Again = {},
): Prediction {
  const browser = new Browser({ httpCache: true, quirks });
  browser.run(first, { actual });
  browser.clock.sleep(seconds * 1000);
  return browser.run(second, { actual: later });
}

interface Again {
  readonly first?: Partial<ScriptRequest>;
  readonly later?: ReturnType<typeof answer>;
  readonly quirks?: Quirks;
  readonly seconds?: number;
}

const fromCache = (prediction: Prediction): boolean =>
  methods(prediction) === '' && prediction.script.body === 'kept';

test('should use a response for as long as it is fresh', () => {
  assert.ok(fromCache(again(kept(MAX_AGE), {}, { seconds: 59 })));
  assert.ok(!fromCache(again(kept(MAX_AGE), {}, { seconds: 60 })));
  assert.ok(!fromCache(again(kept())));
  assert.ok(!fromCache(again(kept(['Cache-Control', 'no-store, max-age=60']))));
  assert.ok(!fromCache(again(kept(['Expires', '0']))));
});

test('should go by the cache mode', () => {
  const used = (cache: string, ...headers: Header[]) => fromCache(again(kept(...headers), { cache }));
  assert.ok(used('force-cache'));
  assert.ok(used('force-cache', NO_CACHE));
  for (const cache of ['no-cache', 'reload', 'no-store']) assert.ok(!used(cache, MAX_AGE), cache);
  assert.ok(!fromCache(again(kept(MAX_AGE), {}, { first: { cache: 'no-store' } })));
});

test('should keep what Vary tells apart, and sites, apart', () => {
  const vary: Header = ['Vary', 'Origin'];
  assert.ok(fromCache(again(kept(MAX_AGE, vary))));
  assert.ok(!fromCache(again(kept(MAX_AGE, vary), {}, { first: { mode: 'no-cors' } })));
  assert.ok(!fromCache(again(kept(MAX_AGE, ['Vary', '*']))));
  const client = { origin: 'https://elsewhere.example', url: 'https://elsewhere.example/' };
  assert.ok(!fromCache(again(kept(MAX_AGE), { client })));
  assert.ok(fromCache(again(kept(MAX_AGE), { client }, { quirks: { cachePartition: () => '' } })));
  assert.ok(!fromCache(again(kept(MAX_AGE), {}, { quirks: { cachePartition: () => null } })));
});

test('should hold what is stored against the CORS check', () => {
  const refused = again(answer(200, MAX_AGE));
  assert.deepEqual([methods(refused), refused.script.outcome], ['', 'blocked']);
  assert.equal(methods(again(answer(200, MAX_AGE), {}, { quirks: { forgetsRefused: () => true } })), 'GET');
  const opaque = again(answer(200, MAX_AGE), {}, { first: { mode: 'no-cors' } });
  assert.deepEqual([methods(opaque), opaque.script.outcome], ['', 'blocked']);
});

test('should validate what has a validator, and show what it has if that is still valid', () => {
  const validated = again(kept(NO_CACHE, TAG), {}, { later: answer(304, ['X-A', '1']) });
  assert.equal(sent(validated, 0, 'if-none-match'), '"1"');
  assert.deepEqual([validated.script.status, validated.script.body], [200, 'kept']);
  const dated = again(kept(NO_CACHE, ['Last-Modified', 'Sat, 01 Jan 2000 00:00:00 GMT']));
  assert.equal(sent(dated, 0, 'if-modified-since'), 'Sat, 01 Jan 2000 00:00:00 GMT');
  assert.equal(dated.script.body, 'new');
  const changed = again(kept(NO_CACHE, TAG), {}, { later: answer(304, acao('https://other.example')) });
  assert.equal(changed.script.outcome, 'blocked');
  assert.equal(again(kept(NO_CACHE), {}, { later: answer(304, acao('*')) }).script.status, 304);
});

test('should forget what an unsafe request changes', () => {
  const browser = new Browser({ httpCache: true });
  browser.run({}, { actual: kept(MAX_AGE) });
  browser.run({ method: 'POST' }, { actual: news });
  assert.equal(methods(browser.run({}, { actual: news })), 'GET');
});

test('should take out what an unsafe request succeeds with, or as an engine does', () => {
  const third = (method: string, status: number, quirks: Quirks = {}) => {
    const browser = new Browser({ httpCache: true, quirks });
    browser.run({}, { actual: kept(MAX_AGE) });
    browser.run({ method }, { preflight: answer(204, acao(), acam('*')), actual: answer(status, acao()) });
    return fromCache(browser.run({}, { actual: news }));
  };
  assert.ok(!third('PUT', 200));
  assert.ok(third('PUT', 501));
  assert.ok(third('PUT', 200, { invalidates: () => false }));
  assert.ok(third('HEAD', 200, { invalidates: () => true }));
});

test('should serve the headers of what is stored as an engine does', () => {
  const servedHeaders: Quirks['servedHeaders'] = headers => headers.filter(([, value]) => value !== '');
  const shown = (quirks: Quirks) =>
    again(kept(MAX_AGE, ['Expires', '']), {}, { quirks }).script.headers?.map(([name]) => name);
  assert.deepEqual(shown({}), ['cache-control', 'expires']);
  assert.deepEqual(shown({ servedHeaders }), ['cache-control']);
});

test('should answer an unsafe request only where an engine does', () => {
  const put = { method: 'PUT', cache: 'force-cache' };
  const preflight = answer(204, acao(), acam('PUT'));
  const asked = (quirks: Quirks) => {
    const browser = new Browser({ httpCache: true, quirks });
    browser.run({}, { actual: kept(MAX_AGE) });
    return methods(browser.run(put, { preflight, actual: news }));
  };
  assert.equal(asked({}), 'OPTIONS PUT');
  assert.equal(asked({ servedFromCache: (standard, { method }) => standard || method === 'PUT' }), 'OPTIONS');
});

test('should forget of a refused answer only what it has stored', () => {
  const forgetsRefused = () => true;
  for (const refused of [{ cache: 'no-store' }, { method: 'HEAD', cache: 'reload' }, { method: 'PUT' }]) {
    const browser = new Browser({ httpCache: true, quirks: { forgetsRefused } });
    browser.run({}, { actual: kept(MAX_AGE) });
    browser.run(refused, { preflight: answer(204, acao(), acam('PUT')), actual: answer(501) });
    assert.ok(fromCache(browser.run({}, { actual: news })), JSON.stringify(refused));
  }
});

test('should forget a redirect that is not followed where a quirk says so', () => {
  const asked = (quirks: Quirks) => {
    const browser = new Browser({ httpCache: true, quirks });
    browser.run({}, { actual: answer(301, ...kept(MAX_AGE).headers, ['Location', 'mailto:a@example.com']) });
    return methods(browser.run({}, { actual: news }));
  };
  assert.equal(asked({}), '');
  assert.equal(asked({ forgetsRefused: (_, { status }) => status === 301 }), 'GET');
});

test('should keep nothing after a 304 that nobody asked for where a quirk says so', () => {
  const asked = (between: Partial<ScriptRequest> | null, unaskedNotModifiedStays?: true) => {
    const browser = new Browser({
      httpCache: true,
      quirks: { ...(unaskedNotModifiedStays && { unaskedNotModifiedStays }) },
    });
    browser.run({}, { actual: answer(304, acao('*')) });
    if (between) browser.run(between, { actual: kept(MAX_AGE) });
    browser.run({}, { actual: kept(MAX_AGE) });
    return methods(browser.run({}, { actual: news }));
  };
  assert.equal(asked(null), '');
  assert.equal(asked(null, true), 'GET');
  for (const between of [{ cache: 'reload' }, { method: 'POST' }]) assert.equal(asked(between, true), '');
});

test('should have nothing to say about what no cache would use', () => {
  const plain = kept(['Date', 'Thu, 26 Nov 2026 00:00:00 GMT'], ['Age', '1']);
  assert.equal(methods(again(plain, { headers: [['Range', 'bytes=0-1']] })), 'GET');
  const browser = new Browser();
  browser.run({}, { actual: plain });
  assert.equal(methods(browser.run({}, { actual: news })), 'GET');
});

test('should say what is left to caches', () => {
  const open = (prediction: Prediction) => prediction.notModelled !== undefined;
  assert.ok(open(again(kept(['Last-Modified', 'Sat, 01 Jan 2000 00:00:00 GMT']))));
  assert.ok(open(again(answer(301, acao('*')))));
  assert.ok(open(again(kept(MAX_AGE), { method: 'HEAD' })));
  assert.ok(open(again(kept(MAX_AGE), { headers: [['Range', 'bytes=0-1']] })));
  assert.ok(open(again(kept(MAX_AGE, ['Age', '10']))));
});
