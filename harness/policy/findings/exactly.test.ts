import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RANKS } from '../../verdict/finding.ts';
import type { Symptom } from '../trial.ts';
import { exactlyOf } from './exactly.ts';

const symptom = (own: Partial<Symptom>): Symptom => ({ resource: 'x', place: 'GET /x', saw: '', ...own });

const exactly = (own: readonly Partial<Symptom>[], rank: number = RANKS.fails) =>
  exactlyOf({ rank }, own.map(symptom));

test('should name what it is about at each place, each once', () => {
  const [origin, names] = ['https://app.example.com', ['x-b', 'x-a']];
  assert.deepEqual(
    exactly([{ origin, names }, { origin }, { place: '/y', exactly: 'status 500' }, { place: '/z' }]),
    {
      'GET /x': [origin, 'x-a', 'x-b'],
      '/y': ['status 500'],
    },
  );
});

test('should say what undeclared sites can do, not which ones were tried', () => {
  const origin = 'http://localhost:34567';
  const attacker = { id: 'port-1', kind: 'port', origin, why: '', browser: true };
  assert.deepEqual(exactly([{ origin, attacker }]), { 'GET /x': ['undeclared sites read'] });
  assert.deepEqual(exactly([{ origin, attacker, credentials: true }]), {
    'GET /x': ['undeclared sites read', 'undeclared sites read with credentials'],
  });
  assert.deepEqual(exactly([{ origin, attacker, credentials: true, carriedOut: true }]), {
    'GET /x': ['requests of undeclared sites are carried out'],
  });
});

test('should name the engine only where it is about engines', () => {
  assert.deepEqual(exactly([{ engine: 'firefox' }]), {});
  assert.deepEqual(exactly([{ engine: 'firefox' }], RANKS.engine), { 'GET /x': ['firefox'] });
});
