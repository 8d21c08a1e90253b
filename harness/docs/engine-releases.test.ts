import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeRecord, fakeResult } from '../../reports/fake-record.test-support.ts';
import type { RunRecord } from '../verdict/record.ts';
import { isRecorded, releasesOf } from './engine-releases.ts';

function run(version: string, failing: readonly string[], started = '2026-01-02T03:04:05Z'): RunRecord {
  const results = ['a', 'b'].map(id =>
    fakeResult(id, 'chromium', { verdict: failing.includes(id) ? 'fail' : 'pass' }),
  );
  const record = fakeRecord(results);
  return {
    ...record,
    run: { ...record.run, started },
    engines: [{ ...record.engines[0], version, build: '/cache/chromium' } as RunRecord['engines'][number]],
  };
}

test('should say in which releases a case differs, with the ranges of those that were tried', () => {
  const { releases, differs, recorded } = releasesOf([
    run('100.0.1', ['a']),
    run('92.0.1', ['a', 'b']),
    run('110.0.1', []),
    run('120.0.1', ['a'], '2026-02-03T00:00:00Z'),
  ]);
  assert.deepEqual(differs, { a: '92-100 120', b: '92' });
  assert.deepEqual(
    releases.map(({ version, differ }) => [version, differ]),
    [
      ['92.0.1', 2],
      ['100.0.1', 1],
      ['110.0.1', 0],
      ['120.0.1', 1],
    ],
  );
  assert.equal(recorded, '2026-02-03');
});

test('should let the later run of a release count, and keep no path of a machine', () => {
  const { releases, differs } = releasesOf([
    run('92.0.1', ['a'], '2026-02-03T00:00:00Z'),
    run('92.0.1', ['b'], '2026-01-01T00:00:00Z'),
  ]);
  assert.deepEqual(differs, { a: '92' });
  assert.equal(releases[0]?.build, 'headless shell, from npm');
});

test('should keep what was recorded of releases that did not run again, and know which have to', () => {
  const before = releasesOf([run('92.0.1', ['a', 'b']), run('100.0.1', ['a']), run('110.0.1', ['b'])]);
  const after = releasesOf([run('100.0.1', ['b'], '2026-03-03T00:00:00Z')], before);
  assert.deepEqual(after.differs, { a: '92', b: '92-110' });
  assert.equal(after.recorded, '2026-03-03');
  assert.deepEqual(
    after.releases.map(({ differ }) => differ),
    [2, 1, 1],
  );
  assert.ok(isRecorded(after, 100, 2));
  assert.ok(!isRecorded(after, 100, 3), 'there are more cases now');
  assert.ok(!isRecorded(after, 101, 2));
});

test('should take each release of a run that was of several', () => {
  const [first, second] = [run('92.0.1', ['a']), run('100.0.1', ['b'])];
  const named = ({ engines, results }: RunRecord, name: string) => ({
    engines: engines.map(engine => ({ ...engine, name })),
    results: results.map(result => ({ ...result, engine: name })),
  });
  const [a, b] = [named(first, 'chromium@92'), named(second, 'chromium@100')];
  const both = {
    ...first,
    engines: [...a.engines, ...b.engines],
    results: [...a.results, ...b.results],
  } as RunRecord;
  assert.deepEqual(releasesOf([both]).differs, { a: '92', b: '100' });
});
