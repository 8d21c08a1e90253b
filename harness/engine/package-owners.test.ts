import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageOwner } from './package-owners.ts';

interface Machine {
  readonly folder: string;
  readonly status: string;
  readonly questions: string[];
  readonly answers: Record<string, string>;
  readonly ask: (command: readonly string[]) => Promise<string | undefined>;
}

/** A dpkg that knows one browser, and a cache folder of its own. */
function machine(t: TestContext): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'package-owners-'));
  const before = process.env.CORS_CONFORMANCE_CACHE;
  process.env.CORS_CONFORMANCE_CACHE = join(folder, 'cache');
  t.after(() => {
    if (before === undefined) delete process.env.CORS_CONFORMANCE_CACHE;
    else process.env.CORS_CONFORMANCE_CACHE = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const status = join(folder, 'status');
  writeFileSync(status, 'one');
  const questions: string[] = [];
  const answers: Record<string, string> = {
    '/usr/bin/browser': 'browser: /usr/bin/browser',
    browser: '1.0-1',
  };
  const ask = async (command: readonly string[]) => {
    questions.push(command.slice(0, 2).join(' '));
    return answers[command.at(-1) ?? ''];
  };
  return { folder, status, questions, answers, ask };
}

test('should ask dpkg once for each program, until a package changes', async t => {
  const { folder, status, questions, answers, ask } = machine(t);
  const owner = () => packageOwner('/usr/bin/browser', { status, ask });
  assert.deepEqual([await owner(), await owner()], ['browser 1.0-1', 'browser 1.0-1']);
  assert.deepEqual(questions, ['dpkg-query -S', 'dpkg-query -W']);
  writeFileSync(status, 'another');
  answers.browser = '2.0-1';
  assert.equal(await owner(), 'browser 2.0-1');
  assert.deepEqual(readdirSync(join(folder, 'cache')), ['package-owners.json']);
});

test('should remember that no package has a program', async t => {
  const { status, questions, ask } = machine(t);
  const owner = () => packageOwner('/opt/browser', { status, ask });
  assert.deepEqual([await owner(), await owner()], [undefined, undefined]);
  assert.deepEqual(questions, ['dpkg-query -S']);
});

test('should ask nothing where there is no dpkg', async t => {
  const { folder, questions, ask } = machine(t);
  assert.equal(await packageOwner('/usr/bin/browser', { status: join(folder, 'missing'), ask }), undefined);
  assert.deepEqual(questions, []);
});

test('should do without what is kept where it cannot be read or written', async t => {
  const { folder, status, ask } = machine(t);
  mkdirSync(join(folder, 'cache', 'package-owners.json'), { recursive: true });
  assert.equal(await packageOwner('/usr/bin/browser', { status, ask }), 'browser 1.0-1');
  rmSync(join(folder, 'cache'), { recursive: true });
  writeFileSync(join(folder, 'cache'), 'a file');
  assert.equal(await packageOwner('/usr/bin/browser', { status, ask }), 'browser 1.0-1');
});
