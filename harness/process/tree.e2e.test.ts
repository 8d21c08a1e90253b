import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import type { Child } from './child.ts';
import { newTree, type ProcessTree } from './tree.ts';

const skip = process.platform === 'linux' ? false : 'processes are looked at in /proc, which only Linux has';

/** Starts a shell and waits for the first line that it says. */
async function say(tree: ProcessTree, script: string): Promise<{ child: Child; line: string }> {
  const child = await tree.start(['/bin/sh', '-c', script]);
  assert.ok(child.stdout);
  const [data] = await once(child.stdout, 'data');
  return { child, line: String(data).trim() };
}

const commandLineOf = (pid: number) =>
  existsSync(`/proc/${pid}`)
    ? readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
    : '';

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 10));
}

describe('a tree of processes', { skip, timeout: 60_000 }, () => {
  test('should know its own processes and no others', async () => {
    const [one, other] = [newTree(), newTree()];
    const { child } = await say(one, 'echo ready; exec sleep 600');
    assert.deepEqual(one.pids(), [child.pid]);
    assert.deepEqual(other.pids(), []);
    await other.end();
    assert.ok(child.running);
    const { folder } = one;
    await one.end();
    assert.deepEqual(await child.ended, { code: null, signal: 'SIGTERM' });
    assert.equal(existsSync(folder), false);
    assert.deepEqual(one.pids(), []);
  });

  test('should end a process that has lost its environment', async () => {
    const tree = newTree();
    const { child } = await say(tree, 'echo ready; exec env -i sleep 600');
    await until(() => commandLineOf(child.pid) === 'sleep 600');
    assert.deepEqual(tree.pids(), [child.pid]);
    await tree.end();
    assert.deepEqual(await child.ended, { code: null, signal: 'SIGTERM' });
  });

  test('should end a process that has lost its environment and its parent', async () => {
    const tree = newTree();
    const { child, line } = await say(tree, 'env -i sleep 600 & echo $!');
    await child.ended;
    const late = Number(line);
    await until(() => commandLineOf(late) === 'sleep 600');
    assert.deepEqual(tree.pids(), [late]);
    await tree.end();
    assert.equal(commandLineOf(late), '');
  });

  test('should end a process that has moved to a session of its own', async () => {
    const tree = newTree();
    const { child, line } = await say(tree, 'setsid sh -c "echo \\$\\$; exec sleep 600" & wait');
    const apart = Number(line);
    await until(() => commandLineOf(apart) === 'sleep 600');
    child.signal('SIGKILL');
    await child.ended;
    assert.deepEqual(tree.pids(), [apart]);
    await tree.end();
    assert.equal(commandLineOf(apart), '');
  });

  test('should kill what does not end when asked to', async () => {
    const tree = newTree();
    const { child } = await say(tree, 'trap "" TERM; echo ready; while :; do sleep 600; done');
    await tree.end(100);
    assert.deepEqual(await child.ended, { code: null, signal: 'SIGKILL' });
  });

  test('should leave other processes alone', async () => {
    const stranger = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
    await once(stranger, 'spawn');
    const tree = newTree();
    await say(tree, 'echo ready');
    await tree.end();
    assert.equal(stranger.exitCode ?? stranger.signalCode, null);
    stranger.kill('SIGKILL');
  });

  test('should say that there is no such program or folder', async () => {
    const tree = newTree();
    await assert.rejects(tree.start(['no-such-program']), /ENOENT/);
    await assert.rejects(tree.start(['true'], { cwd: '/no/such' }), /the folder \/no\/such does not exist/);
    await tree.end();
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`should end, with its temp files, if the harness gets ${signal}`, async () => {
      const temp = mkdtempSync(join(tmpdir(), 'cct-'));
      const script = `
        import { newTree } from ${JSON.stringify(new URL('./tree.ts', import.meta.url).href)};
        const tree = newTree();
        const child = await tree.start(['/bin/sh', '-c', 'setsid sleep 601 & sleep 602 & exec sleep 603'], {
          cwd: tree.folder,
        });
        while (tree.pids().length < 3) await new Promise(resolve => setTimeout(resolve, 10));
        console.log(JSON.stringify(tree.pids()));
        setInterval(() => {}, 1000);`;
      const harness = spawn(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, TMPDIR: temp, TSX_DISABLE_CACHE: '1' },
        },
      );
      const [line] = (await once(createInterface(harness.stdout), 'line')) as [string];
      const pids = JSON.parse(line) as number[];
      assert.ok(readdirSync(temp).some(name => name.startsWith('cors-run-')));
      harness.kill(signal);
      await once(harness, 'exit');
      await until(() => pids.every(pid => commandLineOf(pid) === ''));
      await until(() => !readdirSync(temp).some(name => name.startsWith('cors-run-')));
      rmSync(temp, { recursive: true });
    });
  }
});
