import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedExchange, KEPT_LINES, KEPT_VALUE } from './bounds.ts';
import type { Exchange, HeaderLine } from './exchange.ts';

const exchange = (headers: readonly HeaderLine[], note?: string): Exchange => ({
  role: 'actual',
  resource: '/',
  request: { method: 'GET', url: 'http://a.example/', headers: [], bodyBytes: 0 },
  response: { status: 200, headers, bodyBytes: 0 },
  end: 'complete',
  connection: 1,
  startedMs: 0,
  endedMs: 1,
  ...(note !== undefined && { note }),
});

test('should keep an ordinary exchange as it is', () => {
  const ordinary = exchange([['Vary', 'Origin']]);
  assert.deepEqual(boundedExchange(ordinary), ordinary);
});

test('should say how many header lines it leaves out, and keep those that decide', () => {
  const many = Array.from({ length: 500 }, (_, n): HeaderLine => [`X-${n}`, 'a']);
  const { response, note } = boundedExchange(
    exchange([...many, ['Access-Control-Allow-Origin', '*']], 'the server closed'),
  );
  assert.equal(response?.headers.length, KEPT_LINES + 1);
  assert.deepEqual(response?.headers.at(-1), ['Access-Control-Allow-Origin', '*']);
  assert.equal(note, 'the server closed; 400 more header lines are not recorded');
});

test('should bound the lines that decide, too, and say how much of a value it leaves out', () => {
  const same = Array.from({ length: 1_000 }, (): HeaderLine => ['Vary', 'a'.repeat(KEPT_VALUE + 5)]);
  const headers = boundedExchange(exchange(same)).response?.headers ?? [];
  assert.equal(headers.length, 2 * KEPT_LINES);
  assert.match(headers[0]?.[1] ?? '', /^a{4096} \[and 5 more characters\]$/);
});
