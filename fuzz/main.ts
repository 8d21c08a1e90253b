/**
 * Hunts for differences between the engines and the Standard's model: generated cases run in real browsers, and
 * what each shows is held against the prediction.
 *
 *     npm run fuzz -- --runs 300 --seed 1 --engine webkit
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { enginesFrom, programCalled, wholeNumber } from '../bench/options.ts';
import type { Case, Suite } from '../harness/case/schema.ts';
import { findEngines } from '../harness/engine/find.ts';
import { ENGINES, type EngineName } from '../harness/engine/types.ts';
import { startServers } from '../harness/lab/servers.ts';
import { LabSession } from '../harness/lab/session.ts';
import { REPORTS } from '../harness/process/reports-folder.ts';
import { deviations } from '../suites/deviations.ts';
import { generateCases } from './generate.ts';
import { type Find, hunt, type Tally } from './hunt.ts';
import { untilTimeIsUp } from './progress.ts';
import { type Rechecked, recheck } from './recheck.ts';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly engine: readonly EngineName[];
  readonly batch: number;
  readonly atOnce: number;
  readonly shrink: number;
  readonly again: number;
  readonly recheck: number;
  readonly out: string;
  readonly minutes?: number;
}

const program = programCalled('fuzz')
  .description('generate cases, run them in real engines, and hold what they show against the model')
  .option('--runs <n>', 'how many cases per engine', wholeNumber(1), 300)
  .option('--seed <n>', 'the same seed makes the same cases', wholeNumber(0), 1)
  .option(
    '--minutes <n>',
    'goes on with seed after seed until then, from where the last such run stopped',
    wholeNumber(1),
  )
  .option('--engine <names>', 'which engines, by comma', enginesFrom, [...ENGINES])
  .option('--batch <n>', 'how many cases are under way', wholeNumber(1), 50)
  .option('--at-once <n>', 'how many requests run at a time', wholeNumber(1), 4)
  .option('--shrink <n>', 'how many unexplained differences are made small', wholeNumber(0), 20)
  .option('--again <n>', 'how often an unexplained difference must show again to count', wholeNumber(0), 3)
  .option(
    '--recheck <n>',
    'how many explained differences, drawn at random, are run again and held against their deviations alone',
    wholeNumber(0),
    0,
  )
  .option(
    '--out <dir>',
    'where case files go: unexplained differences, and in corpus/ the first of each deviation',
    `${REPORTS}/fuzz`,
  )
  .addHelpText(
    'after',
    `
Every difference is either explained by the deviations that suites/deviations lists, or made as small as it gets and
written to a case file, which \`npx cors-conformance run --cases FILE --engine NAME\` runs again.

Exit codes: 0 every difference is explained, 1 some are not, 2 usage, 4 an engine or the harness failed.

Examples:
  npm run fuzz -- --runs 1000 --seed 2
  npm run fuzz -- --engine firefox --runs 100 --recheck 50
  npm run fuzz -- --minutes 60`,
  );

const PROGRESS_MS = 3_000;

async function fuzzEngine(name: EngineName, cases: readonly Case[], options: Options): Promise<number> {
  const [found] = findEngines({ names: [name] });
  if (!found?.found) {
    console.error(`${name}: not run: ${found?.reason}; to get it: ${found?.fix}`);
    return 4;
  }
  const servers = await startServers();
  try {
    const session = await LabSession.start(found, servers, { stepMs: 8_000, atOnce: options.atOnce });
    try {
      let told = performance.now();
      const tally = await hunt(cases, {
        engine: session.info,
        deviations,
        runner: session,
        batch: options.batch,
        shrinkAtMost: options.shrink,
        again: options.again,
        onProgress: now => {
          if (performance.now() - told < PROGRESS_MS) return;
          told = performance.now();
          console.log(`${name}: ${now.runs} of ${cases.length}, ${now.unexplained.length} unexplained`);
        },
      });
      const code = summarize(name, session.info.version, tally, options);
      const { recheck: count, seed } = options;
      return count === 0 || tellRechecked(await recheck(tally.accounted, { count, seed, runner: session }))
        ? code
        : 1;
    } finally {
      await session.close();
    }
  } finally {
    await servers.close();
  }
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, one) => all + one, 0);

function summarize(name: EngineName, version: string, tally: Tally, options: Options): number {
  const leftOut = sum(tally.leftOut.values());
  console.log(
    `\n${name} ${version}, seed ${options.seed}: ${tally.runs} runs, ${tally.equal} equal, ${tally.accounted.length} explained, ` +
      `${tally.unexplained.length} unexplained, ${leftOut} not modelled, ${tally.unsteady.length} not seen again, ${tally.failed.length} failed`,
  );
  for (const { deviation, count, first } of [...tally.explained.values()].sort((a, b) => b.count - a.count)) {
    console.log(
      `  ${String(count).padStart(5)}  ${deviation.id}: ${deviation.what}\n         ${deviation.link} (first: ${first.case.id})`,
    );
  }
  for (const [reason, count] of tally.leftOut)
    console.log(`  ${String(count).padStart(5)}  not modelled: ${reason}`);
  for (const { id, why } of tally.failed) console.log(`         failed: ${id}: ${why}`);
  for (const { difference, late } of tally.unsteady) {
    const told = difference.differences.map(
      ({ id, expected, observed }) => `${id} ${expected} / ${observed}`,
    );
    const what = late ? 'came too late' : 'not seen again';
    console.log(`         ${what}: ${difference.case.id}: ${told.join(', ')}`);
    writeOut(name, { id: difference.case.id, difference }, options.out);
  }
  keep(name, tally, options.out);
  for (const find of tally.unexplained) report(name, find, options.out);
  console.log('');
  if (tally.unexplained.length > 0) return 1;
  return tally.failed.length > 0 ? 4 : 0;
}

/** Whether all of them are what they are said to be. */
function tellRechecked({ genuine, others }: Rechecked): boolean {
  console.log(`  re-checked: ${genuine} of ${genuine + others.length} explained differences genuine`);
  for (const { id, why } of others) console.log(`         not genuine: ${id}: ${why}`);
  return others.length === 0;
}

