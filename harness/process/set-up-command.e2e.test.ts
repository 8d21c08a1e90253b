import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { haveEnded } from './ended.test-support.ts';
import { runSetUpCommand } from './set-up-command.ts';

const skip = process.platform === 'win32' ? 'needs a POSIX shell' : false;
const sh = (script: string, limitMs = 20_000, log: (line: string) => void = () => undefined) =>
  runSetUpCommand(['/bin/sh', '-c', script], { env: process.env, limitMs, log });

test('should say nothing of a command that works', { skip }, async () => {
  assert.equal(await sh('exit 0'), undefined);
});

test('should say how a command failed, with its last words', { skip }, async () => {
  assert.equal(
    await sh('echo first; echo E: no such package >&2; exit 100'),
    'exited with code 100: E: no such package',
  );
});

test('should say that a program is not there', async () => {
  const failure = await runSetUpCommand(['/nonexistent/program'], {
    env: process.env,
    limitMs: 5_000,
    log: () => undefined,
  });
  assert.match(failure ?? '', /There is no \/nonexistent\/program/);
});

test('should show the first sign of life', { skip }, async () => {
  const lines: string[] = [];
  await sh('echo unpacking', 20_000, line => lines.push(line));
  assert.match(lines.join('\n'), /unpacking/);
});

test('should leave nobody waiting for an answer', { skip }, async () => {
  assert.equal(await sh('read answer && exit 1; [ "$DEBIAN_FRONTEND" = noninteractive ]'), undefined);
});

test('should kill what takes too long, together with what it started', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  const pidFile = join(folder, 'pid');
  const failure = await sh(`sleep 600 & echo $! > ${pidFile}; wait`, 1_000);
  assert.match(failure ?? '', /timed out after 1 s/);
  assert.ok(await haveEnded([Number(readFileSync(pidFile, 'utf8'))]), 'the helper is dead');
  rmSync(folder, { recursive: true });
});
