import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepObservation } from '../case/observation.ts';
import type { Ports } from '../case/places.ts';
import type { Case, RequestStep } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import type { Exchange } from '../wire/exchange.ts';
import { replay } from './replay.ts';

const ports: Ports = {
  site: { http: 3001, https: 3002 },
  otherSite: { http: 3003, https: 3004 },
  target: { http: 3005, https: 3006 },
  otherTarget: { http: 3007, https: 3008 },
};
const PAGE = 'http://localhost:3001';
const MAIN = 'http://localhost:3005/c/n/main';

function scene(request: RequestStep['request'] = {}, more: Partial<Case> = {}): BoundCase {
  const theCase: Case = {
    id: 'a-case',
    title: 'A case',
    spec: ['https://fetch.spec.whatwg.org/'],
    steps: [{ request, expect: { outcome: 'readable' } }],
    ...more,
  };
  return { case: theCase, nonce: 'n', ports };
}

function exchange(
  method: string,
  headers: readonly (readonly [string, string])[],
  more: Partial<Exchange> = {},
): Exchange {
  return {
    role: method === 'OPTIONS' ? 'preflight' : 'actual',
    resource: 'main',
    request: { method, url: MAIN, headers: [], bodyBytes: 0 },
    response: { status: 200, headers, bodyBytes: 2, body: 'ok' },
    end: 'complete',
    connection: 1,
    startedMs: 0,
    endedMs: 1,
    ...more,
  };
}

const refused: StepObservation['script'] = {
  settled: 'rejected',
  error: { name: 'TypeError', message: '' },
  durationMs: 1,
};
const read: StepObservation['script'] = {
  settled: 'resolved',
  type: 'cors',
  status: 200,
  statusText: '',
  url: MAIN,
  redirected: false,
  headers: [],
  body: 'ok',
  durationMs: 1,
};
const { body: _body, ...withoutBody } = read;
const allowed = ['Access-Control-Allow-Origin', PAGE] as const;

const step = (script: StepObservation['script'], ...exchanges: Exchange[]): StepObservation => ({
  step: 0,
  script,
  exchanges,
});

test("an engine that does what the Standard says leaves the fault with the server's answer", () => {
  const blocked = replay(scene(), [step(refused, exchange('GET', []))]);
  assert.equal(blocked.fault, 'server');
  assert.equal(blocked.steps[0]?.prediction.script.blockedAt, 'response');
  assert.equal(replay(scene(), [step(read, exchange('GET', [allowed]))]).fault, 'server');
});

test('an engine that refuses what the Standard allows deviates', () => {
  const { fault, steps } = replay(scene(), [step(refused, exchange('GET', [allowed]))]);
  assert.equal(fault, 'engine');
  assert.match(steps[0]?.difference ?? '', /settled: rejected in the engine, resolved by the Standard/);
});

test('an engine that shows another type, status or header deviates', () => {
  const differing = (change: Partial<StepObservation['script']>) =>
    replay(scene(), [step({ ...read, ...change }, exchange('GET', [allowed]))]).steps[0]?.difference ?? '';
  assert.match(differing({ status: 201 }), /^status/);
  assert.match(differing({ type: 'basic' }), /^type/);
  assert.match(differing({ headers: [['etag', '1']] }), /^headers/);
});

test('an engine that sends other requests deviates', () => {
  const difference = (...exchanges: Exchange[]) =>
    replay(scene({ method: 'PUT' }), [step(refused, ...exchanges)]).steps[0]?.difference ?? '';
  assert.match(difference(), /the Standard sends OPTIONS .* the engine sent nothing more/);
  assert.match(difference(exchange('PUT', [])), /the Standard sends OPTIONS .* the engine sent PUT/);
  assert.match(
    difference(exchange('OPTIONS', []), exchange('PUT', [])),
    /the engine sent PUT .* nothing more/,
  );
});

test('an API that only reports a result is compared by it', () => {
  const seen = (result: string) =>
    replay(scene({ api: 'eventsource' }), [
      step({ settled: 'resolved', result, durationMs: 1 }, exchange('GET', [])),
    ]);
  assert.equal(seen('error').fault, 'server');
  assert.match(seen('open').steps[0]?.difference ?? '', /^result: open in the engine, error by the Standard/);
});

