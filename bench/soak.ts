/**
 * Runs the same again and again beside another job on every core, and compares: the verdicts of the cases, the findings
 * of `verify`, the memory of one process that runs lap after lap, and what is left behind.
 *
 *     npm run soak -- --runs 30 --cases 200
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Selection, select, waitOf } from '../harness/case/select.ts';
import { ENGINES, type EngineName } from '../harness/engine/types.ts';
import { REPORTS } from '../harness/process/reports-folder.ts';
import { newTree } from '../harness/process/tree.ts';
import { startRunner } from '../harness/run/case-runner.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { deviations } from '../suites/deviations.ts';
import { suites } from '../suites/index.ts';
import { enginesFrom, programCalled, wholeNumber } from './options.ts';
import { watched } from './soak-command.ts';
import { differences, grows, growth, type SoakAnswers, toldOfRun, toldOfVerify } from './soak-compare.ts';

interface Options {
  readonly runs: number;
  readonly cases: number;
  readonly verify: number;
  readonly laps: number;
  readonly engine: readonly EngineName[];
  readonly load: number;
  readonly seed: number;
  readonly minutes?: number;
  readonly out: string;
}

const program = programCalled('soak')
  .description('run cases and verify again and again, and compare verdicts, memory, processes and files')
  .option('--runs <n>', 'how often the cases are run by the command', wholeNumber(0), 30)
  .option('--cases <n>', 'how many cases a run has', wholeNumber(1), 200)
  .option('--verify <n>', 'how often a faulty server is verified by the command', wholeNumber(0), 20)
  .option('--laps <n>', 'how often the cases are run in this process, for its memory', wholeNumber(0), 9)
  .option('--engine <names>', 'which engines, by comma', enginesFrom, [...ENGINES])
  .option(
    '--load <n>',
    'how many processes keep a core busy meanwhile',
    wholeNumber(0),
    availableParallelism(),
  )
  .option('--seed <n>', 'the same seed takes the same cases', wholeNumber(0), 1)
  .option('--minutes <n>', 'stop then; the next call with the same numbers goes on', wholeNumber(1))
  .option('--out <dir>', 'where it keeps what it compares with', `${REPORTS}/soak`)
  .addHelpText(
    'after',
    `
Every run has another order. Exit codes: 0 all the same and nothing left, 1 something differs, grows or is left,
2 usage, 4 a run gave no results.

Examples:
  npm run soak -- --runs 30 --cases 200
  npm run soak -- --runs 0 --laps 0 --verify 20 --load 0`,
  );

/** Its faults are of several kinds: let in, without Vary, without CORS on an error, too small lists. */
const FAULTY = `
require('node:http').createServer((request, response) => {
  const { origin = '' } = request.headers;
  const known = origin.endsWith('example.com') || origin === 'null';
  if (known && request.url !== '/gone') {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  response.statusCode = request.url === '/items' ? 200 : 404;
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT');
    response.setHeader('Access-Control-Max-Age', '600');
    response.statusCode = 204;
  }
  response.end(request.method === 'OPTIONS' ? undefined : '{}');
}).listen(process.env.PORT);
`;

const CONFIG = {
  target: { command: 'node server.cjs' },
  policy: {
    origins: ['https://app.example.com'],
    credentials: true,
    methods: ['GET', 'PUT', 'DELETE'],
    requestHeaders: ['content-type', 'x-api'],
    exposedHeaders: ['etag'],
    maxAge: 600,
    resources: [{ path: '/items', body: '{}' }],
    errors: ['/gone'],
  },
};

/** What is remembered between two calls with the same numbers. */
interface Memory {
  readonly key: string;
  readonly done: Record<'run' | 'verify', number>;
  readonly first: Partial<Record<'run' | 'verify', SoakAnswers>>;
  readonly troubles: string[];
}

const options = program.parse().opts<Options>();
const began = performance.now();
const timeIsUp = (): boolean =>
  options.minutes !== undefined && performance.now() - began > options.minutes * 60_000;
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** The same cases for a seed, from all over the suites: none that waits for long. */
function chosen(shuffle: number, only?: readonly string[]): ReturnType<typeof select> {
  const selection: Selection = { shuffle, ...(only && { only }) };
  return select(suites, selection).map(suite => ({
    ...suite,
    cases: suite.cases.filter(one => waitOf(one) < 5_000),
  }));
}

function names(): string[] {
  const all = chosen(options.seed).flatMap(suite => suite.cases.map(one => `${suite.id}:${one.id}`));
  const step = Math.max(1, all.length / options.cases);
  return Array.from(
    { length: Math.min(options.cases, all.length) },
    (_, n) => all[Math.floor(n * step)] ?? '',
  );
}

const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

