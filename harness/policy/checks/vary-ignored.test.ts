import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { askOf, ORIGIN, originLines, ran, ranFor } from '../findings/ran.test-support.ts';
import type { ProbeRun } from '../trial.ts';

const OTHER = 'https://admin.example.com';
const VARY: HeaderLine = ['Vary', 'Origin'];

const told = ({ findings }: ReturnType<typeof ran>): string[] =>
  findings.map(({ id, severity }) => `${id} ${severity}`);

describe('a page that asks once more after a request without Origin', () => {
  const allowed = askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]);
  const lost = askOf({ ask: 'again' }, 200, [VARY]);

  test('should show a cache where a URL that none knows is answered as before', () => {
    const fresh = askOf({ ask: 'uncached' }, 200, [...originLines(ORIGIN), VARY]);
    const judgement = ran(allowed, lost, fresh);
    assert.deepEqual(told(judgement), ['vary-ignored error']);
    assert.match(judgement.findings[0]?.why ?? '', /^It came after a request without Origin\./);
    const silent = askOf({ ask: 'uncached' }, 200, originLines(ORIGIN));
    const lostSilently = askOf({ ask: 'again' }, 200, []);
    assert.deepEqual(told(ran(allowed, lostSilently, silent)), ['vary-missing warning']);
  });

  test('should show that answers change where that makes no difference', () => {
    const fresh = askOf({ ask: 'uncached' }, 200, [VARY]);
    assert.deepEqual(told(ran(allowed, lost, fresh)), ['answer-changes error']);
  });

  test('should show nothing where it gets what it got before', () => {
    assert.deepEqual(told(ran(allowed, { ...allowed, probe: lost.probe })), []);
  });
});

describe('a server that names an origin that did not ask', () => {
  const asked = (word: string, origin: string | null, named: string | null): ProbeRun => {
    const run = askOf({ ask: 'remembered', origin }, 200, [
      ...(named === null ? [] : originLines(named)),
      VARY,
    ]);
    return { ...run, probe: { ...run.probe, id: `remembered/items-${word}` } };
  };
  const turns = (...named: (string | null)[]) =>
    [ORIGIN, null, OTHER, null].map((origin, turn) => asked(`turn-${turn}`, origin, named[turn] ?? null));
  const plainAsk = askOf({ ask: 'no-origin', origin: null }, 200, [...originLines(OTHER), VARY]);
  const uncached = askOf({ ask: 'uncached', origin: null }, 200, [VARY]);
  const ranTwo = (...probes: readonly ProbeRun[]) =>
    told(ranFor([ORIGIN, OTHER], plainAsk, uncached, ...probes));

  test('should remember it if each request gets the origin of the one before, by URLs that no cache knows', () => {
    assert.deepEqual(ranTwo(...turns(ORIGIN, ORIGIN, OTHER, OTHER)), ['origin-remembered warning']);
  });

  test('should stand behind a cache, or name one origin to all, if it does not', () => {
    assert.deepEqual(ranTwo(...turns(ORIGIN, null, OTHER, null)), ['vary-ignored warning']);
    assert.deepEqual(ranTwo(...turns(ORIGIN, ORIGIN, OTHER, ORIGIN)), ['vary-ignored warning']);
  });

  test('should fail pages if one of two at the same time gets the origin of the other', () => {
    const swapped = asked('pair-0-0', ORIGIN, OTHER);
    assert.deepEqual(ranTwo(...turns(ORIGIN, null, OTHER, null), swapped), ['origin-remembered error']);
    const failed = askOf({ ask: 'allowed' }, 200, [...originLines(OTHER), VARY]);
    assert.deepEqual(
      ranTwo(...turns(ORIGIN, null, OTHER, null), swapped, failed),
      ['origin-remembered error'],
      'told once',
    );
  });

  test('should not be said to remember what it never names', () => {
    const fixed = asked('pair-0-1', OTHER, ORIGIN);
    assert.deepEqual(ranTwo(...turns(ORIGIN, ORIGIN, ORIGIN, ORIGIN), fixed), ['vary-ignored warning']);
  });
});
