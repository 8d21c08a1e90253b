import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from './child.ts';
import { ProgramNotFoundError, runCommand } from './command.ts';

const node = (script: string) => [process.execPath, '-e', script];

test('runCommand should give back what was written, and whether it went well', async () => {
  const ran = await runCommand(node("console.log(process.env.X); console.error('e'); process.exitCode = 3"), {
    env: { X: 'o' },
  });
  assert.deepEqual(ran, { ok: false, end: 'exited with code 3', stdout: 'o\n', stderr: 'e\n' });
  assert.equal((await runCommand(node(''))).ok, true);
});

test('runCommand should say that there is no such program, and give up in time', async () => {
  await assert.rejects(runCommand(['no-such-program']), (error: Error) => {
    assert.ok(error instanceof ProgramNotFoundError);
    assert.match(error.message, /There is no no-such-program/);
    return true;
  });
  await assert.rejects(
    runCommand(node('setInterval(() => {}, 1000)'), { limitMs: 300 }),
    /timed out after 0 s/,
  );
  await assert.rejects(runCommand(node(''), { signal: AbortSignal.abort(new Error('before')) }), /before/);
});

test('shown should name the program without its folder', () => {
  assert.equal(commandLine(['/usr/bin/go', 'mod', 'tidy']), 'go mod tidy');
});
