import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFilter, type RowFacts } from './filter.ts';

const row = (
  id: string,
  statuses: Record<string, string>,
  flags: string[] = [],
  more: Partial<RowFacts> = {},
): RowFacts => ({
  id,
  title: `About ${id}`,
  suite: 'max-age',
  class: 'must',
  flags: new Set(flags),
  statuses: new Map(Object.entries(statuses)),
  ...more,
});
const rows = [
  row('zero', { chromium: 'pass', firefox: 'fail' }, ['different', 'unexpected']),
  row('absent', { chromium: 'known', firefox: 'known' }, ['nonstandard']),
  row('plain', { chromium: 'pass', firefox: 'pass' }, [], { suite: 'simple', class: 'may' }),
];
const found = (query: string): string[] => rows.filter(parseFilter(query).test).map(({ id }) => id);

describe('parseFilter', () => {
  it('should match everything when empty', () => {
    assert.deepEqual(found(''), ['zero', 'absent', 'plain']);
    assert.equal(parseFilter('  ').empty, true);
  });
  it('should find by engine and status, also by the words people use for them', () => {
    assert.deepEqual(found('firefox:fail'), ['zero']);
    assert.deepEqual(found('firefox:unexpected'), ['zero']);
    assert.deepEqual(found('Firefox:PASS'), ['plain']);
    assert.deepEqual(found('chromium:deviation'), ['absent']);
  });
  it('should find by flag, by status of any engine, by suite, class and id', () => {
    assert.deepEqual(found('is:different'), ['zero']);
    assert.deepEqual(found('is:nonstandard'), ['absent']);
    assert.deepEqual(found('is:pass'), ['zero', 'plain']);
    assert.deepEqual(found('suite:max'), ['zero', 'absent']);
    assert.deepEqual(found('class:may'), ['plain']);
    assert.deepEqual(found('id:ab'), ['absent']);
  });
  it('should take other words as text, quotes as one word, and - as not', () => {
    assert.deepEqual(found('about plain'), ['plain']);
    assert.deepEqual(found('"about ab"'), ['absent']);
    assert.deepEqual(found('-suite:max'), ['plain']);
    assert.deepEqual(found('-is:different -plain'), ['absent']);
    assert.deepEqual(found('nowhere'), []);
  });
  it('should say what it does not know instead of matching nothing', () => {
    for (const [query, said] of [
      ['is:odd', /is:odd — .*different/],
      ['firefox:odd', /a status is one of fail/],
      ['colour:red', /before a colon stands is, suite/],
      ['firefox:constructor', /a status/],
    ] as const) {
      const filter = parseFilter(query);
      assert.equal(filter.problems.length, 1);
      assert.match(filter.problems[0] ?? '', said);
      assert.deepEqual(found(query).length, 3);
    }
  });
});
