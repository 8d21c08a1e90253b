import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnswerFacts, ASKING_ORIGIN, type CorsHeader } from './facts.ts';
import { type HeaderChange, weigh } from './weigh.ts';

const ALLOWED = { 'access-control-allow-origin': ASKING_ORIGIN };
const ANY = { 'access-control-allow-origin': '*' };

interface Situation {
  readonly on?: HeaderChange['on'];
  readonly method?: string;
  readonly both?: AnswerFacts['headers'];
  readonly varies?: { readonly before: boolean; readonly after: boolean };
}

function levelOf(
  name: HeaderChange['name'],
  before: string | null,
  after: string | null,
  { on = 'actual', method = on === 'preflight' ? 'OPTIONS' : 'GET', both = ALLOWED, varies }: Situation = {},
): string {
  const answer = (value: string | null): AnswerFacts => ({
    role: on,
    method,
    status: 200,
    headers: value === null ? both : { ...both, [name]: value },
  });
  const around = {
    before: answer(before),
    after: answer(after),
    varies: varies ?? { before: true, after: true },
  };
  return weigh({ on, name, before, after }, around).level;
}

describe('weigh', () => {
  test('should take Vary as seriously as caches have to', () => {
    assert.equal(levelOf('vary', 'origin', null), 'wire');
    assert.equal(levelOf('vary', null, 'origin'), 'wire');
    assert.equal(levelOf('vary', 'accept, origin', '*'), 'form');
    const constant = { varies: { before: false, after: false } };
    assert.equal(levelOf('vary', 'origin', null, constant), 'form');
    assert.equal(levelOf('vary', null, 'origin', constant), 'form');
    // It was the same for every origin and is not any more: now it is needed.
    assert.equal(levelOf('vary', 'origin', null, { varies: { before: false, after: true } }), 'wire');
    assert.equal(levelOf('vary', 'origin', null, { varies: { before: true, after: false } }), 'form');
    assert.equal(levelOf('vary', 'origin', null, { on: 'preflight' }), 'form');
    assert.equal(levelOf('vary', 'origin', null, { method: 'PUT' }), 'form');
    assert.equal(levelOf('vary', 'origin', 'origin, x-cors-conformance'), 'wire');
  });

  test('should count header lines only where browsers go by them', () => {
    const lists: CorsHeader[] = [
      'access-control-allow-methods',
      'access-control-allow-headers',
      'access-control-max-age',
    ];
    for (const name of lists) {
      assert.equal(levelOf(name, 'a', 'b', { on: 'preflight' }), 'wire', name);
      assert.equal(levelOf(name, 'a', 'b', { on: 'preflight', both: {} }), 'form', name);
      assert.equal(levelOf(name, 'a', 'b'), 'form', name);
    }
    assert.equal(levelOf('access-control-expose-headers', 'a', 'b'), 'wire');
    assert.equal(levelOf('access-control-expose-headers', 'a', 'b', { both: {} }), 'form');
    assert.equal(levelOf('access-control-expose-headers', 'a', 'b', { on: 'preflight' }), 'form');
    assert.equal(levelOf('access-control-allow-credentials', null, 'true'), 'wire');
    assert.equal(levelOf('access-control-allow-credentials', null, 'true', { both: ANY }), 'form');
    assert.equal(levelOf('access-control-allow-credentials', null, 'true', { both: {} }), 'form');
  });

  test('should count every change of who is named, and of the answer itself', () => {
    assert.equal(levelOf('access-control-allow-origin', ASKING_ORIGIN, '*', { both: {} }), 'wire');
    assert.equal(levelOf('access-control-allow-origin', null, 'https://other.example', { both: {} }), 'wire');
    assert.equal(levelOf('access-control-allow-private-network', null, 'true'), 'wire');
    assert.equal(levelOf('status', '200', '403'), 'wire');
    assert.equal(levelOf('status', '200', '204', { on: 'preflight' }), 'form');
    assert.equal(levelOf('end', null, 'cut'), 'wire');
  });
});
