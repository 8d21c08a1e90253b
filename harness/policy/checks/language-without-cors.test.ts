import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { askOf, ORIGIN, originLines, ran } from '../findings/ran.test-support.ts';

const VARY: HeaderLine = ['Vary', 'Origin'];
const allowed = askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]);

const whyFor = (status: number, lines: readonly HeaderLine[], english = allowed) =>
  ran(english, askOf({ ask: 'language' }, status, [VARY, ...lines])).findings.flatMap(({ id, why }) =>
    id === 'language-without-cors' ? [why] : [],
  );

test('should find what only English gets, and say what stands there instead', () => {
  assert.deepEqual(whyFor(200, []), ['It carries no Access-Control-Allow-Origin']);
  assert.deepEqual(whyFor(302, [['Location', '/de/items']]), [
    'It is redirected to /de/items without CORS headers',
  ]);
});

test('should find nothing where English gets no more, or a redirect lets the page follow', () => {
  assert.deepEqual(whyFor(200, [], askOf({ ask: 'allowed' }, 200, [VARY])), []);
  assert.deepEqual(whyFor(302, [...originLines(ORIGIN), ['Location', '/de/items']]), []);
  assert.deepEqual(whyFor(200, originLines(ORIGIN)), []);
});
