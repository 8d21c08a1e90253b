/** `--watch`: again after each change of what a run is about, and nothing left after Ctrl-C. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningProcesses } from '../process/identity.ts';
import { inProcess } from './in-process.test-support.ts';
import { type Spawned, start } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
const started: Spawned[] = [];
after(() => {
  for (const { child } of started) child.kill('SIGINT');
  remove();
});

const LIMIT = { timeout: 120_000 };

const server = (allowed: string) => `
import { createServer } from 'node:http';
createServer((request, response) => {
  response.setHeader('Vary', 'Origin');
  if (request.headers.origin === '${allowed}') response.setHeader('Access-Control-Allow-Origin', '${allowed}');
  response.end('{}');
}).listen(process.env.PORT);
`;

/** What a command has written so far, and how to wait for more of it. */
function follow(running: Spawned) {
  const { child } = running;
  started.push(running);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: string) => {
      text += chunk;
    });
  const count = (what: RegExp) => [...text.matchAll(what)].length;
  return {
    async times(what: RegExp, n: number): Promise<void> {
      const until = Date.now() + 60_000;
      while (count(what) < n && Date.now() < until) await sleep(50);
      assert.equal(count(what), n, text);
    },
  };
}

/** Starts a command whose processes and temp files can be told from those of others. */
function startApart(args: readonly string[]) {
  const temp = mkdtempSync(join(dir, 'tmp-'));
  const running = start(args, { TMPDIR: temp });
  const left = () => [
    ...runningProcesses()
      .filter(({ environment }) => environment.includes(temp))
      .map(({ identity }) => identity),
    // The compiler keeps its own there.
    ...readdirSync(temp).filter(name => !name.startsWith('tsx-')),
  ];
  return {
    running,
    /** Interrupts it. What it has started ends with it, or within seconds. */
    async interrupt(): Promise<void> {
      if (process.platform === 'linux') assert.notDeepEqual(left(), [], 'what runs is seen');
      running.child.kill('SIGINT');
      assert.equal((await running.ended).code, 130);
      const until = Date.now() + 30_000;
      while (left().length > 0 && Date.now() < until) await sleep(50);
      assert.deepEqual(left(), []);
    },
  };
}

const CODE = (code: number) => new RegExp(`Exit code ${code}\\. Waiting for a change`, 'g');

describe('--watch', () => {
  test('should verify again when the server changes or the policy does, until Ctrl-C', LIMIT, async () => {
    const origin = 'https://app.example.com';
    const policy = { origins: [origin], resources: [{ path: '/items' }] };
    const config = join(dir, 'cors.config.json');
    writeFileSync(join(dir, 'server.mjs'), server('https://other.example.com'));
    writeFileSync(config, JSON.stringify({ target: { command: 'node server.mjs' }, policy }));
    const out = join(dir, 'results');
    const { running, interrupt } = startApart([
      ...['verify', config, '--engine', 'model', '--watch', '--out', out],
    ]);
    const said = follow(running);
    await said.times(CODE(1), 1);
    writeFileSync(join(dir, 'server.mjs'), server(origin));
    await said.times(CODE(0), 1);
    await said.times(/Changed: .*server\.mjs/g, 1);
    writeFileSync(config, '{');
    await said.times(CODE(2), 1);
    await interrupt();
  });

  test('should run case files again, and end while a run is under way', LIMIT, async () => {
    const step = { request: {}, server: { actual: {} }, expect: { outcome: 'readable' } };
    const one = {
      id: 'one',
      title: 'A GET is readable',
      spec: ['https://fetch.spec.whatwg.org/'],
      steps: [step],
    };
    const file = join(dir, 'cases.json');
    const cases = (more: object) =>
      JSON.stringify({ id: 'mine', title: 'Mine', cases: [{ ...one, ...more }] });
    writeFileSync(file, cases({}));
    const args = ['run', '--engine', 'model', '--cases', file, '--watch', '--out', join(dir, 'run')];
    const { running, interrupt } = startApart(args);
    const said = follow(running);
    await said.times(CODE(1), 1);
    const right = { ...step, expect: { outcome: 'blocked', blockedAt: 'response' } };
    writeFileSync(file, cases({ title: 'A GET without the header is blocked', steps: [right] }));
    await said.times(CODE(0), 1);
    writeFileSync(file, cases({}));
    await said.times(/Changed: /g, 2);
    await interrupt();
  });

  test('should say what is wrong with a configuration at once', async () => {
    const { code, stderr } = await inProcess(['verify', join(dir, 'nowhere.json'), '--watch']);
    assert.equal(code, 2);
    assert.match(stderr, /nowhere\.json: cannot be read/);
  });
});
