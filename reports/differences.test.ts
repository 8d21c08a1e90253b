import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Result, RunEngineName } from '../harness/verdict/record.ts';
import { differencesOf } from './differences.ts';
import { fake, fakeRecord } from './fake-record.test-support.ts';

const withClass = (result: Result, name: Result['case']['class']): Result => ({
  ...result,
  case: { ...result.case, class: name },
});
const flags = (...results: Result[]) =>
  differencesOf(fakeRecord(results)).rows.map(row => [row.fromStandard, row.amongEngines]);

describe('differencesOf', () => {
  it('should find nothing where all pass', () => {
    assert.deepEqual(flags(fake('a', 'chromium', 'pass'), fake('a', 'webkit', 'pass')), []);
  });
  it('should find an engine that differs from the Standard and from the others', () => {
    assert.deepEqual(flags(fake('a', 'chromium', 'pass'), fake('a', 'webkit', 'known')), [[true, true]]);
  });
  it('should tell "all differ in the same way" from "they differ among themselves"', () => {
    assert.deepEqual(flags(fake('a', 'chromium', 'known'), fake('a', 'webkit', 'known')), [[true, false]]);
    assert.deepEqual(flags(fake('a', 'chromium', 'known'), fake('a', 'webkit', 'fail')), [[true, true]]);
  });
  it('should not blame an engine where the Standard leaves the choice', () => {
    const unlike = (engine: RunEngineName): Result => withClass(fake('a', engine, 'known'), 'may');
    assert.deepEqual(flags(withClass(fake('a', 'chromium', 'pass'), 'may'), unlike('webkit')), [
      [false, true],
    ]);
    assert.deepEqual(
      flags(
        withClass(fake('a', 'chromium', 'pass'), 'disputed'),
        withClass(fake('a', 'webkit', 'known'), 'disputed'),
      ),
      [[true, true]],
    );
  });
  it('should not take a run path or a port for a behaviour', () => {
    const at = (engine: RunEngineName, url: string): Result => ({
      ...fake('a', engine, 'known'),
      checks: [{ id: 'url', expected: 'x', observed: `ended at ${url}`, ok: false }],
    });
    assert.deepEqual(flags(at('chromium', 'http://localhost:1/a'), at('webkit', 'http://localhost:2/b')), [
      [true, false],
    ]);
  });
  it('should show the model but never count it, and leave out what gave no verdict', () => {
    assert.deepEqual(flags(fake('a', 'chromium', 'pass'), fake('a', 'model', 'known')), []);
    assert.deepEqual(flags(fake('a', 'chromium', 'pass'), fake('a', 'webkit', 'harness-error')), []);
    const { compared } = differencesOf(
      fakeRecord([fake('a', 'chromium', 'pass'), fake('a', 'webkit', 'not-run')]),
    );
    assert.equal(compared, 0);
  });
  it('should count per suite', () => {
    const { suites } = differencesOf(
      fakeRecord([
        fake('a', 'chromium', 'pass', 'one'),
        fake('a', 'webkit', 'known', 'one'),
        fake('b', 'chromium', 'pass', 'one'),
        fake('b', 'webkit', 'pass', 'one'),
        fake('c', 'chromium', 'known', 'two'),
        fake('c', 'webkit', 'known', 'two'),
      ]),
    );
    assert.deepEqual(suites, [
      { suite: 'one', cases: 2, fromStandard: 1, amongEngines: 1 },
      { suite: 'two', cases: 1, fromStandard: 1, amongEngines: 0 },
    ]);
  });
});
