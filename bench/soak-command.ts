/** One run of the command, watched from outside: what it says, what it takes, and what is left of it. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { spawnChild } from '../harness/process/child.ts';
import { read, runningProcesses } from '../harness/process/identity.ts';
import { type RunRecord, recordSchema } from '../harness/verdict/record.ts';

const cli = join(import.meta.dirname, '..', 'harness', 'bootstrap.mjs');
/** Milliseconds that processes have to be gone after their command. */
const GONE_MS = 2_000;
const SAMPLE_MS = 500;

interface Watched {
  readonly record: RunRecord;
  /** Processes and temp files, in words. */
  readonly left: readonly string[];
  /** Bytes of memory that the largest of its Node processes had. */
  readonly peak: number;
}

/** Runs the command apart, sees what it takes, and that nothing of it is left. */
export async function watched(args: readonly string[], folder: string): Promise<Watched> {
  const out = join(folder, 'out');
  const temp = mkdtempSync(join(folder, 'tmp-'));
  const mark = `CORS_CONFORMANCE_SOAK=${randomUUID()}`;
  const [variable = '', value = ''] = mark.split('=');
  const marked = () => runningProcesses().filter(({ environment }) => environment.split('\0').includes(mark));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(
      peak,
      ...marked()
        .filter(isNode)
        .map(({ pid }) => residentBytes(pid)),
    );
  }, SAMPLE_MS);
  const child = await spawnChild([process.execPath, cli, ...args, '--out', out], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temp, [variable]: value },
    output: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += chunk));
  await child.closed;
  child.release();
  clearInterval(sampler);
  const until = performance.now() + GONE_MS;
  while (marked().length > 0 && performance.now() < until)
    await new Promise(resolve => setTimeout(resolve, 50));
  const left = [
    ...marked().map(
      ({ pid }) => `the process ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 100)}`,
    ),
    ...readdirSync(temp)
      .filter(name => !name.startsWith('tsx-'))
      .map(name => `the file ${name} in the temp folder`),
  ];
  const results = join(out, 'results.json');
  if (!existsSync(results)) throw new Error(`no results: ${output.slice(-2_000)}`);
  const record = recordSchema.parse(JSON.parse(readFileSync(results, 'utf8')));
  rmSync(temp, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
  return { record, left, peak };
}

const isNode = ({ pid }: { readonly pid: number }): boolean =>
  read(`/proc/${pid}/cmdline`).startsWith(process.execPath);

/** Zero where there is no `/proc`. */
const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
