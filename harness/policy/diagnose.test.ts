/** Why a request fails although every answer of it passes the CORS check. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../wire/exchange.ts';
import { diagnose, diagnoseEnd } from './diagnose.ts';

const cut = (note?: string) => {
  const request = { method: 'GET', url: 'https://api.example/items', headers: [] };
  const response = { status: 200, headers: [] };
  return diagnoseEnd([{ role: 'actual', request, response, end: 'cut', note } as unknown as Exchange]);
};

test('should tell an answer that the server breaks off from one that the page gave up', () => {
  const seen = (note?: string) => {
    const reason = cut(note);
    return reason?.id === 'cut' ? reason.note : reason;
  };
  assert.equal(seen('the server closed the connection'), 'the server closed the connection');
  assert.equal(seen(), 'it ends before its body does');
  for (const note of [
    'the client reset the connection',
    'the client closed the connection',
    'still in flight',
  ])
    assert.equal(seen(note), 'it had not ended when the page gave it up');
});

test('should tell what no browser takes for HTTP, and what no client can decode', () => {
  const asked = { origin: 'https://app.example', credentials: false, method: 'GET', headers: [] };
  const answered = (more: object) =>
    ({
      role: 'actual',
      request: { method: 'GET', url: 'https://api.example/items', headers: [['Origin', asked.origin]] },
      response: { status: 200, headers: [['Access-Control-Allow-Origin', '*']], bodyBytes: 2, ...more },
      end: 'complete',
    }) as unknown as Exchange;
  assert.equal(diagnose([answered({})], asked), null);
  assert.equal(diagnoseEnd([answered({})]), null);
  const nul = [
    ['Access-Control-Allow-Origin', '*'],
    ['X-N', 'a\0b'],
  ];
  assert.deepEqual(diagnose([answered({ headers: nul })], asked), {
    id: 'no-answer',
    at: 'response',
    note: 'the value of X-N holds a NUL, LF or CR byte',
  });
  const coded = { headers: [['Content-Encoding', 'gzip']], undecodable: true };
  assert.deepEqual(diagnoseEnd([answered(coded)]), { id: 'undecodable', at: 'response', coding: 'gzip' });
  const preflight = { ...answered(coded), role: 'preflight' as const };
  assert.deepEqual(diagnoseEnd([preflight]), { id: 'undecodable', at: 'preflight', coding: 'gzip' });
});

test('should tell a redirect that browsers refuse from one to a server that was not asked', () => {
  const led = (from: string, to: string) => {
    const response = {
      status: 302,
      reason: 'Found',
      version: '1.1',
      headers: [['Location', to]],
      bodyBytes: 0,
    };
    const request = { method: 'GET', url: from, headers: [], bodyBytes: 0, body: '' };
    const reason = diagnoseEnd([
      { role: 'actual', request, response, end: 'complete' } as unknown as Exchange,
    ]);
    assert.ok(reason?.id === 'redirect-target');
    return reason.elsewhere ?? reason.how;
  };
  const from = 'https://localhost:8000/a';
  assert.equal(led(from, 'https://files.example/a'), 'https://files.example');
  assert.equal(led(from, 'http://127.0.0.1:9000/a'), 'http://127.0.0.1:9000');
  assert.match(led(from, 'http://files.example/a'), /mixed content/);
  assert.match(led(from, 'http://localhost:8000/b'), /mixed content/);
  assert.match(led(from, 'https://user@files.example/a'), /user name/);
});
