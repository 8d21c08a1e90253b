/**
 * The faulty and the correct servers, confirmed by real browsers: exactly their finding, once. It takes many minutes, so
 * it is no part of `npm test`. With --times it verifies each of them again and again and compares what was found.
 *
 *     npm run test:fixtures -- express-null plain --engine firefox --part 1/4
 */
import { isDeepStrictEqual } from 'node:util';
import { InvalidArgumentError } from 'commander';
import {
  type FixtureServer,
  fixtureServers,
  startFixture,
} from '../fixtures/targets/fixture-servers.test-support.ts';
import type { Manifest } from '../fixtures/targets/manifest.test-support.ts';
import { findPython } from '../fixtures/targets/python.test-support.ts';
import { ENGINES, type EngineName } from '../harness/engine/types.ts';
import { readConfig } from '../harness/policy/config/read.ts';
import { type Verified, verifyTarget } from '../harness/run/verify-run.ts';
import { enginesFrom, programCalled, wholeNumber } from './options.ts';

interface Options {
  readonly engine: readonly EngineName[];
  readonly part: Part;
  readonly times: number;
}

interface Part {
  readonly index: number;
  readonly of: number;
}

function partFrom(text: string): Part {
  const [, index, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || of === undefined || index > of)
    throw new InvalidArgumentError('a part and how many there are, such as 1/4.');
  return { index, of };
}

const program = programCalled('test:fixtures')
  .description('verify the faulty and the correct servers in browsers: exactly their finding, once')
  .argument('[names...]', 'servers, by a part of their name (default: all)')
  .option('--engine <names>', 'which engines, by comma', enginesFrom, [...ENGINES])
  .option('--part <n/of>', 'this part of them only, such as 1/4', partFrom, { index: 1, of: 1 })
  .option('--times <n>', 'how often each is verified; every time must find the same', wholeNumber(1), 1);

/** What is wrong with what was found, one line each. Nothing if it is what the manifest says. */
function differences(
  { finds, browsersFind }: Manifest,
  asked: Options['engine'],
  verified: Verified,
): string[] {
  const { engines = [], someBuilds = [] } = browsersFind ?? {};
  const wanted = [
    ...(finds ? [`${finds.severity} ${finds.id}`] : []),
    ...engines.filter(one => asked.includes(one)).map(one => `note ${browsersFind?.id} in ${one}`),
  ];
  const allowed = [...wanted, ...someBuilds.map(one => `note ${browsersFind?.id} in ${one}`)];
  const found = verified.findings.flatMap(({ id, severity, engines: seenIn, headline, evidence }) =>
    (id === browsersFind?.id ? seenIn.map(one => ` in ${one}`) : ['']).map(where => ({
      what: `${severity} ${id}${where}`,
      details: `${headline} [${seenIn}] ${evidence[0]?.saw}`,
    })),
  );
  return [
    ...wanted.filter(one => !found.some(({ what }) => what === one)).map(one => `not found: ${one}`),
    ...found
      .filter(({ what }) => !allowed.includes(what))
      .map(({ what, details }) => `not wanted: ${what}: ${details}`),
  ];
}

/** Why this engine says nothing about the server: it has to have come to a conclusion, and to nothing else. */
function troubleIn(engine: EngineName, { engines, results }: Verified): string | undefined {
  const { notRun } = engines.find(({ name }) => name === engine) ?? {};
  if (notRun !== undefined) return `${engine} did not run: ${notRun}`;
  const own = results.filter(one => one.engine === engine);
  const failed = own.find(({ verdict }) => verdict === 'harness-error');
  if (failed) return `${engine}: ${failed.case.id}: ${failed.reason}`;
  const concluded = own.some(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return concluded ? undefined : `${engine} came to no conclusion`;
}

interface Tried {
  /** Engines with exactly what is wanted. */
  readonly held: number;
  readonly problems: readonly string[];
}

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

async function tryServer(server: FixtureServer, { engine: engines, times }: Options): Promise<Tried> {
  const { manifest, config, running } = await startFixture(server, await findPython());
  try {
    let held = engines.length;
    let first: Verified | undefined;
    const problems: string[] = [];
    for (let n = 1; n <= times; n++) {
      const began = performance.now();
      const { signal } = new AbortController();
      const verified = await verifyTarget({ config: readConfig(config).config, running, engines, signal });
      first ??= verified;
      const wrong = differences(manifest, engines, verified);
      const troubles = engines.flatMap(engine => troubleIn(engine, verified) ?? []);
      const unlike = isDeepStrictEqual(
        { findings: verified.findings, checks: verified.checks },
        { findings: first.findings, checks: first.checks },
      )
        ? []
        : ['found something else than the first time'];
      problems.push(...[...wrong, ...troubles, ...unlike].map(one => (times > 1 ? `run ${n}: ${one}` : one)));
      held = Math.min(held, wrong.length > 0 ? 0 : engines.length - troubles.length);
      if (times > 1) progress(`  run ${n}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    return { held, problems };
  } finally {
    await running.stop();
  }
}

program.parse();
const options = program.opts<Options>();
const all = fixtureServers();
const unknown = program.args.find(name => !all.some(one => one.name.includes(name)));
if (unknown !== undefined) program.error(`there is no server with "${unknown}" in its name`);
const selected = all
  .filter(({ name }) => program.args.length === 0 || program.args.some(part => name.includes(part)))
  .filter((_, n) => n % options.part.of === options.part.index - 1);

let held = 0;
for (const [n, server] of selected.entries()) {
  const began = performance.now();
  const tried = await tryServer(server, options).catch(
    (error: unknown): Tried => ({ held: 0, problems: [String(error)] }),
  );
  held += tried.held;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const mark = tried.problems.length === 0 ? '✓' : '✗';
  console.log(`${mark} ${String(n + 1).padStart(2)}/${selected.length} ${server.name} (${seconds} s)`);
  for (const problem of tried.problems) console.log(`    ${problem}`);
}
const of = selected.length * options.engine.length;
console.log(`${held} of ${of} held: ${selected.length} servers in ${options.engine.join(', ')}`);
process.exitCode = held === of ? 0 : 1;
