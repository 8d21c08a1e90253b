/** The real command line, spawned: what it prints, what it writes, how it ends. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { type RunRecord, recordSchema } from '../verdict/record.ts';
import { cli, start } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const file = (name: string, content: unknown): string => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const suite = (actual: object, expect: object) => ({
  id: 'mine',
  title: 'Mine',
  cases: [
    {
      id: 'first',
      title: 'A GET is readable',
      spec: ['https://fetch.spec.whatwg.org/#cors-check'],
      steps: [{ request: {}, server: { actual }, expect }],
    },
  ],
});
const allowed = { headers: [['Access-Control-Allow-Origin', '{origin}']] };

test('should end quietly if its reader has had enough', async () => {
  const { child, ended } = start(['list']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { stderr } = await ended;
  assert.equal(stderr, '');
});

describe('a run in a browser', () => {
  const engine = findEngines().find(found => found.found)?.name;

  test('should judge a case file from outside, and leave no temporary file', {
    skip: !engine && 'no engine',
  }, async () => {
    const path = file('both.json', {
      ...suite(allowed, { outcome: 'readable' }),
      cases: [
        ...suite(allowed, { outcome: 'readable' }).cases,
        { ...suite({}, { outcome: 'readable' }).cases[0], id: 'second' },
      ],
    });
    const out = join(dir, 'both');
    const tmp = join(dir, 'tmp');
    mkdirSync(tmp);
    const { code, stdout, stderr } = await cli(
      ['run', '--engine', engine as string, '--cases', path, '--out', out],
      { TMPDIR: tmp },
    );
    assert.equal(code, 1, stdout + stderr);
    const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    assert.deepEqual(
      record.results.map(result => [result.case.id, result.verdict, result.outcome]),
      [
        ['first', 'pass', 'expected'],
        ['second', 'fail', 'regression'],
      ],
    );
    assert.match(
      record.results[1]?.explanation[0]?.text ?? '',
      /No 'Access-Control-Allow-Origin' header is present/,
    );
    // What Playwright keeps for later runs is not ours.
    const left = readdirSync(tmp).filter(
      name => !/^(playwright-transform-cache|tsx|node-compile-cache)/.test(name),
    );
    assert.deepEqual(left, []);
  });

  test('should not be disturbed by another run on the same machine', {
    skip: !engine && 'no engine',
  }, async () => {
    const path = file('twice.json', suite(allowed, { outcome: 'readable' }));
    const run = (out: string) =>
      cli(['run', '--engine', engine as string, '--cases', path, '--out', join(dir, out)]);
    const both = await Promise.all([run('one'), run('two')]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
      both.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
    );
    for (const out of ['one', 'two']) {
      const record = recordSchema.parse(JSON.parse(readFileSync(join(dir, out, 'results.json'), 'utf8')));
      assert.deepEqual(
        record.results.map(result => result.verdict),
        ['pass'],
      );
    }
  });

  const running = ({ stderr }: ChildProcess) =>
    new Promise<void>(resolve => {
      stderr?.on('data', (chunk: string) => /Running cases/.test(chunk) && resolve());
    });

  /** A run whose only case waits for a minute, at a time when it does. */
  async function startLong(name: string) {
    const [first] = suite(allowed, { outcome: 'readable' }).cases;
    const path = file(`${name}.json`, {
      ...suite(allowed, {}),
      cases: [{ ...first, steps: [{ wait: 60_000 }, ...(first?.steps ?? [])] }],
    });
    const out = join(dir, name);
    const { child, ended } = start(['run', '--engine', engine as string, '--cases', path, '--out', out]);
    await running(child);
    await new Promise(resolve => setTimeout(resolve, 3000));
    return { child, ended, out };
  }

  test('should end with 130 when it is interrupted, and say nothing of the case under way', {
    skip: !engine && 'no engine',
  }, async () => {
    const { child, ended, out } = await startLong('interrupted');
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 130);
    const { run, results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as RunRecord;
    assert.deepEqual(run.interrupted, { done: 0, of: 1 });
    assert.deepEqual(results, []);
  });

  test('should end when it is interrupted before its workers have started', {
    skip: !engine && 'no engine',
  }, async () => {
    const out = join(dir, 'interrupted-early');
    const { child, ended } = start(
      ['run', '--engine', engine as string, '--only', 'simple-get', '--out', out],
      { PWTEST_CHILD_PROCESS_TIMEOUT: '10000' },
    );
    await running(child);
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 130);
    const { run } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as RunRecord;
    assert.equal(run.interrupted?.done, 0);
  });

  test('should end with 130 also when the interrupt comes to Playwright alone', {
    skip: engine ? process.platform === 'win32' && 'no pgrep' : 'no engine',
  }, async () => {
    const { child, ended } = await startLong('alone');
    const pids = execFileSync('pgrep', ['-P', String(child.pid), '-f', 'playwright'], { encoding: 'utf8' });
    process.kill(Number(pids.split('\n')[0]), 'SIGINT');
    assert.equal((await ended).code, 130);
  });

  test('should exit 4 when an engine that was asked for is not there', async () => {
    const { code, stderr } = await cli(
      ['run', '--engine', 'firefox', '--only', 'simple-get', '--out', join(dir, 'absent')],
      {
        CORS_CONFORMANCE_FIREFOX: '/nowhere/firefox',
      },
    );
    assert.equal(code, 4);
    assert.match(stderr, /firefox: not run: .*\/nowhere\/firefox/);
  });
});
