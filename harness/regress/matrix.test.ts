import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrixFrom } from './matrix.ts';
import { completeRecord, type RegressChange } from './record.ts';

const change = (before: string | null, after: string | null): RegressChange => ({
  id: 'wire:access-control-max-age',
  level: 'wire',
  severity: 'wire',
  effect: 'header',
  who: 'listed',
  seen: null,
  cause: { on: 'preflight', name: 'access-control-max-age', before, after },
  meaning: 'A preflight may be remembered for longer.',
  requests: [],
  engines: [],
  evidence: { before: [], after: [] },
});

const record = (changes: readonly RegressChange[], before: string, after: string) => {
  const side = (label: string) => ({ label, version: label, dependencies: [] });
  return completeRecord({
    tool: { version: '1' },
    run: { started: '2026-01-01T00:00:00.000Z', durationMs: 1, command: 'regress' },
    subject: { ecosystem: 'npm', name: 'cors', along: [], others: [] },
    sides: { before: side(before), after: side(after) },
    differing: [],
    script: 'server.mjs',
    asked: { requests: 1, origins: [], paths: [], headers: [], assumed: [] },
    engines: [],
    gaps: [],
    changes,
    unstable: [],
    unfinished: [],
    stale: [],
    failOn: 'wire',
  });
};

test('should carry a value from one change to the next, and leave out what could not be tried', () => {
  const matrix = matrixFrom(
    [
      { version: '1' },
      { version: '2', record: record([change(null, '')], '1', '2') },
      { version: '3', skipped: 'it does not install' },
      { version: '4', record: record([], '2', '4') },
      { version: '5', record: record([change('', '600')], '4', '5') },
    ],
    {
      generated: '2026-01-01T00:00:00.000Z',
      package: { ecosystem: 'npm', name: 'cors' },
      script: 'server.mjs',
    },
  );
  assert.deepEqual(matrix.rows, [
    {
      behaviour: 'access-control-max-age for listed origins',
      severity: 'wire',
      cells: ['absent', 'empty', null, 'empty', '600'],
      changedAt: [1, 4],
    },
  ]);
  assert.deepEqual(
    matrix.changes.map(({ version, after }) => [version, after]),
    [
      ['2', '1'],
      ['5', '4'],
    ],
  );
});
