import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictedStep, StepObservation } from '../case/observation.ts';
import { type Ports, SERVERS } from '../case/places.ts';
import type { Exchange } from '../wire/exchange.ts';
import { differencesFrom, isAside } from './whole.ts';

const ports = Object.fromEntries(SERVERS.map((name, n) => [name, { http: 1 + n, https: 9 + n }])) as Ports;

const exchange = (more: Partial<Exchange['request']> = {}, rest: Partial<Exchange> = {}): Exchange => ({
  role: 'actual',
  resource: 'main',
  request: {
    method: 'POST',
    url: `http://localhost:${ports.target.http}/c/n/main`,
    headers: [],
    bodyBytes: 0,
    ...more,
  },
  response: { status: 200, headers: [], bodyBytes: 0 },
  end: 'complete',
  connection: 1,
  startedMs: 0,
  endedMs: 0,
  ...rest,
});
const predicted = (...exchanges: Exchange[]): PredictedStep[] => [
  { step: 0, script: { settled: 'resolved', durationMs: 0 }, exchanges, wire: [] },
];
const observed = (...exchanges: Exchange[]): StepObservation[] => [
  { step: 0, script: { settled: 'resolved', durationMs: 7 }, exchanges },
];
const ids = (expected: Exchange[], seen: Exchange[]): string[] =>
  differencesFrom(predicted(...expected), observed(...seen)).map(({ id }) => id);

test('should find no difference in what an engine may choose', () => {
  const chosen = [
    'Host',
    'Connection',
    'User-Agent',
    'Accept-Encoding',
    'Accept-Language',
    'Priority',
    'sec-ch-ua',
    'Sec-Fetch-Storage-Access',
  ].map(name => [name, 'x'] as const);
  assert.deepEqual(ids([exchange()], [exchange({ headers: chosen })]), []);
});

test('should compare what an engine may choose once script has chosen it', () => {
  const set = exchange({
    headers: [
      ['Accept-Language', 'en'],
      ['User-Agent', 'own'],
    ],
  });
  const other = exchange({
    headers: [
      ['Accept-Language', 'de'],
      ['User-Agent', 'own'],
    ],
  });
  assert.deepEqual(ids([set], [other]), ['POST:accept-language']);
  assert.deepEqual(ids([set], [exchange({ headers: [['Accept-Language', 'en']] })]), ['POST:user-agent']);
});

test('should compare header lines by their combined value, without the whitespace around it', () => {
  const apart = exchange({
    headers: [
      ['X-A', '1'],
      ['x-a', '2 '],
    ],
  });
  assert.deepEqual(ids([apart], [exchange({ headers: [['X-A', '1, 2']] })]), []);
  assert.deepEqual(ids([apart], [exchange({ headers: [['X-A', '1,2']] })]), ['POST:x-a']);
});

test('should not compare boundaries, which engines make up', () => {
  const form = (
    boundary: string,
    type = `multipart/form-data; boundary=${boundary}`,
    value = 'b',
  ): Exchange => {
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}--\r\n`;
    return exchange({
      headers: [
        ['Content-Type', type],
        ['Content-Length', String(body.length)],
      ],
      body,
      bodyBytes: body.length,
    });
  };
  assert.deepEqual(ids([form('----x')], [form('----geckoformboundary1')]), []);
  assert.deepEqual(ids([form('----x', 'text/plain')], [form('----y', 'text/plain')]), []);
  assert.deepEqual(ids([form('----x')], [form('----y', undefined, 'c')]), ['POST:body']);
});

test('should compare the length of a body of which only the beginning is kept', () => {
  const long = (bodyBytes: number) => exchange({ body: 'xxx', bodyBytes });
  assert.deepEqual(ids([long(5000)], [long(5000)]), []);
  assert.deepEqual(ids([long(5000)], [long(5001)]), ['POST:body']);
});

test('should let an engine repeat a request that was not answered, and no other', () => {
  const lost = exchange({}, { response: null, end: 'no-answer' });
  assert.deepEqual(ids([lost], [lost, lost]), []);
  assert.deepEqual(ids([exchange()], [exchange(), exchange()]), ['wire']);
  assert.deepEqual(ids([lost], [lost, exchange({ method: 'GET' })]), ['wire']);
});

test('should tell the requests of one name apart', () => {
  const first = exchange({ headers: [['X-A', '1']] });
  assert.deepEqual(ids([first, first], [first, exchange()]), ['POST #2:x-a']);
});

test('should set headers apart that play no part in the CORS protocol', () => {
  const aside = ['2.GET hop2:sec-fetch-site', 'GET:referer', 'OPTIONS:cache-control', 'GET:pragma'];
  assert.ok(aside.every(id => isAside({ id })));
  assert.ok(!['GET:origin', 'GET:cookie', 'headers', 'PUT:x-referer'].some(id => isAside({ id })));
});
