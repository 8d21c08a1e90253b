import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptFindings } from './accept-findings.ts';
import { baseline, finding } from './baseline.test-support.ts';
import { makeBaseline, parseBaseline } from './baseline.ts';
import type { Finding } from './finding.ts';

const whats = (stale: readonly { what: string }[]) => stale.map(one => one.what);

describe('acceptFindings', () => {
  const known = baseline({ finding: 'vary-missing', places: ['/a', '/b'], reason: 'no cache in front' });

  test('should accept a finding at the places that are listed', () => {
    const { findings, stale } = acceptFindings([finding('vary-missing', '/a', '/b')], known);
    assert.deepEqual(
      findings.map(one => one.accepted),
      [true],
    );
    assert.deepEqual(stale, []);
  });

  test('should leave a finding new at a new place, and any other finding too', () => {
    const { findings } = acceptFindings(
      [finding('vary-missing', '/a', '/b', '/c'), finding('origin-null', '/a')],
      known,
    );
    assert.deepEqual(
      findings.map(one => [one.id, one.resource, one.accepted ?? false]),
      [
        ['vary-missing', '/c', false],
        ['vary-missing', '/a, /b', true],
        ['origin-null', '/a', false],
      ],
    );
  });

  test('should call an entry stale place by place, but not after a partial run', () => {
    assert.deepEqual(whats(acceptFindings([finding('vary-missing', '/a')], known).stale), [
      'finding vary-missing at /b',
    ]);
    assert.deepEqual(acceptFindings([], known, { partial: true }).stale, []);
  });

  test('should call nothing stale of a check that came to no conclusion', () => {
    assert.deepEqual(acceptFindings([], known, { untold: new Set(['vary-missing']) }).stale, []);
    assert.equal(acceptFindings([], known, { untold: new Set(['origin-null']) }).stale.length, 2);
  });
});

describe('acceptFindings, as to what exactly was accepted', () => {
  const exact = (...seen: string[]): Finding => ({
    ...finding('header-not-allowed', '/a'),
    exactly: { '/a': seen },
  });
  const outcome = (accepted: Finding, now: Finding) => {
    const { findings, stale } = acceptFindings([now], makeBaseline({ findings: [accepted] }, null, 'meant'));
    return [findings.map(one => one.accepted === true), stale.length];
  };

  test('should accept the same, and call stale what is gone of it', () => {
    assert.deepEqual(outcome(exact('X-A', 'X-B'), exact('X-A', 'X-B')), [[true], 0]);
    assert.deepEqual(outcome(exact('X-A', 'X-B'), exact('X-A')), [[true], 1]);
    const { stale } = acceptFindings(
      [exact('X-A')],
      makeBaseline({ findings: [exact('X-A', 'X-B')] }, null, 'meant'),
    );
    assert.deepEqual(whats(stale), ['finding header-not-allowed at /a: X-B']);
  });

  test('should not call stale what shows in an engine that did not run', () => {
    const inEngines = (...engines: string[]): Finding => ({
      ...finding('max-age-ignored', '/a'),
      exactly: { '/a': engines },
    });
    const known = makeBaseline({ findings: [inEngines('firefox', 'webkit')] }, null, 'meant');
    const staleWith = (engines: string[], ...now: Finding[]) =>
      whats(acceptFindings(now, known, { engines }).stale);
    assert.deepEqual(staleWith(['model']), []);
    assert.deepEqual(staleWith(['model', 'firefox'], inEngines('firefox')), []);
    assert.deepEqual(staleWith(['firefox', 'webkit'], inEngines('firefox')), [
      'finding max-age-ignored at /a: webkit',
    ]);
    assert.deepEqual(staleWith(['firefox', 'webkit']), ['finding max-age-ignored at /a']);
  });

  test('should not accept more, or something else, at the same place, and say what is new', () => {
    assert.deepEqual(outcome(exact('X-A'), exact('X-A', 'X-B')), [[false], 0]);
    assert.deepEqual(outcome(exact('X-A'), exact('X-B')), [[false], 1]);
    const accepted = makeBaseline({ findings: [exact('X-A')] }, null, 'meant');
    const [why, both] = [exact('X-B'), { ...exact('X-B'), why: '"*" does not do' }].map(
      now => acceptFindings([now], accepted).findings[0]?.why,
    );
    assert.equal(why, 'The baseline accepts less there: X-B is new');
    assert.equal(both, '"*" does not do; the baseline accepts less there: X-B is new');
  });

  test('should accept whatever it is where an entry does not say, as those of the first version', () => {
    const entry = { finding: 'header-not-allowed', places: ['/a'], reason: 'meant' };
    const first = JSON.stringify({ schema: 'cors-conformance/baseline/1', accept: [entry] });
    for (const known of [baseline(entry), parseBaseline(first, 'b.json')])
      assert.equal(acceptFindings([exact('X-A')], known).findings[0]?.accepted, true);
  });
});
