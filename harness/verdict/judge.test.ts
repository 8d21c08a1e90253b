import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptReport, StepObservation } from '../case/observation.ts';
import type { Case, Expectation } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import type { Exchange, HeaderLine } from '../wire/exchange.ts';
import { judge, outcomeOf } from './judge.ts';

const exchange = (method: string, more: Partial<Exchange> & { headers?: HeaderLine[] } = {}): Exchange => ({
  role: method === 'OPTIONS' ? 'preflight' : 'actual',
  resource: 'main',
  request: { method, url: 'http://localhost:1/c/n/main', headers: more.headers ?? [], bodyBytes: 0 },
  response: { status: 200, headers: [], bodyBytes: 0 },
  end: 'complete',
  connection: 1,
  startedMs: 0,
  endedMs: 1,
  ...more,
});

const script = (more: Partial<ScriptReport> = {}): ScriptReport => ({
  settled: 'resolved',
  type: 'cors',
  status: 200,
  durationMs: 1,
  ...more,
});
const typeError = script({ settled: 'rejected', error: { name: 'TypeError', message: 'Failed to fetch' } });

const ports = { http: 1, https: 2 };
const sceneOf = (steps: Case['steps']): BoundCase => ({
  case: { id: 'a', title: 'a', spec: ['https://fetch.spec.whatwg.org/'], steps },
  nonce: 'n',
  ports: { site: ports, otherSite: ports, target: ports, otherTarget: ports },
});

/** The ids of the checks that fail. */
function failures(expect: Expectation, seen: Omit<StepObservation, 'step'>): string[] {
  const scene = sceneOf([{ request: {}, expect }]);
  return judge(scene, [{ step: 0, ...seen }])
    .filter(check => !check.ok)
    .map(check => check.id);
}

test('should tell where a network error stopped the request by the last answered exchange', () => {
  const at = (...exchanges: Exchange[]) => outcomeOf({ step: 0, script: typeError, exchanges });
  assert.deepEqual(at(exchange('OPTIONS')), { outcome: 'blocked', blockedAt: 'preflight' });
  assert.deepEqual(at(exchange('OPTIONS'), exchange('PUT')), { outcome: 'blocked', blockedAt: 'response' });
  assert.deepEqual(at(), { outcome: 'error' });
  assert.deepEqual(at(exchange('GET', { response: null, end: 'no-answer' })), { outcome: 'error' });
});

test('should not call a request blocked by the answer to another that was made at once', () => {
  const observed = { step: 0, script: typeError, exchanges: [exchange('POST')] };
  assert.deepEqual(outcomeOf(observed, 2), { outcome: 'error' });
  const both = { ...observed, exchanges: [exchange('POST'), exchange('POST')] };
  assert.deepEqual(outcomeOf(both, 2), { outcome: 'blocked', blockedAt: 'response' });
});

test('should name the other outcomes as script sees them', () => {
  const of = (report: ScriptReport) => outcomeOf({ step: 0, script: report, exchanges: [] }).outcome;
  assert.equal(of(script()), 'readable');
  assert.equal(of(script({ type: 'opaque' })), 'opaque');
  assert.equal(of(script({ type: 'opaqueredirect' })), 'opaque');
  assert.equal(of(script({ settled: 'unsettled' })), 'timeout');
  assert.equal(of(script({ settled: 'rejected', error: { name: 'timeout', message: '' } })), 'timeout');
  assert.equal(of(script({ settled: 'threw', error: { name: 'SecurityError', message: '' } })), 'error');
});

test('should pass what is as expected', () => {
  assert.deepEqual(failures({ outcome: 'readable' }, { script: script(), exchanges: [exchange('GET')] }), []);
});

test('should tell a body that breaks off from one that does not', () => {
  const expect: Expectation = { outcome: 'readable', bodyError: 'TypeError' };
  const exchanges = [exchange('GET')];
  assert.deepEqual(failures(expect, { script: script({ bodyError: 'TypeError' }), exchanges }), []);
  assert.deepEqual(failures(expect, { script: script({ body: 'ok' }), exchanges }), ['body-error']);
});

test('should fail on a preflight that nobody expected', () => {
  const exchanges = [exchange('OPTIONS'), exchange('GET')];
  assert.deepEqual(failures({ outcome: 'readable' }, { script: script(), exchanges }), ['preflight']);
});

test('should fail on a request that is sent twice', () => {
  const exchanges = [exchange('GET'), exchange('GET')];
  assert.deepEqual(failures({ outcome: 'readable' }, { script: script(), exchanges }), ['actual']);
});

