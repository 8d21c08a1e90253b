import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesReachedFrom, loopOf, testFiles, testsReaching } from './files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tests = testFiles(root);

test('should find the test files of every folder, and tell the loops apart by their names', () => {
  for (const file of ['harness/walls.test.ts', 'suites/suites.test.ts', 'reports/html.e2e.test.ts'])
    assert.ok(tests.includes(file), file);
  assert.equal(loopOf('reports/html.e2e.test.ts'), 'e2e');
  assert.equal(loopOf('suites/suites.test.ts'), 'unit');
});

test('should name the files that take longest before the others, and none twice', () => {
  assert.equal(loopOf(tests[0] ?? ''), 'e2e');
  assert.equal(new Set(tests).size, tests.length);
  const byName = tests.filter((file, i) => i > 0 && file < (tests[i - 1] ?? ''));
  assert.ok(byName.length > 3, 'the order is not that of the names alone');
});

test('should know which tests a changed file concerns, through any number of imports', () => {
  const concerned = testsReaching(root, 'harness/standard/cors-check.ts', tests);
  assert.ok(concerned.includes('harness/standard/cors-check.test.ts'));
  assert.ok(concerned.includes('suites/suites.test.ts'));
  assert.ok(!concerned.includes('harness/release/versions.test.ts'));
  assert.deepEqual(testsReaching(root, 'suites/suites.test.ts', tests), ['suites/suites.test.ts']);
  assert.deepEqual(testsReaching(root, 'README.md', tests), []);
});

test('should know what files import, through any number of imports', () => {
  const reached = filesReachedFrom(root, ['harness/standard/cors-check.test.ts']);
  for (const file of ['harness/standard/cors-check.test.ts', 'harness/standard/cors-check.ts'])
    assert.ok(reached.includes(file), file);
  assert.ok(!reached.includes('suites/suites.test.ts'));
});
