/**
 * Measures what is promised to be fast and prints it beside its goal. Nothing fails for being slow: times depend on
 * the machine and on what else it does, so ratios within one run say more.
 *
 *     npm run bench -- --engine webkit --full
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { findEngines } from '../harness/engine/find.ts';
import { ENGINES, type EngineName, type FoundEngine } from '../harness/engine/types.ts';
import { startServers } from '../harness/lab/servers.ts';
import { runCommand } from '../harness/process/command.ts';
import { compileCommand } from '../harness/testing/compiled-command.ts';
import { measureCommands } from './commands.ts';
import { type Measured, measureLab, putsAtOnce, sequentialGets, type Work } from './lab.ts';
import { enginesFrom, programCalled, wholeNumber } from './options.ts';
import { measure as measureModel } from './standard.ts';
import { measureVerify, verifySubjects } from './verify.ts';

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  /** Absent where there is no goal. */
  readonly met?: boolean;
}

interface Options {
  readonly engine: readonly EngineName[];
  readonly rounds: number;
  readonly full?: boolean;
  readonly gateway: boolean;
  readonly verify: boolean;
  readonly commands: boolean;
}

const GOALS = { gets: 1.5, puts: 1.3, gatewayMs: 1, predictions: 100_000, fullSeconds: 60 } as const;
const root = join(import.meta.dirname, '..');

const program = programCalled('bench')
  .description(
    'measure the lab against a bare loop in a page, the gateway, the model, the short verbs and a full run',
  )
  .option('--engine <names>', 'which engines, by comma', enginesFrom, [...ENGINES])
  .option('--rounds <n>', 'how often lab and bare loop take turns', wholeNumber(1), 5)
  .option('--no-gateway', 'leave the gateway out')
  .option('--no-verify', 'leave verify out')
  .option('--no-commands', 'leave the short verbs of the compiled package out')
  .option('--full', 'also time a full `npm start`; run it once before, so that everything is warm')
  .addHelpText('after', '\nExamples:\n  npm run bench\n  npm run bench -- --engine webkit --rounds 9 --full');

const COMMAND_LIMIT = 10 * 60_000;
const GETS = 200;
const PUTS = 300;

async function benchEngine(found: FoundEngine, rounds: number): Promise<Row[]> {
  if (!found.found) return [{ what: found.name, measured: `not run: ${found.reason}`, goal: found.fix }];
  const servers = await startServers();
  try {
    const engine = await found.launch();
    try {
      const rows: Row[] = [];
      const row = async (what: string, work: Work, goal: number) => {
        progress(`${found.name}: ${what}`);
        rows.push(ratioRow(`${found.name}, ${what}`, await measureLab(engine, servers, work, rounds), goal));
      };
      await row(`${GETS} GETs in turn`, sequentialGets(GETS), GOALS.gets);
      await row(`${PUTS} preflighted PUTs at once`, putsAtOnce(PUTS), GOALS.puts);
      return rows;
    } finally {
      await engine.close();
    }
  } finally {
    await servers.close();
  }
}

function ratioRow(what: string, { bare, lab, ratio }: Measured, goal: number): Row {
  return {
    what,
    measured: `${lab.toFixed(2)} ms through the lab, ${bare.toFixed(2)} ms bare: ${ratio.toFixed(2)}×`,
    goal: `at most ${goal}×`,
    met: ratio <= goal,
  };
}

/** Runs a command to its end; gives its output, exit code and seconds. */
async function run(
  command: readonly string[],
): Promise<{ output: string; ok: boolean; end: string; seconds: number }> {
  const began = performance.now();
  const limits = { cwd: root, limitMs: COMMAND_LIMIT };
  const { stdout, ok, end } = await runCommand([process.execPath, ...command], limits);
  return { output: stdout, ok, end, seconds: (performance.now() - began) / 1000 };
}