/** Runs one of the two commands as often as is still to be done. */
async function again(
  kind: 'run' | 'verify',
  memory: Memory,
  {
    times,
    args,
    told,
    folder,
  }: {
    readonly times: number;
    readonly args: (n: number) => readonly string[];
    readonly told: (record: RunRecord) => SoakAnswers;
    readonly folder: string;
  },
): Promise<void> {
  while (memory.done[kind] < times && !timeIsUp()) {
    const n = memory.done[kind] + 1;
    const start = performance.now();
    const { record, left, peak } = await watched(args(n), folder);
    const now = told(record);
    memory.first[kind] ??= now;
    const found = [...differences(memory.first[kind], now), ...left.map(what => `left: ${what}`)];
    memory.troubles.push(...found.map(what => `${kind} ${n}: ${what}`));
    memory.done[kind] = n;
    save(memory);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    tell(
      `${kind} ${n} of ${times}: ${Object.keys(now).length} compared, ${found.length} different or left, ${seconds} s, at most ${mib(peak)} a process`,
    );
    for (const what of found) tell(`  ${what}`);
  }
}

/** Runs the cases in this process, lap after lap, each with new servers and engines. @returns the memory in use after each */
async function laps(only: readonly string[], memory: Memory): Promise<number[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used: number[] = [];
  for (let n = 1; n <= options.laps && !timeIsUp(); n++) {
    const verdicts: Record<string, string> = {};
    for (const engine of options.engine) {
      const runner = await startRunner(engine, { deviations });
      try {
        const mine = chosen(options.seed + n, only);
        runner.prefetch(mine.flatMap(suite => suite.cases));
        for (const suite of mine)
          for (const one of suite.cases)
            verdicts[`${engine} ${suite.id}:${one.id}`] = (await runner.result(suite, one)).verdict;
      } finally {
        await runner.close();
      }
    }
    memory.first.run ??= verdicts;
    const first = Object.fromEntries(
      Object.keys(verdicts).map(what => [what, memory.first.run?.[what]?.split(' ')[0] ?? '(missing)']),
    );
    memory.troubles.push(...differences(first, verdicts).map(what => `lap ${n}: ${what}`));
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    used.push(heapUsed + external);
    tell(`lap ${n} of ${options.laps}: ${mib(heapUsed + external)} in use, ${mib(rss)} resident`);
  }
  return used;
}

const stateFile = join(options.out, 'soak.json');

function remembered(key: string): Memory {
  const kept = existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Memory) : undefined;
  return kept?.key === key ? kept : { key, done: { run: 0, verify: 0 }, first: {}, troubles: [] };
}

function save(memory: Memory): void {
  mkdirSync(options.out, { recursive: true });
  writeFileSync(stateFile, JSON.stringify(memory));
}

async function soak(folder: string): Promise<number> {
  const { minutes: _minutes, load: _load, out: _out, ...numbers } = options;
  const memory = remembered(JSON.stringify(numbers));
  const only = names();
  const engines = options.engine.join(',');
  const run = ['run', '--engine', engines, '--only', only.join(',')];
  await again('run', memory, {
    times: options.runs,
    args: n => [...run, '--shuffle', String(options.seed + n)],
    told: toldOfRun,
    folder,
  });
  writeFileSync(join(folder, 'server.cjs'), FAULTY);
  writeFileSync(join(folder, 'cors.config.json'), JSON.stringify(CONFIG));
  await again('verify', memory, {
    times: options.verify,
    args: () => ['verify', 'cors.config.json', '--engine', engines],
    told: toldOfVerify,
    folder,
  });
  const used = await laps(only, memory);
  if (grows(used))
    memory.troubles.push(`memory: ${mib(growth(used))} more from one third of the laps to the next`);
  const more =
    memory.done.run < options.runs || memory.done.verify < options.verify || used.length < options.laps;
  if (!more) rmSync(stateFile, { force: true });
  tell(
    `${memory.done.run} runs, ${memory.done.verify} times verify, ${used.length} laps${more ? '; there is more to do: call it again' : ''}`,
  );
  tell(
    memory.troubles.length === 0
      ? 'All the same, nothing grew, nothing is left.'
      : memory.troubles.join('\n'),
  );
  return memory.troubles.length === 0 ? 0 : 1;
}

const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-soak-'));
// An interrupt ends the process without a finally.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const BUSY =
  '(function turn() { for (const end = Date.now() + 50; Date.now() < end;); setImmediate(turn); })()';
const load = newTree();
try {
  for (let n = 0; n < options.load; n++)
    await load.start([process.execPath, '-e', BUSY], { output: 'ignore' });
  process.exitCode = await soak(folder);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 4;
} finally {
  await load.end(0);
}
