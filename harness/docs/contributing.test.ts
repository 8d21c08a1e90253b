import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as apiHelpers from '../../suites/api-helpers.ts';
import * as caseHelpers from '../../suites/helpers.ts';
import * as sequenceHelpers from '../../suites/sequence-helpers.ts';
import { checkSuite } from '../case/check.ts';
import type { Case } from '../case/schema.ts';
import { modelResult } from '../run/model-runner.ts';
import { SPEC } from '../standard/spec.ts';

const helpers = { ...caseHelpers, ...apiHelpers, ...sequenceHelpers };
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const contributing = read('CONTRIBUTING.md');
const section = (title: string): string => {
  const from = contributing.indexOf(`\n## ${title}\n`);
  assert.ok(from >= 0, title);
  const to = contributing.indexOf('\n## ', from + 1);
  return contributing.slice(from, to < 0 ? undefined : to);
};

test('should show an example of a case that is valid and that the model passes', () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(section('Add a case')) ?? [];
  const names = { ...helpers, SPEC };
  const made = new Function(...Object.keys(names), `return (${code.trim().replace(/;$/, '')})`) as (
    ...values: unknown[]
  ) => Case;
  const suite = checkSuite(
    { id: 'mine', title: 'Mine', cases: [made(...Object.values(names))] },
    'the example',
  );
  assert.equal(modelResult(suite, suite.cases[0] as Case).verdict, 'pass');
});

test('should name helpers, fields and files that exist', () => {
  for (const [, cell = ''] of section('Add a case').matchAll(/^\| (`[^|]+) \|/gm))
    for (const [, name = ''] of cell.matchAll(/`(\w+)`/g)) assert.ok(name in helpers, name);
  const paths = [...section('Where do I change …?').matchAll(/`([\w./-]+\/[\w./-]*|[\w-]+\.ts)`/g)];
  assert.ok(paths.length > 10);
  const everywhere = new Set(['harness', 'suites', 'reports'].flatMap(namesIn));
  for (const [, path = ''] of paths) {
    const known = path.includes('/')
      ? !/[A-Z]{2}/.test(path) && existsSync(join(root, path))
      : everywhere.has(path);
    assert.ok(known || /[A-Z]{2}/.test(path), path);
  }
});

const namesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true }).map(({ name }) => name);

test('should have a glossary of at most 40 words, each once', () => {
  const words = [...section('Glossary').matchAll(/^\| ([a-z][^|]*?) +\|/gm)].map(([, word]) => word);
  words.shift();
  assert.ok(words.length > 25 && words.length <= 40, `${words.length} words`);
  assert.equal(new Set(words).size, words.length);
});

test('should link to files that exist, from every page that people read first', () => {
  for (const page of [
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'docs/architecture.md',
    'docs/playwright.md',
  ]) {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (!/^[a-z]+:/i.test(target))
        assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target}`);
    }
  }
});

test('should test on three systems and three releases of Node', () => {
  const workflow = read('.github/workflows/ci.yml');
  assert.match(workflow, /os: \[ubuntu-latest, macos-latest, windows-latest\]/);
  assert.match(workflow, /node: \[20, 22, 24\]/);
});
