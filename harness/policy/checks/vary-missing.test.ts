import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import {
  askOf,
  cacheRun,
  ORIGIN,
  originLines,
  pageRun,
  ran,
  ranInPages,
} from '../findings/ran.test-support.ts';

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

describe('what the HTTP cache gives a page', () => {
  const redirect: readonly HeaderLine[] = [['Location', '/items/']];
  const idsFor = (status: number, fresh: readonly HeaderLine[], kept: readonly HeaderLine[]) => {
    const asked = askOf({ ask: 'allowed' }, status, fresh);
    const { exchange } = askOf({ ask: 'cache' }, status, kept);
    const page = pageRun(status === 200 ? 'readable' : 'blocked', asked.exchange);
    const ladder = cacheRun({ outcome: 'opaque', exchange }, { outcome: 'blocked' });
    return ranInPages([page, ladder], asked).findings.map(({ id }) => id);
  };

  test('should be blamed where the page reads what the server answers', () => {
    assert.deepEqual(idsFor(200, [...originLines(ORIGIN), VARY], []), ['vary-missing']);
  });

  test('should not be blamed where the page cannot read what the server answers either', () => {
    assert.deepEqual(idsFor(301, redirect, redirect), ['redirect-without-cors']);
  });
});

test('a declared refusal should be judged like any other error', () => {
  const toldOf = (expects: number | undefined) =>
    ran(
      askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]),
      askOf(
        { ask: 'errors', resource: 'errors', path: '/limited', ...(expects !== undefined && { expects }) },
        429,
        [VARY],
      ),
    ).findings.map(({ id }) => id);
  assert.deepEqual(toldOf(429), ['error-without-cors']);
  assert.deepEqual(toldOf(undefined), ['rate-limited']);
});
