/** Which files hold tests, which loop each belongs to, and which of them a changed file concerns. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { REPORTS } from '../process/reports-folder.ts';

/** `unit`: pure, no browser, registry or spawned command. `e2e`: everything else. */
export type Loop = 'unit' | 'e2e';

const NOT_OURS = new Set(['node_modules', REPORTS, 'test-results', 'dist']);

/** The files that take longest, one of which would be left alone at the end if it were begun last. */
const LONGEST = [
  'harness/packaging/package.e2e.test.ts',
  'harness/cli/remote-browsers.e2e.test.ts',
  'harness/run/gallery.e2e.test.ts',
  'harness/lab/lab.e2e.test.ts',
  'harness/cli/regress.e2e.test.ts',
  'reports/html.e2e.test.ts',
  'harness/cli/surroundings.e2e.test.ts',
  'harness/cli/merge.e2e.test.ts',
  'harness/cli/verify.e2e.test.ts',
  'harness/run/comparison-run.e2e.test.ts',
  'fixtures/targets/targets.e2e.test.ts',
  'harness/cli/run.e2e.test.ts',
  'harness/cli/secrets.e2e.test.ts',
  'harness/release/install.e2e.test.ts',
  'harness/engine/firefox.e2e.test.ts',
  'harness/run/releases.e2e.test.ts',
];

/** The loop that a test file belongs to, by its name. */
export const loopOf = (file: string): Loop => (file.endsWith('.e2e.test.ts') ? 'e2e' : 'unit');

/** Paths of the test files under `root`, relative to it and with forward slashes: the longest first, then by name. */
export function testFiles(root: string): string[] {
  const files = sourceFiles(root).filter(file => file.endsWith('.test.ts'));
  return [...LONGEST.filter(file => files.includes(file)), ...files.filter(file => !LONGEST.includes(file))];
}

/**
 * The test files that reach `changed` through their imports, however long the way.
 * @param changed a path relative to `root`, with forward slashes
 */
export function testsReaching(root: string, changed: string, tests: readonly string[]): string[] {
  const importers = new Map<string, string[]>();
  for (const file of sourceFiles(root).filter(name => /\.m?ts$/.test(name))) {
    for (const imported of importedBy(root, file)) {
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  const reached = new Set([changed]);
  for (const file of reached) {
    for (const importer of importers.get(file) ?? []) reached.add(importer);
  }
  return tests.filter(file => reached.has(file));
}

/** The files and all that they import, by the paths written in their imports, each relative to `root`. */
export function filesReachedFrom(root: string, files: readonly string[]): string[] {
  const reached = new Set(files);
  for (const file of reached) {
    for (const imported of importedBy(root, file))
      if (existsSync(join(root, imported))) reached.add(imported);
  }
  return [...reached];
}

function importedBy(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, path = '']) => slashed(relative(root, resolve(root, dirname(file), path))));
}

function sourceFiles(root: string): string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (!NOT_OURS.has(entry.name) && !entry.name.startsWith('.')) visit(join(at, entry.name));
      } else {
        found.push(slashed(relative(root, join(at, entry.name))));
      }
    }
  };
  visit(root);
  return found.sort();
}

const slashed = (path: string) => path.split(sep).join('/');
