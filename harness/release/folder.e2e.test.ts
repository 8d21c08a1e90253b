import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { haveEnded } from '../process/ended.test-support.ts';
import { identityOf } from '../process/identity.ts';

const FOLDER = new URL('./folder.ts', import.meta.url).href;
const COMMAND = new URL('../process/command.ts', import.meta.url).href;

describe('the folders of releases', { timeout: 60_000 }, () => {
  let temp: string;
  before(async () => {
    temp = await mkdtemp(join(tmpdir(), 'release-folders-'));
  });
  after(() => rm(temp, { recursive: true, force: true }));

  /** Runs a module whose temp folders all lie in `temp`; resolves once it says something, or has ended. */
  const run = async (source: string) => {
    const file = join(temp, 'program.mts');
    await writeFile(file, `import { newFolder } from ${JSON.stringify(FOLDER)};\n${source}`);
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file], {
      env: { ...process.env, TMPDIR: temp },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    let said = '';
    child.stdout.on('data', chunk => {
      said += chunk;
    });
    await Promise.race([once(child.stdout, 'data'), ended]);
    return { child, ended, said: said.trim() };
  };
  const left = async () => (await readdir(temp)).filter(name => name.startsWith('cors-run-'));

  test('should go with remove(), and at the latest with their process', async () => {
    const one = await run(
      "const one = newFolder(); await one.remove(); await one.remove(); console.log('gone');",
    );
    assert.equal(one.said, 'gone');
    await one.ended;
    for (const end of ['', 'process.exit(3);', "throw new Error('on purpose');"]) {
      const two = await run(
        `const { base } = newFolder(); (await import('node:fs')).writeFileSync(base + '/x', ''); process.stdout.write(base); ${end}`,
      );
      await two.ended;
      assert.match(two.said, /\/release-/);
      assert.deepEqual(await left(), []);
    }
  });

  test('should be removed if their process is killed, and by nobody while it lives', async () => {
    const living = await run('process.stdout.write(newFolder().base); setInterval(() => {}, 1000);');
    const killed = await run('process.stdout.write(newFolder().base); setInterval(() => {}, 1000);');
    killed.child.kill('SIGKILL');
    await killed.ended;
    while (existsSync(killed.said)) await new Promise(done => setTimeout(done, 20));
    assert.ok(existsSync(living.said));
    living.child.kill('SIGKILL');
    await living.ended;
    while ((await left()).length > 0) await new Promise(done => setTimeout(done, 20));
  });

  test('should be removed by the next run if nobody did', async () => {
    // As a process leaves it that is killed together with its supervisor; nothing that is not ours is touched.
    await mkdir(join(temp, 'cors-run-killed'));
    await writeFile(
      join(temp, 'cors-run-killed', 'owner'),
      (identityOf(process.pid) ?? '').replace(/\d+$/, '1'),
    );
    await mkdir(join(temp, 'cors-run-mine'));
    const next = await run("newFolder(); console.log('made');");
    await next.ended;
    assert.deepEqual(await left(), ['cors-run-mine']);
    await rm(join(temp, 'cors-run-mine'), { recursive: true });
  });

  test('should end a command with its children when it is aborted, and when the process exits', async () => {
    const long = ['/bin/sh', '-c', 'sleep 1000 & echo $! > "$0"; wait'];
    for (const [name, end] of [
      ['aborted', 'controller.abort(new Error("enough"));'],
      ['exited', 'process.exit(0);'],
    ] as const) {
      const pidFile = join(temp, `${name}.pid`);
      const one = await run(
        `import { runCommand } from ${JSON.stringify(COMMAND)};
         import { readFileSync } from 'node:fs';
         const controller = new AbortController();
         const running = runCommand(${JSON.stringify([...long, pidFile])}, { signal: controller.signal });
         running.catch(error => console.log(error.message));
         const pid = () => { try { return readFileSync(${JSON.stringify(pidFile)}, 'utf8').trim(); } catch { return ''; } };
         while (pid() === '') await new Promise(done => setTimeout(done, 20));
         ${end}`,
      );
      await one.ended;
      if (name === 'aborted') assert.equal(one.said, 'enough');
      assert.ok(await haveEnded([Number(await readFile(pidFile, 'utf8'))]));
    }
  });
});
