import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readProven } from '../run/proven.ts';
import { ALL_STACKS, requireStack } from '../stacks/index.ts';
import type { Proof } from '../stacks/proof.ts';
import { middlewaresPage } from './middlewares-page.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('every finding that the page links to should have a page', () => {
  const linked = new Set(
    [...read('docs/middlewares.md').matchAll(/\(findings\/([a-z-]+\.md)\)/g)].map(
      ([, file]) => file as string,
    ),
  );
  assert.ok(linked.size > 3);
  for (const file of linked) assert.ok(existsSync(new URL(`docs/findings/${file}`, root)), file);
});

test('what was recorded should be of the releases that the gallery installs now', async () => {
  for (const { id } of ALL_STACKS) {
    const file = fileURLToPath(new URL(`fixtures/gallery/${id}/proof.ts`, root));
    const entry = readProven().entries.find(one => one.stack === id);
    if (!existsSync(file) || !entry || entry.notRun !== undefined) continue;
    const { proof } = (await import(pathToFileURL(file).href)) as { proof: Proof };
    if (proof.packages.ecosystem === 'debian') continue;
    assert.deepEqual(
      entry.versions,
      proof.packages.pins,
      `${id}: run npm run gallery -- ${id} --record with the new releases`,
    );
  }
});

test('what was recorded of a stack should hold each of its mistakes', async () => {
  for (const { stack, notRun, mutations } of readProven().entries) {
    if (notRun !== undefined) continue;
    const file = fileURLToPath(new URL(`fixtures/gallery/${stack}/proof.ts`, root));
    const { proof } = (await import(pathToFileURL(file).href)) as { proof: Proof };
    assert.deepEqual(
      mutations.map(one => one.mistake),
      proof.mutations.map(one => one.mistake),
      `${stack}: run npm run gallery -- ${stack} --record`,
    );
  }
});

test('nothing that a run said should break the page', () => {
  const stack = requireStack('express');
  const page = middlewaresPage(
    {
      entries: [
        {
          date: '2026-01-01',
          stack: stack.id,
          title: stack.title,
          ecosystem: 'npm',
          versions: {},
          engines: [],
          policies: [],
          mutations: [],
          notRun: 'bad | <img src=x>\nline',
        },
      ],
    },
    [stack],
  )['docs/middlewares.md'] as string;
  assert.doesNotMatch(page, /<img/);
  assert.match(page, /bad \\\| &lt;img src=x> line/);
});

test('an engine that saw some of the policies should be told with their numbers, and its release', () => {
  const stack = requireStack('express');
  const proof = { found: [], announced: [], proven: true };
  const page = middlewaresPage(
    {
      entries: [
        {
          date: '2026-01-01',
          stack: stack.id,
          title: stack.title,
          ecosystem: 'npm',
          versions: { cors: '2' },
          engines: [
            { name: 'model', version: '1' },
            { name: 'firefox', version: '153.7.0' },
          ],
          policies: [
            { policy: 'one-origin', engines: ['model'], ...proof },
            { policy: 'list-and-pattern', engines: ['model', 'firefox'], ...proof },
            { policy: 'public', engines: ['model', 'firefox'], ...proof },
          ],
          mutations: [],
        },
      ],
    },
    [stack],
  )['docs/middlewares.md'] as string;
  assert.match(page, /\| ✓ \| ✓ \| ✓ \| – \| model, firefox \(2, 3\) \|/);
  assert.match(page, /Releases: firefox 153\.7\.0\./);
});
