/** Why a request fails although every answer of it passes the CORS check. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../wire/exchange.ts';
import { diagnoseEnd } from './diagnose.ts';

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
