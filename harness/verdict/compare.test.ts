import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChangeKind, compareRuns, isWorse } from './compare.ts';
import type { Finding } from './finding.ts';
import { type Result, type RunRecord, SCHEMA } from './record.ts';

const result = (id: string, change: Partial<Result> = {}): Result => ({
  case: { id, suite: 'max-age', title: `About ${id}`, class: 'must', spec: [] },
  engine: 'firefox',
  expected: { outcome: 'readable' },
  observed: { outcome: 'readable', script: [] },
  exchanges: [],
  checks: [{ id: 'outcome', expected: 'readable', observed: 'readable', ok: true }],
  verdict: 'pass',
  outcome: 'expected',
  explanation: [],
  durationMs: 1,
  ...change,
});

const failing = (observed = 'OPTIONS'): Partial<Result> => ({
  verdict: 'fail',
  outcome: 'regression',
  observed: { outcome: 'blocked', blockedAt: 'preflight', script: [] },
  checks: [{ id: 'wire', expected: 'OPTIONS, PUT', observed, ok: false }],
});
const broken: Partial<Result> = {
  verdict: 'harness-error',
  observed: null,
  checks: [],
  reason: 'it went away',
};

const run = (results: Result[], change: Partial<RunRecord> = {}): RunRecord => ({
  schema: SCHEMA,
  tool: { version: '0.1.0' },
  run: { started: '2026-11-21T01:00:00.000Z', durationMs: 1, command: '', host: '' },
  target: { name: '' },
  engines: [],
  results,
  ...change,
});

const kinds = (before: Result[], after: Result[]): ChangeKind[] =>
  compareRuns(run(before), run(after)).changes.map(change => change.kind);

describe('compareRuns', () => {
  it('should find nothing between a run and itself', () => {
    const same = run([result('a'), result('b', failing()), result('c', broken)]);
    const comparison = compareRuns(same, same);
    assert.deepEqual(comparison.changes, []);
    assert.deepEqual([comparison.compared, comparison.unchanged], [3, 3]);
    assert.equal(isWorse(comparison), false);
  });

  const pairs: [ChangeKind, Partial<Result>, Partial<Result>][] = [
    ['regressed', {}, failing()],
    ['fixed', failing(), {}],
    ['changed', failing('OPTIONS'), failing('PUT')],
    ['lost', {}, broken],
    ['gained', broken, {}],
  ];
  for (const [kind, before, after] of pairs) {
    it(`should call it ${kind}`, () => {
      assert.deepEqual(kinds([result('a', before)], [result('a', after)]), [kind]);
    });
  }

  it('should tell added and removed cases, per engine', () => {
    const before = [result('a'), result('b')];
    const after = [result('b'), result('b', { engine: 'webkit' })];
    const { changes, compared, unchanged } = compareRuns(run(before), run(after));
    assert.deepEqual(
      changes.map(({ kind, case: id, engine }) => [kind, id, engine]),
      [
        ['removed', 'a', 'firefox'],
        ['added', 'b', 'webkit'],
      ],
    );
    assert.deepEqual([compared, unchanged], [1, 1]);
  });

  it('should call a known deviation that appears a regression all the same', () => {
    const known = { ...failing(), outcome: 'expected' as const };
    assert.deepEqual(kinds([result('a')], [result('a', known)]), ['regressed']);
  });

  it('should see a change where nothing is judged, but none in ports, paths and times', () => {
    const info = (observed: string): Partial<Result> => ({
      verdict: 'info',
      checks: [{ id: 'url', expected: 'x', observed, ok: false }],
    });
    assert.deepEqual(kinds([result('a', info('one'))], [result('a', info('two'))]), ['changed']);
    assert.deepEqual(
      kinds(
        [result('a', info('http://localhost:1/c/1f/main'))],
        [result('a', { ...info('http://localhost:2/c/2e/main'), durationMs: 9 })],
      ),
      [],
    );
  });

  it('should put the worst first', () => {
    const before = [result('new-pass', failing()), result('gone'), result('bad')];
    const after = [result('new-pass'), result('bad', failing()), result('more')];
    assert.deepEqual(kinds(before, after), ['regressed', 'fixed', 'removed', 'added']);
  });

  it('should name engines that are another build, or did not run', () => {
    const engine = { name: 'firefox', version: '1', build: 'one', channel: '', os: '', driver: '' } as const;
    const { engines } = compareRuns(
      run([], { engines: [engine, { ...engine, name: 'webkit' }] }),
      run([], {
        engines: [
          { ...engine, version: '2', build: 'two' },
          { ...engine, name: 'webkit', notRun: 'gone' },
        ],
      }),
    );
    assert.deepEqual(engines, [
      { name: 'firefox', before: '1 (one)', after: '2 (two)' },
      { name: 'webkit', before: '1 (one)', after: null },
    ]);
  });

  it('should compare findings place by place, and not take an accepted one for gone', () => {
    const finding = (change: Partial<Finding>): Finding => ({
      id: 'origin-reflected',
      rule: 'origin-reflected',
      severity: 'error',
      resource: 'GET /a',
      engines: [],
      explanation: '',
      evidence: [],
      ...change,
    });
    const of = (before: Finding[], after: Finding[]) => {
      const comparison = compareRuns(run([], { findings: before }), run([], { findings: after }));
      const { added, accepted, removed } = comparison.findings;
      return [added.length, accepted.length, removed.length, isWorse(comparison)];
    };
    assert.deepEqual(of([finding({})], [finding({})]), [0, 0, 0, false]);
    assert.deepEqual(of([], [finding({})]), [1, 0, 0, true]);
    assert.deepEqual(of([], [finding({ severity: 'note' })]), [1, 0, 0, false]);
    assert.deepEqual(of([finding({})], [finding({ accepted: true })]), [0, 1, 0, false]);
    const two = finding({ resource: 'GET /a, GET /b', places: ['GET /a', 'GET /b'] });
    assert.deepEqual(of([finding({})], [two]), [1, 0, 0, true]);
    assert.deepEqual(of([two], [finding({})]), [0, 0, 1, false]);
  });
});
