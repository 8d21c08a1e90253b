/** How children are ended on systems without `/proc`, in a process that believes it is on one of them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';

const skip = process.platform === 'linux' ? false : 'the real system is tested by the other files';
const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * Windows' program, as far as it is used: ends a process and its descendants, and notes what it was asked.
 * The parent first: one whose child is gone could end by itself before it is killed.
 */
function taskkill(): string {
  const path = join(folder, 'taskkill');
  const notes = join(folder, 'taskkill.txt');
  writeFileSync(
    path,
    `#!/bin/sh
echo "$@" >> ${notes}
end() {
  set -- "$1" $(cat "/proc/$1/task/$1/children")
  kill -KILL "$1"
  shift
  for child; do end "$child"; done
}
end "$2"
`,
  );
  chmodSync(path, 0o755);
  return notes;
}

/** Starts two processes in a tree on a platform, ends the tree, and says what became of them. */
async function endedOn(
  platform: NodeJS.Platform,
): Promise<{ pids: readonly number[]; leader: number; end: string }> {
  const script = `
    Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });
    const { newTree } = await import(${JSON.stringify(new URL('./tree.ts', import.meta.url).href)});
    const tree = newTree();
    const child = await tree.start(['/bin/sh', '-c', 'sleep 600 & echo $!; wait']);
    const [line] = await new Promise(resolve => child.stdout.once('data', data => resolve([String(data).trim()])));
    await tree.end(1000);
    const { code, signal } = await child.ended;
    console.log(JSON.stringify({ pids: [child.pid, Number(line)], leader: child.pid, end: signal ?? String(code) }));
    process.exit();`;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    },
  );
  let said = '';
  child.stdout.on('data', data => {
    said += data;
  });
  await once(child, 'close');
  return JSON.parse(said);
}

const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

test('should end the process group on a Mac', { skip, timeout: 60_000 }, async () => {
  const { pids, end } = await endedOn('darwin');
  assert.equal(end, 'SIGTERM');
  assert.deepEqual(pids.filter(lives), []);
});

test('should end a process with its descendants by taskkill on Windows', {
  skip,
  timeout: 60_000,
}, async () => {
  const notes = taskkill();
  const { pids, leader, end } = await endedOn('win32');
  assert.equal(end, 'SIGKILL');
  assert.deepEqual(pids.filter(lives), []);
  assert.match(readFileSync(notes, 'utf8'), new RegExp(`^/pid ${leader} /T /F\n`));
});
