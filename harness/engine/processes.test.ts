import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type Family, newFamily } from './processes.ts';

const skip = process.platform === 'linux' ? false : 'processes are looked at in /proc, which only Linux has';

/** Starts a shell that says "ready" when its script gets there. */
async function start(script: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', script], { env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  return child;
}

/** Waits until a process has gone on into a program that was given no environment. */
async function untilStripped(pid: number | undefined): Promise<void> {
  const commandLine = () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  while (commandLine() !== 'sleep 60') await new Promise(resolve => setTimeout(resolve, 5));
}

async function ended(child: ChildProcess, family: Family): Promise<void> {
  const exit = once(child, 'exit');
  await family.end();
  assert.deepEqual(await exit, [null, 'SIGTERM']);
  assert.equal(existsSync(family.folder), false);
}

describe('a family of processes', { skip }, () => {
  test('should know its own and nobody else', async () => {
    const [one, other] = [newFamily(), newFamily()];
    const child = await start('echo ready; read line', one.env);
    assert.deepEqual(one.pids(), [child.pid]);
    assert.deepEqual(other.pids(), []);
    await other.end();
    assert.deepEqual(one.pids(), [child.pid]);
    await ended(child, one);
    assert.deepEqual(one.pids(), []);
  });

  test('should still know, and end, a process that has lost its environment since it was seen', async () => {
    const family = newFamily();
    const child = await start('echo ready; read line; exec env -i sleep 60', family.env);
    assert.deepEqual(family.pids(), [child.pid]);
    child.stdin?.end('\n');
    await untilStripped(child.pid);
    assert.deepEqual(family.pids(), [child.pid]);
    await ended(child, family);
  });

  test('should know a process without environment in a group where its own have been', async () => {
    const family = newFamily();
    const child = await start('echo ready; read line; env -i sleep 60 & echo $!; wait', family.env);
    assert.deepEqual(family.pids(), [child.pid]);
    assert.ok(child.stdout);
    const said = once(child.stdout, 'data');
    child.stdin?.end('\n');
    const late = Number(String((await said)[0]));
    await untilStripped(late);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    assert.deepEqual(family.pids(), [late]);
    await family.end();
    // What has ended has no command line, even while nobody has taken note of its end.
    assert.equal(existsSync(`/proc/${late}`) ? readFileSync(`/proc/${late}/cmdline`, 'latin1') : '', '');
  });

  test('should leave a stranger alone', async () => {
    const family = newFamily();
    const child = await start('echo ready; read line', { PATH: process.env.PATH ?? '' });
    assert.deepEqual(family.pids(), []);
    await family.end();
    assert.equal(child.exitCode ?? child.signalCode, null);
    child.kill('SIGKILL');
  });
});
