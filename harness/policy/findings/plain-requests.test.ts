import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RANKS } from '../../verdict/finding.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import type { ProbeRun } from '../trial.ts';
import { askOf, originLines, ran } from './ran.test-support.ts';

const EVIL = 'https://evil.example';
const attacker = { id: 'unrelated-1', kind: 'unrelated', origin: EVIL, why: 'any is', browser: true };
const named: HeaderLine[] = [...originLines(EVIL), ['Vary', 'Origin']];

/** A request of any site, and what the answer allows. @param without headers that it leaves out */
const asked = (
  status: number,
  lines: readonly HeaderLine[],
  without?: readonly string[],
  ask = 'attackers',
) => askOf({ ask, origin: EVIL, attacker, ...(without && { without }) }, status, lines);
const plain = (status: number, lines: readonly HeaderLine[] = named) => asked(status, lines, ['X-Key']);

const only = (...probes: readonly ProbeRun[]) => {
  const { findings } = ran(...probes);
  assert.equal(findings.length, 1);
  return findings[0];
};

describe('a request without the headers that the policy sends', () => {
  test('should be an error where it reads what the policy is about, and say that it needs no preflight', () => {
    const found = only(plain(200));
    assert.deepEqual([found?.id, found?.severity, found?.rank], ['origin-reflected', 'error', 1]);
    assert.equal(found?.headline, "Any website can read GET /items with your users' cookies");
    assert.equal(found?.why, 'Without X-Key it needs no preflight, so that its answer alone decides');
    assert.deepEqual(found?.details, [
      `${EVIL} is allowed with credentials by a request without X-Key, which needs no preflight: any is.`,
    ]);
  });

  test('should say no more than others where the same page is let in with them', () => {
    const found = only(asked(200, named), plain(200), plain(401));
    assert.equal(found?.why, undefined);
    assert.deepEqual(found?.details, [`${EVIL} is allowed with credentials: any is.`]);
    assert.equal(found?.headline, "Any website can read GET /items with your users' cookies");
  });

  test('should be a warning where it reads a refusal alone, and name that', () => {
    const found = only(plain(401));
    assert.deepEqual([found?.severity, found?.rank], ['warning', RANKS.fragile]);
    assert.equal(
      found?.headline,
      "Any website can read the 401 answer of GET /items with your users' cookies",
    );
    assert.match(found?.details?.join() ?? '', /What is read is the 401 answer\.$/);
    assert.deepEqual(found?.places, ['GET /items']);
    assert.deepEqual(found?.exactly, {
      'GET /items': ['undeclared sites read the 401 answer with credentials'],
    });
  });

  test('should be for information where anybody gets that refusal, browser or not', () => {
    const found = only(plain(401, [['Access-Control-Allow-Origin', '*']]));
    assert.deepEqual([found?.id, found?.severity], ['origin-wildcard', 'note']);
    assert.equal(found?.headline, 'Any website can read the 401 answer of GET /items, without cookies');
  });

  test('should not hide that the declared request is carried out', () => {
    const put = askOf(
      { ask: 'attacker-preflights', method: 'PUT', origin: EVIL, attacker, preflight: true },
      204,
      [...named, ['Access-Control-Allow-Methods', 'PUT']],
    );
    const found = only(plain(401), put);
    assert.equal(found?.severity, 'error');
    assert.equal(
      found?.headline,
      "Any website can read the 401 answer of GET /items and have PUT /items carried out with your users' cookies",
    );
  });

  test('should not be told that a request is served where only its preflight without them was allowed', () => {
    const about = { ask: 'attacker-preflights', method: 'PUT', origin: EVIL, attacker, preflight: true };
    const found = only(
      askOf({ ...about, without: ['X-Key'] }, 204, [...named, ['Access-Control-Allow-Methods', 'PUT']]),
    );
    assert.match(found?.explanation ?? '', /Whether it is served without X-Key was not tried\.$/);
  });

  test('should not be missed in Vary where no cache keeps the refusal', () => {
    const refused = askOf({ ask: 'attackers', origin: EVIL, attacker, without: ['X-Key'] }, 401, []);
    const other = 'https://evil.test';
    const two = [
      refused,
      askOf(
        { ask: 'attackers', origin: other, attacker: { ...attacker, origin: other }, without: ['X-Key'] },
        401,
        [['Access-Control-Allow-Origin', 'https://app.example.com']],
      ),
    ];
    assert.deepEqual(ran(...two).findings, []);
  });

  test('should be put down to the part that it asks for only where nothing else lets it in', () => {
    const part = askOf(
      { ask: 'attacker-range', origin: EVIL, attacker: { ...attacker, why: 'any is, of a part' } },
      206,
      named,
    );
    assert.match(only(part)?.details?.join() ?? '', /any is, of a part\.$/);
    assert.doesNotMatch(only(part, asked(200, named))?.details?.join() ?? '', /of a part/);
  });
});
