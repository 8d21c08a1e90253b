/** What holds for all suites together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSuite } from '../harness/case/check.ts';
import type { Case, Suite } from '../harness/case/schema.ts';
import { matcher } from '../harness/case/select.ts';
import { observeWithModel, predictedSteps } from '../harness/lab/model.ts';
import { modelResult } from '../harness/run/model-runner.ts';
import { judge } from '../harness/verdict/judge.ts';
import { differencesFrom } from '../harness/verdict/whole.ts';
import { behaviours } from './behaviours.ts';
import { coverage, coverageTable } from './coverage.ts';
import { deviations } from './deviations.ts';
import { twins } from './flip.test-support.ts';
import { suites } from './index.ts';
import { unobservable } from './unobservable.ts';

const cases = suites.flatMap(suite => suite.cases.map(one => ({ suite, one })));

const results = new Map<string, ReturnType<typeof modelResult>>();
function resultOf(suite: Suite, one: Case) {
  const result = results.get(one.id) ?? modelResult(suite, one);
  results.set(one.id, result);
  return result;
}

test('should give every case an id of its own', () => {
  const ids = cases.map(({ one }) => one.id);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});

test('should be well-formed', () => {
  for (const suite of suites) assert.doesNotThrow(() => checkSuite(suite, suite.id));
});

test('should keep each suite in the file that is named after it', async () => {
  for (const suite of suites) {
    const exports: Record<string, unknown> = await import(new URL(`./${suite.id}.ts`, import.meta.url).href);
    assert.deepEqual(Object.values(exports), [suite], suite.id);
  }
});

test('should hold engines only to rules of Fetch and XMLHttpRequest', () => {
  const elsewhere = cases.filter(
    ({ one }) =>
      ['must', 'wire'].includes(one.class ?? 'must') &&
      !one.spec.some(link => /^https:\/\/(?:fetch|xhr)\.spec\./.test(link)),
  );
  assert.deepEqual(
    elsewhere.map(({ one }) => one.id),
    [],
  );
});

test('should cover every known behaviour with a case, or say why it cannot be observed', () => {
  const rows = coverage();
  assert.deepEqual(
    rows.filter(row => row.cases.length === 0 && row.reason === undefined).map(row => row.row),
    [],
  );
  const covered = rows.filter(row => row.cases.length > 0).length;
  assert.ok(covered >= 430, `${covered} rows have cases`);
});

test('should not call a covered or unknown row unobservable', () => {
  const rows = new Set(behaviours.flatMap(group => group.rows));
  const ids = new Set(cases.map(({ one }) => one.id.split('/')[0]));
  assert.deepEqual(
    Object.keys(unobservable).filter(row => !rows.has(row) || ids.has(row)),
    [],
  );
});

test('should print the coverage of every group', () => {
  const table = coverageTable();
  for (const { title } of behaviours) assert.ok(table.includes(title), title);
});

test('should agree with the model in every case that it can predict, but for disputes with a reason', () => {
  const differing = cases.flatMap(({ suite, one }) => {
    const result = resultOf(suite, one);
    if (['pass', 'not-applicable'].includes(result.verdict)) return [];
    if (one.class !== undefined && ['disputed', 'may', 'outside'].includes(one.class)) return [];
    const failed = result.checks.filter(check => !check.ok);
    return [
      `${one.id}: ${failed.map(c => `${c.id}: the case says ${c.expected}, the model ${c.observed}`).join('; ')}`,
    ];
  });
  assert.deepEqual(differing, []);
});

test('should let the model predict most cases', () => {
  const predicted = cases.filter(({ suite, one }) => resultOf(suite, one).verdict !== 'not-applicable');
  assert.ok(predicted.length > cases.length * 0.75, `${predicted.length} of ${cases.length}`);
});

test('should flip the verdict of every case whose expectation is turned around, in each of its parts', () => {
  const stubborn: string[] = [];
  let flipped = 0;
  for (const { one } of cases) {
    if (one.notModelled !== undefined || (one.engines && !one.engines.includes('model'))) continue;
    const { scene, observation, notModelled } = observeWithModel(one);
    if (notModelled !== undefined) continue;
    for (const twin of twins(one)) {
      flipped++;
      if (judge({ ...scene, case: twin.case }, observation.steps).every(check => check.ok))
        stubborn.push(`${one.id}, ${twin.what}`);
    }
  }
  assert.ok(flipped > cases.length);
  assert.deepEqual(stubborn, []);
});

test('should list only deviations that change what the model predicts of the cases they name', () => {
  const unchanged = deviations.flatMap(({ id, asIf, cases: patterns }) => {
    if (!asIf) return [];
    const match = matcher(patterns);
    const named = cases.filter(({ suite, one }) => match(suite.id, one.id) && one.notModelled === undefined);
    const changes = named.some(({ one }) => {
      const [standard, engine] = [{}, asIf].map(quirks => predictedSteps(observeWithModel(one, { quirks })));
      return standard && engine && differencesFrom(standard, engine).length > 0;
    });
    return changes ? [] : [id];
  });
  assert.deepEqual(unchanged, []);
});

test('should name real cases in every known deviation, and link to its reason', () => {
  for (const { id, cases: patterns, link, what } of deviations) {
    assert.match(link, /^https:\/\//, id);
    assert.match(what, /\.$/, id);
    assert.ok(patterns.length > 0, id);
  }
  const ids = deviations.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});
