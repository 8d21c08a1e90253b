import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Suite } from '../case/schema.ts';
import type { EngineRecord, RunRecord } from '../verdict/record.ts';
import { withoutVerdict } from '../verdict/result.ts';
import { codeOf, EXIT } from './exit.ts';
import { withLost } from './lost-cases.ts';

const suite: Suite = {
  id: 'simple',
  title: 'Simple requests',
  cases: ['one', 'two'].map(id => ({
    id,
    title: `The case ${id}`,
    spec: ['https://fetch.spec.whatwg.org/#cors-check'],
    steps: [{ request: {}, expect: { outcome: 'readable' as const } }],
  })),
} as Suite;

const engineNamed = (name: EngineRecord['name']): EngineRecord => ({
  ...{ name, version: '1', build: 'a build', channel: '', os: 'Linux', driver: 'bidi' },
});
const passed = (n: number) =>
  ({
    ...withoutVerdict({ case: suite.cases[n] as Suite['cases'][0], suite, engine: 'firefox' }, 'not-run', ''),
    verdict: 'pass',
  }) as const;

const reasons = new Map([['firefox', 'it was killed']]);

test('should give cases that a broken worker lost a result that is not as expected', () => {
  const plan = { firefox: ['simple:one', 'simple:two'] };
  const came = { engines: [engineNamed('firefox')], results: [passed(0)] };
  const { engines, results } = withLost({ plan, reasons, suites: [suite] }, came);
  assert.deepEqual(engines, came.engines);
  assert.deepEqual(
    results.map(({ case: one, verdict, reason }) => [one.id, verdict, reason]),
    [
      ['one', 'pass', ''],
      ['two', 'harness-error', 'its worker gave no result: it was killed'],
    ],
  );
  assert.equal(codeOf({ engines, results, run: {} } as unknown as RunRecord), EXIT.harness);
});

test('should not leave out an engine that gave no result at all', () => {
  const plan = { chromium: ['simple:one'], firefox: ['simple:one', 'simple:two'] };
  const came = { engines: [engineNamed('firefox')], results: [passed(0), passed(1)] };
  const { engines, results } = withLost({ plan, reasons, suites: [suite] }, came);
  assert.deepEqual(
    engines.map(({ name, notRun }) => [name, notRun]),
    [
      ['firefox', undefined],
      ['chromium', 'its worker gave no result: no reason was given'],
    ],
  );
  assert.equal(results.length, 2);
  assert.equal(codeOf({ engines, results, run: {} } as unknown as RunRecord), EXIT.harness);
});
