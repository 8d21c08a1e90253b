import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeRecord, fakeResult } from '../../reports/fake-record.test-support.ts';
import type { RunRecord } from '../verdict/record.ts';
import { releasesOf } from './engine-releases.ts';

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
