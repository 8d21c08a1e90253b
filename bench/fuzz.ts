/**
 * Hunts for differences between the engines and the Standard's model: generated cases run in real browsers, and
 * what each shows is held against the prediction.
 *
 *     npm run fuzz -- --runs 300 --seed 1 --engine webkit
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Case, Suite } from '../harness/case/schema.ts';
import { findEngines } from '../harness/engine/find.ts';
import { ENGINES, type EngineName } from '../harness/engine/types.ts';
import { startServers } from '../harness/lab/servers.ts';
import { Session } from '../harness/lab/session.ts';
import { generateCases } from './fuzz/generate.ts';
import { type Find, hunt, type Tally } from './fuzz/hunt.ts';
import { engineNames, programCalled, wholeNumber } from './options.ts';

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly engine: readonly EngineName[];
  readonly batch: number;
  readonly atOnce: number;
  readonly shrink: number;
  readonly out: string;
}

const program = programCalled('fuzz')
  .description('generate cases, run them in real engines, and hold what they show against the model')
  .option('--runs <n>', 'how many cases per engine', wholeNumber(1), 300)
  .option('--seed <n>', 'the same seed makes the same cases', wholeNumber(0), 1)
  .option('--engine <names>', 'which engines, by comma', engineNames, [...ENGINES])
  .option('--batch <n>', 'how many cases are under way', wholeNumber(1), 50)
  .option('--at-once <n>', 'how many requests run at a time', wholeNumber(1), 4)
  .option('--shrink <n>', 'how many unexplained differences are made small', wholeNumber(0), 20)
  .option('--out <dir>', 'where case files of unexplained differences go', 'cors-report/fuzz')
  .addHelpText(
    'after',
    `
Every difference is either explained by a deviation that bench/fuzz/known.ts lists, or made as small as it gets and
written to a case file, which \`npx cors-conformance run --cases FILE --engine NAME\` runs again.

Exit codes: 0 every difference is explained, 1 some are not, 2 usage, 4 an engine or the harness failed.

Examples:
  npm run fuzz -- --runs 1000 --seed 2
  npm run fuzz -- --engine firefox --runs 100`,
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
    const session = await Session.start(found, servers, { stepMs: 8_000, atOnce: options.atOnce });
    try {
      let told = performance.now();
      const tally = await hunt(cases, {
        engine: name,
        runner: session,
        batch: options.batch,
        shrinkAtMost: options.shrink,
        onProgress: now => {
          if (performance.now() - told < PROGRESS_MS) return;
          told = performance.now();
          console.log(`${name}: ${now.runs} of ${cases.length}, ${now.unexplained.length} unexplained`);
        },
      });
      return summarize(name, session.info.version, tally, options);
    } finally {
      await session.close();
    }
  } finally {
    await servers.close();
  }
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, one) => all + one, 0);

function summarize(name: EngineName, version: string, tally: Tally, options: Options): number {
  const explained = sum([...tally.explained.values()].map(entry => entry.count));
  const leftOut = sum(tally.leftOut.values());
  console.log(
    `\n${name} ${version}, seed ${options.seed}: ${tally.runs} runs, ${tally.equal} equal, ${explained} explained, ` +
      `${tally.unexplained.length} unexplained, ${leftOut} not modelled, ${tally.unsteady.length} not seen again, ${tally.trouble.length} failed`,
  );
  for (const { known, count, first } of [...tally.explained.values()].sort((a, b) => b.count - a.count)) {
    console.log(
      `  ${String(count).padStart(5)}  ${known.id}: ${known.what}\n         ${known.link} (first: ${first.case.id})`,
    );
  }
  for (const [reason, count] of tally.leftOut)
    console.log(`  ${String(count).padStart(5)}  not modelled: ${reason}`);
  for (const { id, why } of tally.trouble) console.log(`         failed: ${id}: ${why}`);
  for (const { case: one, failed } of tally.unsteady) {
    console.log(`         not seen again: ${one.id}: ${failed.map(check => check.id).join(', ')}`);
  }
  for (const find of tally.unexplained) report(name, find, options.out);
  console.log('');
  if (tally.unexplained.length > 0) return 1;
  return tally.trouble.length > 0 ? 4 : 0;
}

function report(engine: EngineName, { id, difference }: Find, out: string): void {
  const suite: Suite = {
    id: `${engine}-${id}`,
    title: `A difference between ${engine} and the model`,
    cases: [{ ...difference.case, id }],
  };
  mkdirSync(out, { recursive: true });
  const file = join(out, `${engine}-${id}.json`);
  writeFileSync(file, `${JSON.stringify(suite, null, 2)}\n`);
  console.log(`  UNEXPLAINED ${id}, step ${difference.index + 1}: ${file}`);
  for (const { id: check, expected, observed } of difference.failed) {
    console.log(
      `      ${check}: the model ${JSON.stringify(expected)}, ${engine} ${JSON.stringify(observed)}`,
    );
  }
}

program.parse();
const options = program.opts<Options>();
const cases = generateCases(options.seed, options.runs);
const codes: number[] = [];
for (const name of options.engine) codes.push(await fuzzEngine(name, cases, options));
process.exitCode = Math.max(...codes.filter(code => code !== 4), 0) || (codes.includes(4) ? 4 : 0);
