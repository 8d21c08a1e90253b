import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptFindings } from './accept-findings.ts';
import { baseline, finding } from './baseline.test-support.ts';
import {
  acceptResults,
  BASELINE_SCHEMA,
  BaselineError,
  baselineText,
  makeBaseline,
  parseBaseline,
} from './baseline.ts';
import type { Result } from './record.ts';

const result = (
  id: string,
  engine: Result['engine'],
  failed: string[],
  own: Partial<Result> = {},
): Result => ({
  case: { id, suite: 'a', title: '', class: 'must', spec: [] },
  engine,
  expected: { outcome: 'readable' },
  observed: null,
  exchanges: [],
  checks: [...new Set(['outcome', 'status', ...failed])].map(one => ({
    id: one,
    expected: '',
    observed: '',
    ok: !failed.includes(one),
  })),
  verdict: failed.length > 0 ? 'fail' : 'pass',
  outcome: failed.length > 0 ? 'regression' : 'expected',
  explanation: [],
  durationMs: 0,
  ...own,
});

const whats = (stale: readonly { what: string }[]) => stale.map(one => one.what);

describe('acceptResults', () => {
  const known = baseline({ case: 'one', engines: ['webkit'], checks: ['outcome'], reason: 'a known bug' });

  test('should accept the failing checks that are listed, in the engine that is listed', () => {
    const { results, stale } = acceptResults(
      [result('one', 'webkit', ['outcome']), result('one', 'firefox', ['outcome'])],
      known,
    );
    assert.deepEqual(
      results.map(one => one.outcome),
      ['expected', 'regression'],
    );
    assert.equal(results[0]?.deviation?.what, 'a known bug');
    assert.deepEqual(stale, []);
  });

  test('should not accept a further failing check', () => {
    const { results } = acceptResults([result('one', 'webkit', ['outcome', 'x'])], known);
    assert.equal(results[0]?.outcome, 'regression');
  });

  test('should call it stale once it passes, or once a listed check passes', () => {
    const passed = acceptResults([result('one', 'webkit', [])], known);
    assert.equal(passed.results[0]?.outcome, 'stale');
    assert.deepEqual(whats(passed.stale), ['case one in webkit']);
    assert.deepEqual(whats(acceptResults([result('one', 'webkit', ['x'])], known).stale), [
      'case one in webkit, check outcome',
    ]);
  });

  test('should say nothing of what gave no verdict or did not run at all', () => {
    const none = result('one', 'webkit', [], { verdict: 'not-run' });
    const trouble = result('one', 'webkit', [], { verdict: 'harness-error', outcome: 'regression' });
    assert.deepEqual(acceptResults([none, trouble], known), { results: [none, trouble], stale: [] });
    assert.deepEqual(acceptResults([], known).stale, []);
  });

  test('should not accept another value of a check, except under a URL or where the entry has none', () => {
    const showing = (observed: string): Result => {
      const one = result('one', 'webkit', ['outcome']);
      return { ...one, checks: one.checks.map(check => ({ ...check, observed })) };
    };
    const outcomes = (accepted: Result, now: Result, schema = BASELINE_SCHEMA) => {
      const text = baselineText(makeBaseline({ results: [accepted] }, null, 'meant'));
      const known = parseBaseline(text.replace(BASELINE_SCHEMA, schema), 'b.json');
      return acceptResults([now], known).results[0]?.outcome;
    };
    assert.equal(outcomes(showing('blocked'), showing('blocked')), 'expected');
    assert.equal(outcomes(showing('blocked'), showing('timeout')), 'regression');
    assert.equal(outcomes(showing('at http://a:1/x'), showing('at http://a:2/y')), 'expected');
    const first = 'cors-conformance/baseline/1' as typeof BASELINE_SCHEMA;
    assert.equal(outcomes(showing('blocked'), showing('timeout'), first), 'expected');
  });

  test('should tell suites apart', () => {
    const other = baseline({
      case: 'one',
      suite: 'b',
      engines: ['webkit'],
      checks: ['outcome'],
      reason: 'x',
    });
    assert.equal(
      acceptResults([result('one', 'webkit', ['outcome'])], other).results[0]?.outcome,
      'regression',
    );
  });
});

describe('makeBaseline', () => {
  const now = {
    results: [
      result('one', 'webkit', ['outcome']),
      result('one', 'firefox', ['outcome']),
      result('two', 'webkit', []),
    ],
    findings: [finding('vary-missing', '/a', '/b')],
  };

  test('should accept everything that is not as expected, and nothing else', () => {
    const made = makeBaseline(now, null, 'accepted at first');
    assert.deepEqual(made.accept, [
      { finding: 'vary-missing', places: ['/a', '/b'], reason: 'accepted at first' },
      {
        case: 'one',
        suite: 'a',
        engines: ['webkit', 'firefox'],
        checks: ['outcome'],
        reason: 'accepted at first',
        seen: { outcome: '' },
      },
    ]);
    const { results, stale } = acceptResults(now.results, made);
    assert.ok(results.every(one => one.outcome === 'expected'));
    assert.deepEqual(stale, []);
    assert.deepEqual(acceptFindings(now.findings, made).stale, []);
  });

  test('should keep the reasons that somebody wrote, and drop what is gone', () => {
    const before = baseline(
      { finding: 'vary-missing', places: ['/a'], reason: 'written by hand' },
      { finding: 'origin-null', places: ['/a'], reason: 'gone' },
      { case: 'one', engines: ['webkit'], checks: ['status'], reason: 'a bug' },
    );
    assert.deepEqual(
      makeBaseline(now, before, 'new').accept.map(one => [
        JSON.stringify('case' in one ? one.engines : one.places),
        one.reason,
      ]),
      [
        ['["/a"]', 'written by hand'],
        ['["/b"]', 'new'],
        ['["webkit"]', 'a bug'],
        ['["firefox"]', 'new'],
      ],
    );
  });

  test('should be read back as it was written, and make itself again from accepted results', () => {
    const made = makeBaseline(now, null, 'x');
    assert.deepEqual(parseBaseline(baselineText(made), 'b.json'), made);
    assert.deepEqual(
      makeBaseline({ ...now, results: acceptResults(now.results, made).results }, made, 'y'),
      made,
    );
  });
});

describe('parseBaseline', () => {
  test('should name the file and the place of what is wrong', () => {
    assert.throws(() => parseBaseline('{', 'b.json'), /^BaselineError: b\.json is no JSON/);
    const bad = JSON.stringify(baseline({ finding: 'x', places: ['/'], reason: '' }));
    assert.throws(
      () => parseBaseline(bad, 'b.json'),
      error => error instanceof BaselineError && /b\.json: accept\.0/.test(error.message),
    );
  });
});
