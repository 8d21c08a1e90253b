import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abilitiesOf } from './abilities.ts';
import type { Case, RequestStep } from './schema.ts';

const caseOf = (step: Partial<RequestStep>, more: Partial<Case> = {}): Case => ({
  id: 'x',
  title: 'x',
  spec: [],
  steps: [{ request: {}, expect: { outcome: 'readable' }, ...step } as RequestStep],
  ...more,
});

test('should name what the page of a case needs', () => {
  assert.deepEqual(abilitiesOf(caseOf({})), ['fetch()'], 'fetch() is the default');
  assert.deepEqual(abilitiesOf(caseOf({ request: { api: 'xhr' } })), []);
  assert.deepEqual(abilitiesOf(caseOf({ request: { api: 'beacon' } })), ['navigator.sendBeacon()']);
  assert.deepEqual(abilitiesOf(caseOf({ request: { body: { stream: 'x' }, reads: 'cache-api' } })), [
    'fetch()',
    'ReadableStream',
    'the Cache API',
  ]);
});

test('should name what its realm and its headers need', () => {
  const xhr = { request: { api: 'xhr' } } as const;
  assert.deepEqual(abilitiesOf(caseOf(xhr, { realm: 'worker' })), ['Worker']);
  assert.deepEqual(abilitiesOf(caseOf({ ...xhr, realm: 'page' }, { realm: 'worker' })), []);
  assert.deepEqual(abilitiesOf(caseOf({ ...xhr, frame: 'other-site' })), ['frames that can be sent a port']);
  assert.deepEqual(abilitiesOf(caseOf(xhr, { realm: 'controlled-frame' })), [
    'service workers',
    'frames that can be sent a port',
  ]);
  assert.deepEqual(abilitiesOf(caseOf(xhr, { csp: "connect-src 'self'" })), ['Content-Security-Policy']);
});
