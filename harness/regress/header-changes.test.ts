import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnswerFacts, ASKING_ORIGIN, type CorsHeader } from './facts.ts';
import { classifyHeaderChange, type HeaderChange, type HeaderChangeClass } from './header-changes.ts';
import type { OriginKind } from './plan.ts';

const ALLOWED = { 'access-control-allow-origin': ASKING_ORIGIN };
const ANY = { 'access-control-allow-origin': '*' };

interface Situation {
  readonly on?: HeaderChange['on'];
  readonly method?: string;
  readonly both?: AnswerFacts['headers'];
  readonly varies?: { readonly before: boolean; readonly after: boolean };
  readonly everywhere?: boolean;
  readonly originKind?: OriginKind;
  readonly blocked?: boolean;
  readonly refused?: boolean;
}

function classOf(change: Omit<HeaderChange, 'on'>, situation: Situation = {}): HeaderChangeClass {
  const { on = 'actual', both = ALLOWED, varies, everywhere = true } = situation;
  const { method = on === 'preflight' ? 'OPTIONS' : 'GET' } = situation;
  const { name, before, after } = change;
  const answer = (value: string | null): AnswerFacts => ({
    role: on,
    method,
    status: 200,
    headers: value === null ? both : { ...both, [name]: value },
  });
  const traits = (side: 'before' | 'after') => ({
    varies: varies?.[side] ?? true,
    varyEverywhere: everywhere,
  });
  return classifyHeaderChange(
    { on, name, before, after },
    {
      before: answer(before),
      after: answer(after),
      path: { before: traits('before'), after: traits('after') },
      originKind: situation.originKind ?? 'listed',
      blockedEitherWay: situation.blocked ?? false,
      refused: situation.refused ?? false,
    },
  );
}

const levelOf = (
  name: HeaderChange['name'],
  before: string | null,
  after: string | null,
  situation: Situation = {},
): string => classOf({ name, before, after }, situation).level;

describe('classifyHeaderChange', () => {
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

  test('should take an empty list, a false and a default for what their absence is', () => {
    const preflight = { on: 'preflight' } as const;
    assert.equal(levelOf('access-control-expose-headers', '', null), 'form');
    assert.equal(levelOf('access-control-allow-headers', null, '', preflight), 'form');
    assert.equal(levelOf('access-control-allow-credentials', 'false', null), 'form');
    assert.equal(levelOf('access-control-allow-credentials', 'true', 'false'), 'wire');
    assert.equal(levelOf('access-control-max-age', '', null, preflight), 'form');
    assert.equal(levelOf('access-control-max-age', null, '5', preflight), 'form');
    assert.equal(levelOf('access-control-max-age', null, '0', preflight), 'wire');
    assert.equal(
      levelOf('access-control-allow-methods', null, '', preflight),
      'wire',
      'by the Standard, only an absent list allows the method of an upload that script listens to',
    );
  });

  test('should call items form that nobody looks for in the list', () => {
    const preflight = { on: 'preflight' } as const;
    const [methods, headers, exposed] = [
      'access-control-allow-methods',
      'access-control-allow-headers',
      'access-control-expose-headers',
    ] as const;
    assert.equal(levelOf(methods, 'GET, PUT', 'GET, HEAD, POST, PUT, TRACE', preflight), 'form');
    assert.equal(levelOf(methods, 'GET, PUT', 'GET, OPTIONS, PUT', preflight), 'wire');
    assert.equal(levelOf(methods, null, 'GET', preflight), 'wire', 'an upload may then have fewer methods');
    // django-cors-headers 4.0.0
    const change = classOf(
      { name: headers, before: 'accept, accept-encoding, dnt, origin', after: 'accept' },
      preflight,
    );
    assert.deepEqual(change, {
      level: 'form',
      meaning: 'The lists differ in accept-encoding, dnt, origin only, which script cannot set.',
    });
    assert.equal(levelOf(headers, 'accept, dnt', 'dnt', preflight), 'wire');
    assert.equal(levelOf(exposed, 'content-type', null), 'form');
    assert.equal(levelOf(exposed, 'content-type', 'content-type, set-cookie'), 'form');
    assert.equal(levelOf(exposed, 'content-type', '*'), 'wire');
  });

  test('should say of an empty Access-Control-Allow-Origin that it allowed nobody', () => {
    const gone = { name: 'access-control-allow-origin', before: '', after: null } as const;
    assert.match(classOf(gone, { originKind: 'none' }).meaning, /which allowed nobody/);
    assert.match(classOf(gone, { both: {} }).meaning, /no longer has an empty/);
    // fastify-cors 5
    const no = { ...gone, before: 'false' };
    assert.match(
      classOf(no, { originKind: 'none' }).meaning,
      /no longer has "false" in .*, which allowed nobody/,
    );
    assert.match(classOf(no, { both: {} }).meaning, /before or after; the answer no longer has "false" in/);
    const one = { ...gone, before: '*', after: 'https://app.example' };
    assert.match(classOf(one, { originKind: 'none' }).meaning, /one origin instead of everyone/);
  });

  test("should not call a request of the server's own origin one without Origin", () => {
    const change = { name: 'access-control-allow-origin', before: ASKING_ORIGIN, after: '*' } as const;
    assert.match(classOf(change, { originKind: 'none' }).meaning, /instead of naming the origin that asked/);
  });

  test('should say how an answer ended', () => {
    const meaning = (before: string | null, after: string | null) =>
      classOf({ name: 'end', before, after }).meaning;
    assert.equal(meaning('no-answer', null), 'The request had no answer before, and now has a whole one.');
    assert.equal(meaning(null, 'cut'), 'The request now has an answer that is cut off.');
    assert.equal(
      meaning('malformed', 'no-answer'),
      'The request now has no answer; before, it had an answer that was no valid HTTP.',
    );
  });

  test('should say of a Vary that is copied whether it still is', () => {
    const meaning = (before: string, after: string) => classOf({ name: 'vary', before, after }).meaning;
    assert.match(meaning('origin, x-cors-conformance', 'origin'), /no longer copied/);
    assert.match(meaning('origin', 'origin, x-cors-conformance'), /now copied/);
  });

  test('should not promise what a Vary of some answers does not keep', () => {
    const gained = { name: 'vary', before: null, after: 'origin' } as const;
    assert.match(classOf(gained).meaning, /keep the answers to different origins apart/);
    assert.match(classOf(gained, { everywhere: false }).meaning, /not in all.*may still/);
  });

  test('should take a preflight that fails as a change, unless it is refused anyway', () => {
    const fails = { name: 'status', before: '200', after: '400' } as const;
    assert.equal(classOf(fails, { on: 'preflight' }).level, 'wire');
    assert.match(classOf(fails, { on: 'preflight' }).meaning, /passed with 200 and now fails with 400/);
    assert.equal(classOf(fails, { on: 'preflight', blocked: true }).level, 'form');
    assert.equal(classOf(fails, { on: 'preflight', originKind: 'unlisted' }).level, 'form');
    const options = { ...fails, after: '405' };
    const none = { method: 'OPTIONS', originKind: 'none' } as const;
    assert.equal(classOf(options, none).level, 'wire');
    assert.equal(classOf({ ...fails, after: '204' }, none).level, 'form');
  });
});
