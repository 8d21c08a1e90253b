import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { askOf, ORIGIN, originLines, ran } from '../findings/ran.test-support.ts';

const EVIL = 'https://evil.example';
const VARY: HeaderLine = ['Vary', 'Origin'];

/** A declared error from a declared page and from any site. */
function placesFor(status: number, more: readonly HeaderLine[], { unasked = false, forAll = false } = {}) {
  const about = { resource: 'errors', path: '/missing', ...(unasked && { unasked }) } as const;
  const attacker = { id: 'unrelated-1', kind: 'unrelated', origin: EVIL, why: '', browser: true };
  const { findings } = ran(
    askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]),
    askOf({ ask: 'errors', ...about }, status, [...originLines(ORIGIN), ...more]),
    askOf({ ask: 'attackers', ...about, origin: EVIL, attacker }, status, [
      ...(forAll ? originLines(ORIGIN) : []),
      ...more,
    ]),
  );
  return findings.map(({ id, severity, places }) => `${id} ${severity} ${places}`);
}

describe('an error that depends on Origin without saying so', () => {
  test('should be a warning where a cache may keep it', () => {
    const wanted = ['vary-missing warning /missing'];
    assert.deepEqual(placesFor(404, []), wanted);
    assert.deepEqual(placesFor(410, []), wanted);
    assert.deepEqual(placesFor(500, [['Cache-Control', 'public, max-age=60']]), wanted);
  });

  test('should be nothing where no cache keeps it, or the policy does not declare it', () => {
    assert.deepEqual(placesFor(500, []), []);
    assert.deepEqual(placesFor(500, [['Cache-Control', 'max-age=0']]), []);
    assert.deepEqual(placesFor(404, [['Cache-Control', 'no-store']]), []);
    assert.deepEqual(placesFor(404, [], { unasked: true }), []);
  });

  test('should be nothing where it says so, or is the same for everybody', () => {
    assert.deepEqual(placesFor(404, [VARY]), []);
    assert.deepEqual(placesFor(404, [], { forAll: true }), []);
  });
});
