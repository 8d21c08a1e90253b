import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProcess } from './in-process.test-support.ts';

const hintOf = async (...args: string[]): Promise<string | undefined> => {
  const { code, stderr } = await inProcess(args);
  assert.equal(code, 2);
  const [, hint, ...rest] = stderr.trimEnd().split('\n');
  assert.match([hint, ...rest].at(-1) ?? '', /^\(add --help/);
  return rest.length === 0 ? undefined : hint;
};

test('should suggest the option that is a few letters away, or that other tools call so', async () => {
  assert.equal(await hintOf('verify', '--engines', 'model'), '(Did you mean --engine?)');
  assert.equal(await hintOf('run', '--grep=x'), '(Did you mean --only?)');
  assert.equal(await hintOf('verify', '--target', 'http://a'), '(Did you mean --url?)');
});

test('should say what is written without a flag', async () => {
  const wanted = '(Write it without a flag: verify CONFIG)';
  assert.equal(await hintOf('verify', '--config', 'a.json'), wanted);
  assert.equal(await hintOf('verify', '--confg', 'a.json'), wanted);
  assert.equal(await hintOf('audit', '--url', 'http://a'), '(Write it without a flag: audit URLS)');
});

test('should say which verbs have an option that this one has not, and that the verb comes first', async () => {
  assert.match(
    (await hintOf('run', '--origin', 'https://a.example')) ?? '',
    /^\(--origin is an option of .*audit, not of run\)$/,
  );
  assert.match(
    (await hintOf('--engine', 'model', 'verify')) ?? '',
    /^\(Write the verb first: --engine is an option of .*verify/,
  );
});

test('should say which verbs take without a flag what this one does not take at all', async () => {
  const wanted = /^\(Other verbs take it, without a flag: .*\bverify CONFIG\b.*\)$/;
  assert.match((await hintOf('audit', '--config', 'a.json')) ?? '', wanted);
  assert.match((await hintOf('run', '--policy', 'a.json')) ?? '', wanted);
});

test('should say nothing of what is like nothing', async () => {
  assert.equal(await hintOf('verify', '--zzzzzzzz'), undefined);
});