test('what the model cannot follow is nobody’s fault', () => {
  const unknown = replay(scene({ api: 'beacon' }), [step(refused)]);
  assert.equal(unknown.fault, 'unknown');
  assert.match(unknown.notModelled ?? '', /beacon/);
  assert.equal(replay(scene({}, { csp: 'x' }), [step(refused)]).fault, 'unknown');
});

test('a request that fails on the wire fails in the model too', () => {
  const reset = exchange('GET', [], { response: null, end: 'no-answer' });
  assert.equal(replay(scene(), [step(refused, reset)]).fault, 'server');
  assert.equal(replay(scene(), [step({ settled: 'unsettled', durationMs: 9 }, reset)]).fault, 'server');
  const late = { settled: 'rejected', error: { name: 'TimeoutError', message: '' }, durationMs: 9 } as const;
  assert.equal(replay(scene({ timeoutMs: 5 }), [step(late, reset)]).fault, 'server');
  const cut = exchange('GET', [allowed], { end: 'cut' });
  assert.equal(replay(scene(), [step({ ...withoutBody, bodyError: 'TypeError' }, cut)]).fault, 'server');
  assert.equal(replay(scene(), [step({ settled: 'unsettled', durationMs: 9 }, cut)]).fault, 'server');
});

test('a failure after a complete answer that is not CORS is none of the engine’s', () => {
  const moved = exchange('GET', [allowed, ['Location', 'data:,']], {
    response: { status: 302, headers: [allowed, ['Location', 'data:,']], bodyBytes: 0 },
  });
  assert.equal(replay(scene(), [step(refused, moved)]).fault, 'server');
});

test('steps share the preflight cache, by the clock of the record', () => {
  const put: RequestStep = { request: { method: 'PUT' }, expect: { outcome: 'readable' } };
  const preflight = exchange('OPTIONS', [
    allowed,
    ['Access-Control-Allow-Methods', 'PUT'],
    ['Access-Control-Max-Age', '2'],
  ]);
  const actual = exchange('PUT', [allowed]);
  const two = scene({}, { steps: [put, put] });
  const second = (startedMs: number) => ({ ...step(read, { ...actual, startedMs }), step: 1 });
  assert.equal(replay(two, [step(read, preflight, actual), second(1900)]).fault, 'server');
  assert.equal(replay(two, [step(read, preflight, actual), second(2500)]).fault, 'engine');
});

test('should compare requests and what script sees whole', () => {
  const sent = exchange('GET', [allowed], {
    request: {
      method: 'GET',
      url: MAIN,
      headers: [
        ['Host', 'localhost:3005'],
        ['Accept', '*/*'],
        ['Origin', PAGE],
      ],
      bodyBytes: 0,
    },
  });
  const differing = (change: Partial<StepObservation['script']>, more: Exchange = sent) =>
    replay(scene(), [step({ ...read, ...change }, more)]).steps[0]?.difference;
  assert.equal(differing({}), undefined);
  assert.match(differing({ body: '' }) ?? '', /^body/);
  assert.match(differing({ url: PAGE }) ?? '', /^url/);
  assert.match(differing({ redirected: true }) ?? '', /^redirected/);
  assert.match(
    differing({ settled: 'rejected', error: { name: 'NetworkError', message: '' } }) ?? '',
    /^settled/,
  );
  const cookie = { ...sent.request, headers: [...sent.request.headers, ['Cookie', 'a=b'] as const] };
  assert.match(differing({}, { ...sent, request: cookie }) ?? '', /^GET:cookie/);
});

test('should not call a cookie of a request with credentials a deviation', () => {
  const headers = [
    ['Accept', '*/*'],
    ['Origin', PAGE],
    ['Cookie', 'from=elsewhere'],
  ] as const;
  const sent = exchange('GET', [allowed, ['Access-Control-Allow-Credentials', 'true']], {
    request: { method: 'GET', url: MAIN, headers, bodyBytes: 0 },
  });
  assert.equal(replay(scene({ credentials: 'include' }), [step(read, sent)]).fault, 'server');
});
