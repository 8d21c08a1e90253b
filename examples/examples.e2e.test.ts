import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inProcess } from '../harness/cli/in-process.test-support.ts';
import { temporary } from '../harness/cli/temporary.test-support.ts';
import type { RunRecord } from '../harness/verdict/record.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

const NAMES = readdirSync(here, { withFileTypes: true })
  .filter(one => one.isDirectory() && existsSync(join(here, one.name, 'cors.config.mjs')))
  .map(one => one.name);

/** Verifies a copy of an example, changed if asked for. Returns the exit code and the ids of the findings. */
async function verify(name: string, change?: readonly [from: string, to: string]) {
  const { dir, remove } = temporary();
  try {
    cpSync(join(here, name), join(dir, name), { recursive: true });
    symlinkSync(join(here, '..', 'node_modules'), join(dir, 'node_modules'), 'junction');
    const server = join(dir, name, 'server.mjs');
    if (change) {
      const text = readFileSync(server, 'utf8');
      assert.ok(text.includes(change[0]), change[0]);
      writeFileSync(server, text.replace(...change));
    }
    const config = join(dir, name, 'cors.config.mjs');
    const { code, stderr } = await inProcess(['verify', config, '--engine', 'model', '--out', dir]);
    const record = JSON.parse(readFileSync(join(dir, 'results.json'), 'utf8')) as RunRecord;
    return { code, stderr, found: (record.findings ?? []).map(one => one.id) };
  } finally {
    remove();
  }
}

test('there should be a row for each example', () => {
  const readme = readFileSync(join(here, 'README.md'), 'utf8');
  assert.ok(NAMES.length >= 3);
  for (const name of NAMES) assert.ok(readme.includes(`| \`${name}\``), name);
});

for (const name of NAMES)
  test(`${name} should keep its policy`, async () => {
    const { code, stderr, found } = await verify(name);
    assert.deepEqual(found, []);
    assert.equal(code, 0, stderr);
  });

const MISTAKES = [
  ['file-host', "'ETag', ", '', 'expose-missing'],
  [
    'file-host',
    "['https://drive.example.com', 'https://editor.partner.example']",
    'true',
    'origin-reflected',
  ],
  ['options-post', "'Content-Type');", "'X-Other');", 'header-not-allowed'],
  ['put-two-sites', "  methods: ['GET', 'PUT'],\n", '', 'method-not-allowed'],
] as const;

for (const [name, from, to, wanted] of MISTAKES)
  test(`${name} with a mistake should have the finding ${wanted}`, async () => {
    const { code, found } = await verify(name, [from, to]);
    assert.ok(found.includes(wanted), found.join());
    assert.equal(code, 1);
  });
