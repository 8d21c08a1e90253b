import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import type { ProbeRun } from '../trial.ts';
import { askOf, ORIGIN, originLines, ran } from './ran.test-support.ts';

const findingsOf = (...probes: readonly ProbeRun[]) => ran(...probes).findings;

test('should say that what compares origins refuses this one where a request without an Origin is served', () => {
  const refused = askOf({ ask: 'allowed' }, 403, []);
  const whyWith = (status: number) =>
    findingsOf(askOf({ ask: 'no-origin', origin: null }, status, []), refused).map(
      ({ id, why }) => `${id}: ${why}`,
    );
  assert.deepEqual(whyWith(200), [
    'origin-not-allowed: A request without an Origin is served: what compares origins here refuses this one',
  ]);
  assert.doesNotMatch(whyWith(403).join(), /compares origins/);
});

test('should take a preflight for one whose origin is refused where its answer lists methods but no origin', () => {
  const preflight = { ask: 'preflights', method: 'PUT', preflight: true } as const;
  const idsOf = (status: number, lines: readonly HeaderLine[]) =>
    findingsOf(
      askOf(preflight, status, [...lines, ['Access-Control-Allow-Methods', 'GET, PUT']]),
      askOf({ ask: 'allowed' }, 200, []),
    ).map(({ id }) => id);
  assert.deepEqual(idsOf(400, []), ['origin-not-allowed']);
  assert.deepEqual(idsOf(400, originLines(ORIGIN)), ['preflight-status', 'origin-not-allowed']);
  assert.ok(idsOf(401, []).includes('preflight-auth'));
});

test('should advise about the body, or the name of the host, where a request is answered as a bad one', () => {
  const fixOf = (status: number, method: string) =>
    findingsOf(askOf({ ask: 'allowed', method }, status, [...originLines(ORIGIN), ['Vary', 'Origin']])).find(
      ({ id }) => id === 'resource-fails',
    )?.fix ?? '';
  assert.match(fixOf(400, 'GET'), /serve the host name api\.example\.com, too/);
  assert.doesNotMatch(fixOf(404, 'GET'), /host name|body/);
  const put = askOf({ ask: 'allowed', method: 'PUT' }, 422, originLines(ORIGIN));
  const { exchange } = put;
  const sent = { ...put, exchange: { ...exchange, request: { ...exchange.request, bodyBytes: 2 } } };
  assert.match(findingsOf(sent).find(({ id }) => id === 'resource-fails')?.fix ?? '', /correct the body/);
});
