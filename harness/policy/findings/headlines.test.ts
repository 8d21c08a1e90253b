import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { CHECKS } from '../checks/index.ts';
import type { ProbeRun } from '../trial.ts';
import { askOf, ORIGIN, originLines, ran } from './ran.test-support.ts';

const first = (...probes: readonly ProbeRun[]) => {
  const [found] = ran(...probes).findings;
  assert.ok(found);
  return found;
};

const VARY: HeaderLine = ['Vary', 'Origin'];

describe('a headline', () => {
  test('should agree with the number of places', () => {
    const told = { carriedOut: '', names: 'X-E', several: false, how: '', origin: '', credentials: false };
    const lineOf = (id: string, plural: boolean) => {
      const where = plural ? 'GET /a and GET /b' : 'GET /a';
      return CHECKS.find(check => check.id === id)?.headline({ ...told, where, plural }) ?? '';
    };
    assert.match(lineOf('not-modified-without-cors', true), /whether GET \/a and GET \/b have changed$/);
    assert.match(lineOf('not-modified-without-cors', false), /whether GET \/a has changed$/);
    assert.match(lineOf('error-without-cors', true), /GET \/b fail: the errors have/);
    assert.match(lineOf('resource-fails', true), /so they could not/);
    assert.match(lineOf('redirect-elsewhere', true), /GET \/b lead was not tried: they redirect/);
    assert.match(lineOf('vary-ignored', true), /the answers of .* that were made/);
    for (const { id } of CHECKS)
      assert.doesNotMatch(lineOf(id, true), /GET \/b (?:has|is|was|fails|leads|that was)\b/, id);
  });

  const preflight = (seconds: string) =>
    askOf({ ask: 'preflights', preflight: true, method: 'PUT' }, 204, [
      ...originLines(ORIGIN),
      ['Access-Control-Allow-Methods', 'GET, PUT'],
      ['Access-Control-Max-Age', seconds],
    ]);

  test('should say whether a preflight is remembered for longer, for a shorter time or not at all', () => {
    assert.match(first(preflight('0')).headline ?? '', /^Browsers do not remember the preflight of \/items,/);
    assert.match(first(preflight('60')).headline ?? '', /\/items for a shorter time than declared$/);
    assert.match(first(preflight('6000')).headline ?? '', /\/items for longer than declared$/);
    assert.match(first(preflight('60'), preflight('6000')).headline ?? '', /for another time than declared$/);
  });

  test('should count the places that are listed, and none beside what is declared', () => {
    const lacks = (path: string, unasked: boolean) =>
      askOf({ ask: 'errors', resource: 'errors', path, ...(unasked && { unasked }) }, 404, [VARY]);
    const allowed = askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]);
    const declared = first(allowed, lacks('/missing', false), lacks('/no-such-path', true));
    assert.deepEqual([declared.places, declared.severity], [['GET /missing'], 'error']);
    assert.match(declared.headline ?? '', /why GET \/missing fails/);
    const beside = first(allowed, lacks('/no-such-path', true));
    assert.deepEqual([beside.places, beside.severity], [['GET /no-such-path'], 'note']);
  });

  test('should go with what an answer 304 carries', () => {
    const found = (lines: readonly HeaderLine[]) =>
      first(
        askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]),
        askOf({ ask: 'conditional' }, 304, [VARY, ...lines]),
      );
    const none = found([]);
    assert.deepEqual([none.severity, none.why], ['warning', 'It carries no Access-Control-Allow-Origin']);
    const other = found([['Access-Control-Allow-Origin', '*']]);
    assert.equal(other.severity, 'error', 'it replaces what the copy of a browser says');
    assert.equal(
      other.why,
      'It carries Access-Control-Allow-Origin: *, and no Access-Control-Allow-Credentials',
    );
  });
});