test('should fail on an actual request after a refused preflight', () => {
  const exchanges = [exchange('OPTIONS'), exchange('PUT')];
  const expect: Expectation = { outcome: 'blocked', blockedAt: 'preflight' };
  assert.deepEqual(failures(expect, { script: typeError, exchanges }), ['blocked-at', 'actual']);
});

test('should hold the wire list in order, with resources, or as a set', () => {
  const exchanges = [exchange('GET'), exchange('GET', { resource: 'hop2' })];
  const seen = { script: script(), exchanges };
  assert.deepEqual(failures({ outcome: 'readable', wire: ['GET', 'GET hop2'] }, seen), []);
  assert.deepEqual(failures({ outcome: 'readable', wire: ['GET hop2', 'GET'] }, seen), ['wire']);
  assert.deepEqual(failures({ outcome: 'readable', wire: ['GET hop2', 'GET'], anyOrder: true }, seen), []);
  assert.deepEqual(failures({ outcome: 'readable', wire: [] }, { script: script(), exchanges: [] }), []);
});

const wrong: readonly [name: string, expect: Partial<Expectation>, failed: string][] = [
  ['another status', { status: 201 }, 'status'],
  ['another type', { type: 'basic' }, 'type'],
  ['a redirect flag', { redirected: true }, 'redirected'],
  ['another URL', { url: '{url}' }, 'url'],
  ['another body', { body: 'no' }, 'body'],
  ['a header value', { readable: { etag: '"2"' } }, 'readable:etag'],
  ['a header that is not there', { readable: { 'x-b': '1' } }, 'readable:x-b'],
  ['a header that must be hidden', { hidden: ['etag'] }, 'hidden:etag'],
  ['all names', { allHeaders: ['etag', 'x-b'] }, 'all-headers'],
  ['a request header', { requestHeaders: { origin: 'null' } }, 'request-header:origin'],
  ['a request header that must be absent', { requestHeaders: { origin: null } }, 'request-header:origin'],
  [
    'a request header pattern',
    { requestHeaders: { origin: { matches: '^https' } } },
    'request-header:origin',
  ],
  [
    'a text that a request header must lack',
    { requestHeaders: { origin: { lacks: 'localhost' } } },
    'request-header:origin',
  ],
  [
    'a text that the header of a request that was not sent must lack',
    { preflightHeaders: { origin: { lacks: 'localhost' } } },
    'preflight-header:origin',
  ],
  ['the spelling of a header name', { requestHeaderNames: ['oriGin'] }, 'header-name:origin'],
  ['the spelling of an absent header', { requestHeaderNames: ['X-A'] }, 'header-name:x-a'],
  [
    'headers of a request that was not sent',
    { requestHeadersAt: { 'GET hop2': { origin: null } } },
    'GET hop2:origin',
  ],
  ['a preflight that was not sent', { accessControlRequestHeaders: null }, 'access-control-request-headers'],
  ['an error name', { error: 'TypeError' }, 'error'],
  ['events', { events: ['load'] }, 'events'],
  ['a result', { result: 'load' }, 'result'],
  ['a request body', { requestBody: 'x' }, 'request-body'],
  ['connections', { connections: 'different' }, 'connections'],
];

for (const [name, expect, failed] of wrong) {
  test(`should fail on ${name}`, () => {
    const report = script({ headers: [['etag', '"1"']], body: 'ok', url: 'http://elsewhere/' });
    const exchanges = [exchange('GET', { headers: [['Origin', 'http://localhost:1']] })];
    assert.deepEqual(failures({ outcome: 'readable', ...expect }, { script: report, exchanges }), [failed]);
  });
}

test('should pass a header that lacks a text, and one that is spelt as expected', () => {
  const exchanges = [exchange('GET', { headers: [['X-MiXed', 'one']] })];
  const requestHeaders = { 'x-mixed': { lacks: 'two' }, 'x-absent': { lacks: 'two' } };
  const expect: Expectation = { outcome: 'readable', requestHeaders, requestHeaderNames: ['X-MiXed'] };
  assert.deepEqual(failures(expect, { script: script(), exchanges }), []);
});

test('should number the checks of several steps, and fail steps that did not run', () => {
  const scene = sceneOf([
    { request: {}, expect: { outcome: 'readable' } },
    { wait: 5 },
    { request: {}, expect: { outcome: 'readable' } },
  ]);
  const checks = judge(scene, [{ step: 0, script: script(), exchanges: [exchange('GET')] }]);
  assert.deepEqual(
    checks.map(check => [check.id, check.ok]),
    [
      ['1.outcome', true],
      ['1.preflight', true],
      ['1.actual', true],
      ['2.outcome', false],
    ],
  );
});
