import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer, Case, RequestStep } from '../case/schema.ts';
import { observeWithModel } from './model.ts';

const allow: [string, string] = ['Access-Control-Allow-Origin', '{origin}'];
const actual: Answer = { headers: [allow] };
const expect = { outcome: 'readable' } as const;

const one = (step: Partial<RequestStep>, more: Partial<Case> = {}): Case => ({
  id: 'a-case',
  title: 'A case',
  spec: ['https://fetch.spec.whatwg.org/'],
  steps: [{ request: {}, server: { actual }, expect, ...step }],
  ...more,
});
const observe = (step: Partial<RequestStep>, more: Partial<Case> = {}) => {
  const observed = observeWithModel(one(step, more));
  return { ...observed, first: observed.observation.steps[0] };
};
const answered = (answer: Answer, request: RequestStep['request'] = {}) =>
  observe({ request, server: { actual: { ...answer, headers: [allow, ...(answer.headers ?? [])] } } }).first
    ?.script;

test('the model runs a case as a lab does, with the same kind of log', () => {
  const { first, scene } = observe({
    request: { method: 'PUT', body: 'x' },
    server: { preflight: { headers: [allow, ['Access-Control-Allow-Methods', 'PUT']] }, actual },
  });
  assert.equal(first?.script.settled, 'resolved');
  assert.equal(first?.script.body, 'ok');
  assert.deepEqual(
    first?.exchanges.map(e => [e.role, e.resource, e.request.method, e.response?.status, e.end]),
    [
      ['preflight', 'main', 'OPTIONS', 204, 'complete'],
      ['actual', 'main', 'PUT', 200, 'complete'],
    ],
  );
  assert.equal(first?.exchanges[1]?.request.body, 'x');
  assert.notEqual(first?.exchanges[0]?.connection, 0);
  assert.equal(scene.case.id, 'a-case');
});

test('waits cost the model no time, and count all the same', () => {
  const server: RequestStep['server'] = {
    preflight: { headers: [allow, ['Access-Control-Allow-Methods', 'PUT']] },
    actual,
  };
  const put: RequestStep = { request: { method: 'PUT' }, server, expect };
  const began = performance.now();
  const { observation } = observeWithModel({ ...one({}), steps: [put, { wait: 3_600_000 }, put] });
  assert.deepEqual(
    observation.steps.map(step => step.exchanges.length),
    [2, 2],
  );
  assert.equal(observation.durationMs, 3_600_000);
  assert.ok(performance.now() - began < 60_000);
});

test('the model gives each realm its origin', () => {
  const origin = (realm: NonNullable<Case['realm']>) =>
    observe(
      { server: { actual: { headers: [['Access-Control-Allow-Origin', '*']] } } },
      { realm },
    ).first?.exchanges[0]?.request.headers.find(([name]) => name === 'Origin')?.[1];
  for (const realm of ['sandboxed-frame', 'data-frame', 'data-worker', 'data-shared-worker'] as const) {
    assert.equal(origin(realm), 'null', realm);
  }
  for (const realm of ['page', 'worker', 'blob-worker', 'srcdoc-frame', 'about-blank-frame'] as const) {
    assert.match(origin(realm) ?? '', /^http:\/\/localhost:/, realm);
  }
});

test('a frame on another place has an origin of its own, whatever the realm of the case', () => {
  const { first } = observe({ frame: 'cross-site' }, { realm: 'data-frame' });
  const sent = first?.exchanges[0]?.request.headers.find(([name]) => name === 'Origin');
  assert.match(sent?.[1] ?? '', /^http:\/\/site\.localhost/);
});

test('the model says what it cannot stand in for', () => {
  const reason = (step: Partial<RequestStep>, more: Partial<Case> = {}) =>
    observe(step, more).notModelled ?? '';
  assert.match(reason({}, { csp: "default-src 'self'" }), /Content Security Policy/);
  assert.match(reason({}, { realm: 'controlled-frame' }), /service worker/);
  assert.match(reason({}, { realm: 'unloading-frame' }), /leaves/);
  assert.match(reason({}, { pageHeaders: [['Cross-Origin-Embedder-Policy', 'credentialless']] }), /Embedder/);
  assert.equal(reason({}, { pageHeaders: [['Referrer-Policy', 'no-referrer']] }), '');
  assert.match(reason({}, { notModelled: 'because' }), /because/);
  assert.match(reason({ request: { api: 'beacon' } }), /beacon/);
  assert.match(reason({ request: { url: 'http://localhost:4242/' } }), /./);
  assert.match(
    reason({ request: { reads: 'cache-api' }, server: { actual: { ...actual, status: 206 } } }),
    /Cache API/,
  );
});

