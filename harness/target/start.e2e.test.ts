import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { haveEnded, isRunning } from '../process/ended.test-support.ts';
import { TargetError } from './errors.ts';
import { type RunningTarget, startTarget, type TargetOptions } from './start.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'target-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const timeouts = { readyMs: 20_000, stopMs: 500 };

/** A command that runs this JavaScript. */
const node = (script: string): string[] => [process.execPath, '-e', script];
const SERVER =
  "require('node:http').createServer((q, a) => a.end('ok')).listen(process.env.PORT, '127.0.0.1');";

const start = (options: TargetOptions) => startTarget({ timeouts, ...options }, folder);

async function failure(options: TargetOptions): Promise<TargetError> {
  try {
    const target = await start(options);
    await target.stop();
  } catch (error) {
    assert.ok(error instanceof TargetError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it started' });
}

async function until<T>(get: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let n = 0; n < 1000; n++) {
    const value = await get();
    if (value !== undefined) return value;
    await sleep(10);
  }
  throw new assert.AssertionError({ message: 'it never came' });
}

const crashOf = (target: RunningTarget) =>
  new Promise<TargetError>(resolve => {
    target.onCrash(resolve);
  });

describe('startTarget', { timeout: 120_000 }, () => {
  test('should start a command on a free port, serve, and leave nothing behind', async () => {
    const target = await start({ command: node(SERVER) });
    assert.match(target.url, /^http:\/\/localhost:\d+$/);
    assert.equal(await (await fetch(target.url)).text(), 'ok');
    await target.stop();
    await target.stop();
    assert.ok(await haveEnded([target.pid as number]));
    await assert.rejects(fetch(target.url));
    assert.equal(target.crash, null);
  });

  test('should fill {port} into a shell line and the environment, and run in the folder it is told', async () => {
    await writeFile(join(folder, 'answer.txt'), 'from the folder');
    await writeFile(
      join(folder, 'server.cjs'),
      "require('node:http').createServer((q, a) => a.end(require('node:fs').readFileSync('answer.txt') + ' ' + process.env.WHERE)).listen(+process.argv[2], '127.0.0.1');",
    );
    const target = await start({
      command: `"${process.execPath}" server.cjs {port}`,
      cwd: '.',
      env: { WHERE: 'on {port}' },
      url: 'http://127.0.0.1:{port}',
    });
    try {
      const { port } = new URL(target.url);
      assert.equal(await (await fetch(target.url)).text(), `from the folder on ${port}`);
    } finally {
      await target.stop();
    }
  });

  test('should wait for a line of the output', async () => {
    const target = await start({
      command: node(`${SERVER} console.log('\\u001b[32mlistening\\u001b[0m on ' + process.env.PORT)`),
      ready: { log: '^listening on \\d+$' },
    });
    assert.match(target.output.join('\n'), /^listening on \d+$/);
    await target.stop();
  });

  test('should take any answer of a path, or only the status that is named', async () => {
    const script =
      "let n = 0; require('node:http').createServer((q, a) => { a.statusCode = ++n < 4 ? 503 : 204; a.end(); }).listen(process.env.PORT, '127.0.0.1');";
    const any = await start({ command: node(script), ready: { path: '/health' } });
    assert.equal((await fetch(any.url)).status, 503);
    await any.stop();
    const named = await start({ command: node(script), ready: { path: '/health', status: 204 } });
    assert.equal((await fetch(named.url)).status, 204);
    await named.stop();
  });

  test('should say that a command cannot be started', async () => {
    const error = await failure({ command: ['/no/such/program'] });
    assert.equal(error.fault, 'not-started');
    assert.match(error.message, /ENOENT.*target\.command/);
  });

  test('should say that it exited at once, with its last output', async () => {
    const error = await failure({ command: node("console.error('no database'); process.exit(3)") });
    assert.equal(error.fault, 'exited');
    assert.match(error.message, /exited with code 3 before it was ready/);
    assert.deepEqual(error.output, ['no database']);
  });

  test('should give up on one that is never ready, with what it waited for, and stop it', async () => {
    const pidFile = join(folder, 'never.pid');
    const error = await failure({
      command: node(
        `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); console.log('still warming up'); setInterval(() => {}, 1000);`,
      ),
      timeouts: { readyMs: 700, stopMs: 500 },
    });
    assert.equal(error.fault, 'not-ready');
    assert.match(error.message, /waited for a connection to localhost:\d+ \(ECONNREFUSED\)/);
    assert.match(error.message, /still warming up/);
    assert.ok(await haveEnded([Number(await readFile(pidFile, 'utf8'))]));
  });

  test('should notice a crash in the middle', async () => {
    const target = await start({
      command: node(
        "require('node:http').createServer((q, a) => { console.error('out of luck'); setTimeout(() => process.exit(7), 10); }).listen(process.env.PORT, '127.0.0.1');",
      ),
    });
    const crash = crashOf(target);
    await fetch(target.url).catch(() => undefined);
    const error = await crash;
    assert.equal(error.fault, 'crashed');
    assert.match(error.message, /exited with code 7 in the middle of the run/);
    assert.deepEqual(error.output, ['out of luck']);
    assert.equal(target.crash, error);
    await target.stop();
  });

  test('should let it open its own output by name, as servers in containers do', {
    skip: process.platform === 'win32',
  }, async () => {
    const target = await start({
      command: node(
        `const { writeFileSync } = require('node:fs'); writeFileSync('/dev/stdout', 'access\\n'); writeFileSync('/dev/stderr', 'error\\n'); ${SERVER}`,
      ),
    });
    try {
      await until(() => (target.output.length === 2 ? true : undefined));
      assert.deepEqual([...target.output].sort(), ['access', 'error']);
    } finally {
      await target.stop();
    }
  });

  test('should kill one that ignores SIGTERM', async () => {
    const target = await start({ command: node(`process.on('SIGTERM', () => {}); ${SERVER}`) });
    await target.stop();
    assert.ok(await haveEnded([target.pid as number]));
  });

  test('should let one that heeds SIGTERM finish its work', async () => {
    const file = join(folder, 'goodbye');
    const target = await start({
      command: node(
        `process.on('SIGTERM', () => { require('node:fs').writeFileSync(${JSON.stringify(file)}, 'done'); process.exit(0); }); ${SERVER}`,
      ),
      timeouts: { readyMs: 20_000, stopMs: 10_000 },
    });
    await target.stop();
    assert.equal(await readFile(file, 'utf8'), 'done');
  });

  test('should stop the children that it spawned, also where the parent is gone', async () => {
    const pidFile = join(folder, 'child.pid');
    const target = await start({
      command: node(
        `const child = require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: 'ignore' });
         require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); process.on('SIGTERM', () => process.exit(0)); ${SERVER}`,
      ),
    });
    const child = Number(await readFile(pidFile, 'utf8'));
    assert.ok(isRunning(child));
    await target.stop();
    assert.ok(await haveEnded([child]));
  });

  test('should end with the process that started it, even when that one is killed', async () => {
    const script = join(folder, 'harness.mts');
    const start = new URL('./start.ts', import.meta.url).href;
    await writeFile(
      script,
      `import { startTarget } from ${JSON.stringify(start)};
       const target = await startTarget(${JSON.stringify({ command: node(SERVER), timeouts })}, '.');
       console.log('pid ' + target.pid);
       setInterval(() => {}, 1000);`,
    );
    const harness = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    harness.stdout.on('data', chunk => {
      text += chunk;
    });
    const pid = await until(() => /pid (\d+)/.exec(text)?.[1]);
    assert.ok(isRunning(Number(pid)));
    harness.kill('SIGKILL');
    assert.ok(await haveEnded([Number(pid)]));
  });

  test('should use a server that runs elsewhere, and leave it running', async () => {
    const server = createServer((_, answer) => answer.end('mine'));
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = await start({ url });
    await target.stop();
    assert.equal(await (await fetch(url)).text(), 'mine');
    server.closeAllConnections();
    await new Promise(done => server.close(done));
    const error = await failure({ url, timeouts: { readyMs: 100, stopMs: 100 } });
    assert.equal(error.fault, 'not-ready');
  });
});