/** Writes a case that runs again, and beside it what the engine showed, with the addresses of that run. */
function writeOut(engine: EngineName, { id, difference }: Find, out: string): string {
  const suite: Suite = {
    id: `${engine}-${id}`,
    title: `A difference between ${engine} and the model`,
    cases: [{ ...difference.case, id }],
  };
  mkdirSync(out, { recursive: true });
  const file = join(out, `${engine}-${id}.json`);
  writeFileSync(file, `${JSON.stringify(suite, null, 2)}\n`);
  const { nonce, ports } = difference.scene;
  const seen = { nonce, ports, ...difference.observation };
  writeFileSync(join(out, `${engine}-${id}.seen.json`), `${JSON.stringify(seen, null, 2)}\n`);
  return file;
}

function report(engine: EngineName, find: Find, out: string): void {
  const { id, difference } = find;
  const file = writeOut(engine, find, out);
  console.log(`  UNEXPLAINED ${id}: ${file}`);
  for (const { id: check, expected, observed } of difference.differences) {
    console.log(
      `      ${check}: the model ${JSON.stringify(expected)}, ${engine} ${JSON.stringify(observed)}`,
    );
  }
  for (const { id: stale } of difference.stale)
    console.log(`      ${stale} was to be expected, and did not show`);
}

/** The first case of each deviation is kept: what is worth running again, whatever later seeds bring. */
function keep(engine: EngineName, tally: Tally, out: string): void {
  const folder = join(out, 'corpus');
  mkdirSync(folder, { recursive: true });
  for (const { deviation, first } of tally.explained.values()) {
    const file = join(folder, `${deviation.id}.json`);
    if (existsSync(file)) continue;
    const title = `${engine}: ${deviation.what}`;
    writeFileSync(file, `${JSON.stringify({ id: deviation.id, title, cases: [first.case] }, null, 2)}\n`);
  }
}

program.parse();
const options = program.opts<Options>();

/** Every engine runs the cases of one seed. */
async function runSeed(seed: number): Promise<number> {
  const cases = generateCases(seed, options.runs);
  const codes: number[] = [];
  for (const name of options.engine) codes.push(await fuzzEngine(name, cases, { ...options, seed }));
  return worst(codes);
}

/** An unexplained difference weighs more than an engine that failed. */
const worst = (codes: readonly number[]): number =>
  Math.max(...codes.filter(code => code !== 4), 0) || (codes.includes(4) ? 4 : 0);

const { minutes } = options;
process.exitCode =
  minutes === undefined
    ? await runSeed(options.seed)
    : worst(await untilTimeIsUp({ out: options.out, seed: options.seed, minutes }, runSeed));