test('the model reads bodies as their framing delimits them', () => {
  assert.equal(answered({ body: 'abc' })?.body, 'abc');
  assert.equal(answered({ body: 'abc', framing: 'chunked' })?.body, 'abc');
  assert.equal(answered({ body: 'abc', framing: 'close' })?.body, 'abc');
  assert.equal(answered({ body: 'abc', framing: 'none' })?.settled, 'unsettled');
  assert.equal(
    answered({ body: 'abc', headers: [['Content-Length', '9']], close: true })?.bodyError,
    'TypeError',
  );
  assert.equal(answered({ body: 'abc', headers: [['Content-Length', '9']] })?.settled, 'unsettled');
  assert.equal(answered({ body: 'abc', headers: [['Content-Length', '2']] })?.body, 'ab');
  assert.equal(answered({ body: 'abc', fault: 'reset-in-body' })?.bodyError, 'TypeError');
  assert.equal(answered({ body: 'abc', fault: 'hang-in-body' }, { timeoutMs: 5 })?.bodyError, 'TimeoutError');
  assert.equal(answered({ status: 204 })?.body, '');
  assert.equal(answered({ body: 'abc' }, { method: 'HEAD' })?.body, '');
  const zipped = gzipSync('abc').toString('latin1');
  assert.equal(answered({ body: zipped, headers: [['Content-Encoding', 'gzip']] })?.body, 'abc');
  assert.equal(answered({ body: 'abc', headers: [['Content-Encoding', 'gzip']] })?.bodyError, 'TypeError');
  assert.equal(answered({ body: 'abc', headers: [['Content-Encoding', 'x']] })?.body, 'abc');
});

test('the model takes raw answers, resets and silence', () => {
  const raw = (text: string) => observe({ server: { actual: { raw: text } } });
  const head = 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n';
  assert.equal(raw(`${head}Content-Length: 2\r\n\r\nhi`).first?.script.body, 'hi');
  assert.equal(raw('no HTTP').first?.exchanges[0]?.end, 'malformed');
  assert.equal(raw(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`).first?.script.body, 'hi');
  assert.equal(raw(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`).first?.script.bodyError, 'TypeError');
  assert.equal(
    raw(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`).first?.script.settled,
    'rejected',
  );
  assert.equal(raw(`${head}Content-Length: 2\r\n\r\nhi`.replaceAll('\r', '')).first?.script.body, 'hi');
  assert.equal(observe({ server: { actual: { fault: 'reset' } } }).first?.script.error?.name, 'TypeError');
  assert.equal(observe({ server: { actual: { fault: 'hang' } } }).first?.script.settled, 'unsettled');
});

test('the model reports what a page reports', () => {
  const xhr = answered({}, { api: 'xhr' });
  assert.equal(xhr?.type, undefined);
  assert.ok(!xhr?.events?.some(event => event.endsWith('progress')));
  assert.equal(answered({}, { reads: 'write-headers' })?.result, 'TypeError');
  const leaving = observe({ request: { keepalive: true } }, { realm: 'unloading-frame' });
  assert.equal(leaving.first?.script.result, 'unloaded');
  assert.equal(leaving.first?.exchanges.length, 1);
  const aborted = observe({ request: { abort: { when: 'actual', to: 'main', reason: 'enough' } } });
  assert.equal(aborted.first?.script.error?.name, 'enough');
  assert.equal(observe({ request: { abort: 'before' } }).first?.exchanges.length, 0);
});

test('a retry after 421 comes on another connection', () => {
  const { first } = observe({ server: { actual: [{ ...actual, status: 421 }, actual] } });
  const [a, b] = first?.exchanges ?? [];
  assert.notEqual(a?.connection, b?.connection);
});
