import assert from 'node:assert/strict';
import test from 'node:test';
import { type CorsFailure, corsCheck } from './cors-check.ts';
import type { Header } from './header-list.ts';

const ORIGIN = 'https://app.example';
const acao = (value: string): Header => ['Access-Control-Allow-Origin', value];
const acac = (value: string): Header => ['access-control-allow-credentials', value];

const cases: [title: string, credentials: string, headers: Header[], failure: CorsFailure | null][] = [
  ['no header', 'omit', [], 'allow-origin-missing'],
  ['the origin', 'same-origin', [acao(ORIGIN)], null],
  ['a star', 'omit', [acao('*')], null],
  ['a star with credentials', 'include', [acao('*'), acac('true')], 'allow-origin-wildcard-with-credentials'],
  ['an empty value', 'omit', [acao('')], 'allow-origin-differs'],
  ['a trailing slash', 'omit', [acao(`${ORIGIN}/`)], 'allow-origin-differs'],
  ['another case', 'omit', [acao(ORIGIN.toUpperCase())], 'allow-origin-differs'],
  ['the default port', 'omit', [acao(`${ORIGIN}:443`)], 'allow-origin-differs'],
  ['a pattern', 'omit', [acao('https://*.example')], 'allow-origin-differs'],
  ['two equal lines', 'omit', [acao(ORIGIN), acao(ORIGIN)], 'allow-origin-differs'],
  ['two stars', 'omit', [acao('*'), acao('*')], 'allow-origin-differs'],
  ['an empty line before', 'omit', [acao(''), acao('*')], 'allow-origin-differs'],
  ['a vertical tab', 'omit', [acao('*\x0b')], 'allow-origin-differs'],
  ['null', 'omit', [acao('null')], 'allow-origin-differs'],
  ['garbage for credentials that are not there', 'omit', [acao(ORIGIN), acac('false')], null],
  ['credentials', 'include', [acao(ORIGIN), acac('true')], null],
  ['credentials without permission', 'include', [acao(ORIGIN)], 'allow-credentials-missing'],
  ['True', 'include', [acao(ORIGIN), acac('True')], 'allow-credentials-differs'],
  ['true twice', 'include', [acao(ORIGIN), acac('true'), acac('true')], 'allow-credentials-differs'],
];
for (const [title, credentials, headers, failure] of cases) {
  test(`should ${failure ? 'refuse' : 'accept'} ${title}`, () => {
    const result = corsCheck(ORIGIN, credentials, headers);
    assert.equal(result.ok, failure === null);
    assert.equal(result.failure, failure ?? undefined);
  });
}

test('should let null stand for null', () => {
  assert.equal(corsCheck('null', 'include', [acao('null'), acac('true')]).ok, true);
  assert.equal(corsCheck('null', 'omit', [acao('NULL')]).ok, false);
});
