import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS } from '../policy/checks/index.ts';
import type { CheckState, Finding } from '../verdict/finding.ts';
import { MODEL } from './model-runner.ts';
import { concludedBy } from './verify-record.ts';
import type { Verified } from './verify-run.ts';

const check = (id: string, state: CheckState['state']): CheckState => ({
  id,
  state,
  title: '',
  severity: 'error',
  tried: [],
});
const finding = (id: string): Finding => ({
  id,
  rule: id,
  severity: 'error',
  resource: '/a',
  engines: [],
  explanation: '',
  evidence: [],
});

test('should know what is gone only of checks that came to a conclusion of their own, in engines that ran', () => {
  const done: Verified = {
    engines: [MODEL, { ...MODEL, name: 'webkit', notRun: 'it is not installed' }],
    results: [],
    findings: [finding('origin-null')],
    checks: [
      check('vary-missing', 'kept'),
      check('origin-null', 'broken'),
      check('max-age-missing', 'not-tried'),
      check('origin-scheme', 'broken'),
    ],
    order: new Map(),
    partial: false,
    requests: 1,
    preflights: 0,
    pages: 0,
    secrets: [],
  };
  const { untold, engines } = concludedBy(done);
  assert.deepEqual(
    CHECKS.map(({ id }) => id).filter(id => !untold?.has(id)),
    CHECKS.map(({ id }) => id).filter(id => ['vary-missing', 'origin-null'].includes(id)),
  );
  assert.deepEqual(engines, ['model']);
});
