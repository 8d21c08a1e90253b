import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredCommand } from './declared-command.ts';
import { inProcess } from './in-process.test-support.ts';
import { VERBS } from './verbs.ts';

test('should say the same of a verb in the list and in its own help', async () => {
  for (const [name, { load, summary }] of Object.entries(VERBS)) {
    const command = declaredCommand(await load());
    assert.equal(command?.name(), name);
    assert.equal(command?.description(), summary);
  }
});

test('should list every verb, and suggest one for a word that is none', async () => {
  const { code, stdout } = await inProcess(['--help']);
  assert.equal(code, 0);
  for (const [name, { summary }] of Object.entries(VERBS)) {
    assert.ok(stdout.includes(`  ${name} `), name);
    assert.ok(stdout.replace(/\s+/g, ' ').includes(summary), summary);
  }
  const unknown = await inProcess(['verfy']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /unknown command 'verfy'\n\(Did you mean verify\?\)/);
});

test('should show the help of a verb for help and its name', async () => {
  const { code, stdout } = await inProcess(['help', 'run']);
  assert.equal(code, 0);
  assert.match(stdout, /Usage: cors-conformance run/);
});
