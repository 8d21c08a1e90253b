import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RANKS } from '../../verdict/finding.ts';
import { SHARED_ASKS } from '../asks/index.ts';
import { CONTEXT } from '../derive.ts';
import { CHECKS } from './index.ts';
import { selectChecks } from './select.ts';

const ids = CHECKS.map(({ id }) => id);
const asks = [...SHARED_ASKS, ...CHECKS.flatMap(({ ask }) => ask ?? [])].map(({ id }) => id);
const told = {
  where: 'GET /items',
  carriedOut: '',
  names: 'X-E and X-F',
  plural: false,
  several: true,
  how: '',
  origin: 'https://evil.example',
  credentials: true,
};

describe('the checks', () => {
  test('should each have a file of that name, and no name twice', () => {
    const files = readdirSync(fileURLToPath(new URL('.', import.meta.url)));
    for (const id of ids) assert.ok(files.includes(`${id}.ts`), id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('should name only checks and questions that there are', () => {
    assert.equal(new Set(asks).size, asks.length);
    for (const check of CHECKS) {
      for (const ask of check.asks) assert.ok(asks.includes(ask), `${check.id} asks ${ask}`);
      for (const other of [...(check.explains?.here ?? []), ...(check.explains?.everywhere ?? [])])
        assert.ok(ids.includes(other), `${check.id} explains ${other}`);
    }
    for (const ask of asks)
      assert.ok(CHECKS.some(check => check.asks.includes(ask)) || CONTEXT.includes(ask), ask);
  });

  test('should speak in whole, short sentences', () => {
    for (const { id, must, text, headline } of CHECKS) {
      const line = headline(told);
      for (const one of [must, line]) {
        assert.match(one, /^[A-Z"]/, `${id}: ${one}`);
        assert.doesNotMatch(one, /\.$|undefined|\bwhere\b(?! browsers)/, `${id}: ${one}`);
        assert.ok(one.length <= 140, `${id}: ${one}`);
      }
      assert.match(line, /GET \/items/, id);
      assert.match(text, /[.]$/, id);
      assert.doesNotMatch(`${must} ${text}`, /\b(\w+) \1\b|\bis no\b|\bbeside\b/, id);
    }
  });

  test('should be errors exactly if a page reads what it must not, or cannot do what was declared', () => {
    for (const { id, rank, severity } of CHECKS)
      if (rank <= RANKS.reads) assert.equal(severity, 'error', id);
      else if (rank > RANKS.fails) assert.notEqual(severity, 'error', id);
  });
});

describe('selectChecks', () => {
  test('should take names and patterns, and leave out what is skipped', () => {
    assert.deepEqual(
      selectChecks(['vary-*', 'max-age-missing'], ['vary-injected']).map(({ id }) => id),
      ['vary-missing', 'vary-ignored', 'max-age-missing'],
    );
    assert.equal(selectChecks(undefined).length, CHECKS.length);
  });

  test('should name the nearest check for one that there is not', () => {
    assert.throws(() => selectChecks(['origin-reflect']), /did you mean origin-reflected\?/);
  });
});
