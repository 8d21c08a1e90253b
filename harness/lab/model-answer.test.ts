import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoundAnswer } from '../case/script.ts';
import { interpret } from './model-answer.ts';

const cut: BoundAnswer = {
  status: 404,
  reason: 'Not Found',
  headers: [['Content-Length', '8']],
  body: 'received',
  chunked: false,
  interim: [],
  trailers: [],
  delayMs: 0,
  fault: 'reset-in-body',
  close: false,
};

const receivedOf = (answer: BoundAnswer): string | undefined => {
  const { reply } = interpret(answer, 'GET');
  return reply?.kind === 'response' ? reply.received : undefined;
};

test('should take half of a body to have arrived before a reset', () => {
  assert.equal(receivedOf(cut), 'rece');
});

test('should take the same of it to have arrived after interim responses', () => {
  const hints = { status: 103, headers: [['Link', '</a>; rel=preload']] as [string, string][] };
  assert.equal(receivedOf({ ...cut, interim: [{ status: 100, headers: [] }, hints] }), 'rece');
});
