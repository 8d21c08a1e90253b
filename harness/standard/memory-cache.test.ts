/** The memory cache that an engine has in front of everything else: what it keeps, whom that serves, what makes it go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acah, acao, answer, Browser, client, methods, sent, TARGET } from './testing.test-support.ts';
import type { Header, Prediction, ScriptRequest } from './types.ts';

type Step = readonly [request: Partial<ScriptRequest>, actual: ReturnType<typeof answer>];

const MAX_AGE: Header = ['Cache-Control', 'max-age=60'];
const NO_CACHE: Header = ['Cache-Control', 'no-cache'];
const TAG: Header = ['ETag', '"1"'];
const XHR = { api: 'xhr' };
const kept = (...headers: Header[]) => ({ ...answer(200, acao(), ...headers), body: 'kept' });
const news = { ...answer(200, acao()), body: 'new' };
const fresh = kept(MAX_AGE);

/** What the last of some requests shows. */
function last(...steps: readonly Step[]): Prediction {
  const browser = new Browser({ quirks: { noHttpCache: true, memoryCache: true } });
  const preflight = answer(204, acao(), acah('x-a'), ['Access-Control-Max-Age', '0']);
  return steps.map(([request, actual]) => browser.run(request, { preflight, actual })).at(-1) as Prediction;
}

const isKept = (prediction: Prediction): boolean =>
  methods(prediction) === '' && prediction.script.body === 'kept';

test('should keep what an asynchronous XMLHttpRequest loads, and nothing else', () => {
  assert.ok(isKept(last([XHR, fresh], [XHR, news])));
  assert.ok(isKept(last([XHR, fresh], [{}, news], [XHR, news])));
  assert.ok(!isKept(last([{}, fresh], [{}, news])));
  assert.ok(!isKept(last([{ ...XHR, sync: true }, fresh], [XHR, news])));
  assert.ok(!isKept(last([XHR, answer(200, MAX_AGE)], [XHR, news])));
  assert.ok(!isKept(last([XHR, kept(['Cache-Control', 'no-store, max-age=60'])], [XHR, news])));
  assert.ok(!isKept(last([XHR, kept()], [{ cache: 'force-cache' }, news])));
});

test('should serve like requests alone, and keep nothing for a URL that another has loaded', () => {
  const others: Partial<ScriptRequest>[] = [
    { credentials: 'include' },
    { mode: 'no-cors' },
    { cache: 'reload' },
    { cache: 'no-cache' },
    { ...XHR, headers: [['Accept-Language', 'de']] },
    { method: 'HEAD' },
  ];
  for (const other of others) {
    assert.notEqual(methods(last([XHR, fresh], [other, news])), '', JSON.stringify(other));
    assert.ok(!isKept(last([XHR, fresh], [other, news], [XHR, news])), JSON.stringify(other));
  }
  assert.ok(isKept(last([XHR, fresh], [{ ...XHR, headers: [['Accept', 'text/html']] }, news])));
  assert.ok(!isKept(last([XHR, kept(MAX_AGE, ['Vary', '*'])], [XHR, news])));
});

test('should go around it in cache mode no-store and synchronously', () => {
  for (const around of [{ cache: 'no-store' }, { ...XHR, sync: true }]) {
    assert.equal(methods(last([XHR, fresh], [around, news])), 'GET');
    assert.ok(isKept(last([XHR, fresh], [around, news], [XHR, news])));
  }
});

test('should send no preflight for what it has', () => {
  const preflighted = { ...XHR, headers: [['X-A', '1']] as Header[] };
  assert.equal(methods(last([preflighted, fresh])), 'OPTIONS GET');
  assert.ok(isKept(last([preflighted, fresh], [preflighted, news])));
});

test('should validate without another CORS check', () => {
  const stale = kept(NO_CACHE, TAG);
  const refusing = answer(304, acao('https://other.example'));
  const validated = last([XHR, stale], [XHR, refusing]);
  assert.equal(sent(validated, 0, 'if-none-match'), '"1"');
  assert.deepEqual([validated.script.outcome, validated.script.body], ['readable', 'kept']);
  assert.ok(isKept(last([XHR, stale], [XHR, answer(304, MAX_AGE)], [XHR, news])));
  assert.equal(sent(last([XHR, stale], [XHR, stale], [XHR, news]), 0, 'if-none-match'), undefined);
  assert.equal(methods(last([XHR, stale], [{ cache: 'force-cache' }, news])), '');
});

test('should serve what is stale to a shared worker that has asked for the URL before', () => {
  const stale = kept(NO_CACHE, TAG);
  const shared = { ...client, global: 'worker', shared: true } as const;
  const inShared = { ...XHR, client: shared };
  const validated = last([XHR, stale], [inShared, news]);
  assert.equal(sent(validated, 0, 'if-none-match'), '"1"');
  assert.ok(isKept(last([inShared, stale], [inShared, news])));
  assert.ok(isKept(last([{ client: shared, method: 'POST' }, news], [XHR, stale], [inShared, news])));
  assert.ok(!isKept(last([inShared, stale], [XHR, news])));
  assert.ok(!isKept(last([{ ...inShared, url: `${TARGET}?q` }, news], [XHR, stale], [inShared, news])));
});

test('should take from a 304 only what script may read of it', () => {
  const stale = kept(NO_CACHE, TAG, ['X-A', '0'], ['Access-Control-Expose-Headers', '*']);
  const shown = (...headers: Header[]) =>
    last([XHR, stale], [XHR, answer(304, ['X-A', '1'], ...headers)]).script.headers?.find(
      ([name]) => name === 'x-a',
    )?.[1];
  assert.equal(shown(), '0');
  assert.equal(shown(['Access-Control-Expose-Headers', 'x-a']), '1');
});

test('should keep redirects with what they led to', () => {
  const to = `${TARGET}/hop`;
  const browser = (redirect: ReturnType<typeof answer>, later: Partial<ScriptRequest>) => {
    const one = new Browser({ quirks: { noHttpCache: true, memoryCache: true } });
    one.run(XHR, ({ url }) => (url === to ? fresh : redirect));
    return one.run(later, () => news);
  };
  const moved = (...headers: Header[]) => answer(302, acao(), ['Location', to], ...headers);
  const again = browser(moved(MAX_AGE), XHR);
  assert.deepEqual([isKept(again), again.script.url], [true, to]);
  assert.ok(!isKept(browser(moved(), XHR)));
  assert.ok(!isKept(browser(moved(['Cache-Control', 'max-age=60, must-revalidate']), XHR)));
  assert.ok(isKept(browser(moved(), { cache: 'force-cache' })));
  assert.ok(!isKept(browser(moved(MAX_AGE), { redirect: 'manual' })));
  const shared = { ...XHR, client: { ...client, global: 'worker', shared: true } as const };
  assert.ok(!isKept(browser(moved(), shared)));
});
