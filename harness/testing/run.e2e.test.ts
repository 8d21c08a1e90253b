import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Loop } from './files.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LIMIT = { timeout: 120_000 };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs test files with these contents, as `npm test` does. The process is another: this one is under test itself. */
async function runFiles(
  contents: Record<string, string>,
  { loop = 'e2e', limitMs = 60_000, grep = '' }: { loop?: Loop; limitMs?: number; grep?: string } = {},
) {
  for (const [name, text] of Object.entries(contents)) {
    writeFileSync(join(folder, name), `import test, { describe } from 'node:test';\n${text}`);
  }
  const script = `
    import { runTestFiles } from ${JSON.stringify(new URL('./run.ts', import.meta.url).href)};
    const counts = await runTestFiles(${JSON.stringify(Object.keys(contents))}, {
      root: ${JSON.stringify(folder)}, loop: '${loop}', limitMs: ${limitMs}, output: process.stderr,
      ${grep && `grep: /${grep}/`}
    });
    console.log(JSON.stringify(counts));`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let report = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    report += chunk;
  });
  await once(child, 'close');
  return { counts: JSON.parse(stdout) as unknown, report };
}

for (const loop of ['unit', 'e2e'] as const) {
  test(`should count what passes, fails and is skipped, in TypeScript (${loop})`, LIMIT, async () => {
    const { counts, report } = await runFiles(
      {
        'a.test.ts': `test('fine', () => { const x: number = 1; void x; });
        test('left out', { skip: 'no such browser' }, () => {});
        describe('whole suite', { skip: 'no such engine' }, () => { test('one', () => {}); test('two', () => {}); });
        test('planned', { todo: true }, () => { throw new Error('not yet'); });`,
        'b.test.ts': `describe('suite', () => { test('inner', () => {}); test('broken', () => { throw new Error('it broke'); }); });`,
      },
      { loop },
    );
    assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 3 });
    assert.match(report, /it broke/);
    assert.match(report, /no such browser/);
  });

  test(`should not call a file green that brings no test or cannot be loaded (${loop})`, LIMIT, async () => {
    const { counts, report } = await runFiles(
      {
        'empty.test.ts': '',
        'broken.test.ts': "throw new Error('at load');",
        'unreadable.test.ts': "test('never begun', () => {",
        'fine.test.ts': "test('fine', () => {});",
      },
      { loop },
    );
    assert.deepEqual(counts, { passed: 1, failed: 3, skipped: 0 });
    assert.match(report, /empty\.test\.ts brings no test/);
    assert.match(report, /at load/);
  });

  test(
    `should run only the tests whose title matches, and not mention the others (${loop})`,
    LIMIT,
    async () => {
      const { counts, report } = await runFiles(
        {
          'a.test.ts':
            "test('reads one', () => {}); test('writes one', () => { throw new Error('not meant'); });",
          'b.test.ts':
            "describe('suite', () => { test('reads two', () => {}); }); test('writes two', () => {});",
        },
        { loop, grep: 'reads' },
      );
      assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
      assert.doesNotMatch(report, /writes/);
    },
  );
}

test('should call a process that ends in the middle of its tests failed', LIMIT, async () => {
  const { counts } = await runFiles(
    { 'exit.test.ts': "test('ends', () => process.exit(3));" },
    { loop: 'unit' },
  );
  assert.equal((counts as { failed: number }).failed > 0, true);
});

test('should not hang with a test that hangs', LIMIT, async () => {
  const { counts } = await runFiles(
    { 'hang.test.ts': "test('waits', () => new Promise(() => { setInterval(() => {}, 1_000); }));" },
    { limitMs: 5_000 },
  );
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
});

const npmTest = async (...args: string[]) => {
  const child = spawn(process.execPath, [join(ROOT, 'harness', 'bootstrap.mjs'), 'test', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CORS_CONFORMANCE_SKIP_INSTALL: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
};

test('should end npm test with the counts, for the files that were named', LIMIT, async () => {
  const { code, output } = await npmTest('engine/plan.test');
  assert.match(output, /\n\d+ passed, 0 failed\n$/);
  assert.equal(code, 0);
});

test('should say when no file was meant, and refuse unknown options', LIMIT, async () => {
  const none = await npmTest('no-such-file');
  assert.equal(none.code, 5);
  assert.equal(none.output, 'No test file has "no-such-file" in its path.\n');
  const unknown = await npmTest('--frobnicate');
  assert.equal(unknown.code, 2);
  assert.match(unknown.output, /Unknown option --frobnicate/);
});