async function benchGateway(): Promise<Row[]> {
  progress('the gateway');
  const { output, ok, end } = await run(['--import', 'tsx', 'bench/gateway.ts', '2000']);
  if (!ok) throw new Error(`bench/gateway.ts ${end}`);
  return [...output.matchAll(/^(https?): median .*?\(\+?(-?[\d.]+)\)/gm)].map(([, scheme, added]) => ({
    what: `gateway, ${scheme}`,
    measured: `${added} ms added to an exchange (median)`,
    goal: `under ${GOALS.gatewayMs} ms`,
    met: Number(added) < GOALS.gatewayMs,
  }));
}

function benchModel(): Row {
  progress('the model');
  const { perSecond } = measureModel();
  return {
    what: 'model, one core',
    measured: `${perSecond.toLocaleString('en')} predictions a second`,
    goal: `at least ${GOALS.predictions.toLocaleString('en')}`,
    met: perSecond >= GOALS.predictions,
  };
}

async function benchVerify(engines: readonly EngineName[], compiled: string): Promise<Row[]> {
  const here = findEngines({ names: engines }).filter(({ found }) => found);
  const rows: Row[] = [];
  for (const subject of verifySubjects(here.map(({ name }) => name).join(',') || 'model')) {
    progress(`verify: ${subject.what}`);
    const { seconds, requests, preflights, pages } = await measureVerify(subject, compiled);
    rows.push({
      what: `compiled package, verify, ${subject.what}`,
      measured: `${seconds.toFixed(1)} s, ${requests} requests and ${preflights} preflights, ${pages} pages`,
      goal: `at most ${subject.goalSeconds} s`,
      met: seconds <= subject.goalSeconds,
    });
  }
  return rows;
}

async function benchCommands(rounds: number, compiled: string): Promise<Row[]> {
  progress('the short verbs of the compiled package');
  return (await measureCommands(compiled, rounds)).map(({ what, milliseconds, goalMs }) => ({
    what: `compiled package, ${what}`,
    measured: `${milliseconds.toFixed(0)} ms (median)`,
    goal: `under ${goalMs} ms`,
    met: milliseconds < goalMs,
  }));
}

async function benchFull(): Promise<Row> {
  progress('a full run');
  const { seconds, end, output } = await run(['harness/bootstrap.mjs', 'start']);
  const last = output.trim().split('\n').at(-1) ?? '';
  return {
    what: 'npm start, warm, in all engines',
    measured: `${seconds.toFixed(1)} s, ${end} (${last.slice(0, 80)})`,
    goal: `under ${GOALS.fullSeconds} s`,
    met: seconds < GOALS.fullSeconds,
  };
}

const progress = (what: string): void => void process.stderr.write(`measuring ${what} …\n`);

function print(rows: readonly Row[]): void {
  const width = (pick: (row: Row) => string) => Math.max(...rows.map(row => pick(row).length));
  const [first, second] = [width(row => row.what), width(row => row.measured)];
  for (const row of rows) {
    const mark = row.met === undefined ? ' ' : row.met ? '✓' : '✗';
    console.log(`${mark} ${row.what.padEnd(first)}  ${row.measured.padEnd(second)}  ${row.goal}`);
  }
}

program.parse();
const options = program.opts<Options>();
const before = loadavg()[0] ?? 0;
const rows: Row[] = [];
for (const found of findEngines({ names: options.engine }))
  rows.push(...(await benchEngine(found, options.rounds)));
if (options.gateway) rows.push(...(await benchGateway()));
rows.push(benchModel());
if (options.verify || options.commands) {
  progress('the package: compiling it');
  const { program: compiled, remove } = await compileCommand(root);
  try {
    if (options.verify) rows.push(...(await benchVerify(options.engine, compiled)));
    if (options.commands) rows.push(...(await benchCommands(options.rounds, compiled)));
  } finally {
    remove();
  }
}
if (options.full) rows.push(await benchFull());
print(rows);
console.log(
  `\nload average ${before.toFixed(1)} at the start: the closer to 0, the more the times are worth.`,
);
