import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FILTER_HELP, parseFilter, type RowFacts } from './filter.ts';

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
  outcomes: new Map(),
  expected: 'readable',
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
  it('should find by outcome, observed or expected, with and without the place where it was blocked', () => {
    const outcomes = new Map([
      ['webkit', 'blocked:preflight'],
      ['firefox', 'error'],
    ]);
    const all = [row('seen', {}, [], { outcomes, expected: 'blocked:response' }), ...rows];
    const ids = (query: string): string[] => all.filter(parseFilter(query).test).map(({ id }) => id);
    assert.deepEqual(ids('webkit:blocked'), ['seen']);
    assert.deepEqual(ids('webkit:blocked:preflight'), ['seen']);
    assert.deepEqual(ids('webkit:blocked:response'), []);
    assert.deepEqual(ids('outcome:error'), ['seen']);
    assert.deepEqual(ids('expected:blocked'), ['seen']);
    assert.deepEqual(ids('expected:readable'), ['zero', 'absent', 'plain']);
  });
  it('should take either side of an or, and stars for any characters', () => {
    assert.deepEqual(found('id:zero or id:plain'), ['zero', 'plain']);
    assert.deepEqual(found('suite:max zero or plain'), ['zero', 'plain']);
    assert.deepEqual(found('or zero or'), ['zero']);
    assert.deepEqual(found('id:a*t'), ['absent']);
    assert.deepEqual(found('id:*er*'), ['zero']);
    assert.deepEqual(found('id:er*'), []);
    assert.deepEqual(found('z*o'), ['zero']);
    assert.deepEqual(found('suite:sim*'), ['plain']);
    assert.deepEqual(found('id:(*'), []);
  });
  it('should have help whose every example it understands', () => {
    for (const [example] of FILTER_HELP) assert.deepEqual(parseFilter(example).problems, [], example);
  });
  it('should say what it does not know instead of matching nothing', () => {
    for (const [query, said] of [
      ['is:odd', /is:odd — .*different/],
      ['firefox:odd', /a status \(fail, .*an outcome \(readable/],
      ['colour:red', /before a colon comes is, suite/],
      ['firefox:constructor', /a status/],
      ['outcome:odd', /it can be readable, blocked/],
    ] as const) {
      const filter = parseFilter(query);
      assert.equal(filter.problems.length, 1);
      assert.match(filter.problems[0] ?? '', said);
      assert.deepEqual(found(query).length, 3);
    }
  });
});
