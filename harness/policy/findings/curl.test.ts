import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../../wire/exchange.ts';
import { curlFor } from './curl.ts';

const exchangeOf = (status: number, body: string): Exchange => ({
  role: 'actual',
  resource: '/x',
  request: {
    method: 'POST',
    url: 'https://api.example.com/x?y',
    headers: [
      ['Origin', 'https://app.example.com'],
      ['Authorization', 'Bearer t'],
    ],
    bodyBytes: body.length,
    body,
  },
  response: { status, headers: [], bodyBytes: 0 },
  end: 'complete',
  connection: 1,
  startedMs: 0,
  endedMs: 1,
});
const lineOf = (status: number, body: string): string =>
  curlFor(exchangeOf(status, body), 'http://localhost:3000', new Set());

test('should give a line for the shell without the values of secrets', () => {
  assert.equal(
    lineOf(200, '{}'),
    `curl -i -X POST -H 'Origin: https://app.example.com' -H "Authorization: $AUTHORIZATION" 'http://localhost:3000/x?y'`,
  );
});

test('should take a compressed answer as browsers do: what compresses it may change its header lines', () => {
  const exchange = exchangeOf(200, '');
  const response = { status: 200, headers: [['Content-Encoding', 'br'] as const], bodyBytes: 1 };
  assert.match(curlFor({ ...exchange, response }, undefined, new Set()), /^curl -i --compressed -X POST/);
});

test('should send what browsers add, where the answer says that it depends on it', () => {
  const exchange = exchangeOf(200, '');
  const request = {
    ...exchange.request,
    headers: [['Accept-Language', 'en'] as const, ['User-Agent', 'x'] as const],
  };
  const response = { status: 200, headers: [['Vary', 'Accept-Language'] as const], bodyBytes: 1 };
  assert.equal(
    curlFor({ ...exchange, request, response }, undefined, new Set()),
    "curl -i -X POST -H 'Accept-Language: en' 'https://api.example.com/x?y'",
  );
});

test('should ask in the language of the request, unless that is English', () => {
  const lineFor = (language: string) => {
    const exchange = exchangeOf(200, '');
    const request = { ...exchange.request, headers: [['Accept-Language', language] as const] };
    return curlFor({ ...exchange, request }, undefined, new Set());
  };
  assert.match(lineFor('de-DE,de;q=0.9'), / -H 'Accept-Language: de-DE,de;q=0\.9' /);
  assert.doesNotMatch(lineFor('en-US,en;q=0.9'), /Accept-Language/);
});

test('should accept the codings that an answer may have failed at', () => {
  const lineFor = (status: number) => {
    const exchange = exchangeOf(status, '');
    const request = { ...exchange.request, headers: [['Accept-Encoding', 'gzip, zstd'] as const] };
    return curlFor({ ...exchange, request }, undefined, new Set());
  };
  assert.match(lineFor(500), / -H 'Accept-Encoding: gzip, zstd' /);
  assert.doesNotMatch(lineFor(404), /Accept-Encoding/);
});

test('should send the body that an error may be about, unless it is long or binary', () => {
  assert.match(lineOf(400, "{'bad"), / --data-raw '\{'\\''bad' 'http:/);
  assert.doesNotMatch(lineOf(400, 'x'.repeat(1_000)), /--data-raw/);
  assert.doesNotMatch(lineOf(400, 'a\0b'), /--data-raw/);
});
