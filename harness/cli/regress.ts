/** The verb `regress`: the same server script on two releases of a middleware, and what changed. */
import { basename } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { toolOf } from '../../reports/make-record.ts';
import { Progress } from '../../reports/progress.ts';
import { renderRegression, renderRegressionMarkdown } from '../../reports/regression.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { WriteError, writeFiles } from '../../reports/write.ts';
import type { Probe } from '../regress/plan.ts';
import { probesFor } from '../regress/probes.ts';
import { completeRecord, type RegressRecord } from '../regress/record.ts';
import { isPath } from '../release/package.ts';
import type { Release } from '../release/types.ts';
import { ENGINE_NAMES, type RunEngineName } from '../verdict/record.ts';
import { CliError, EXIT } from './exit.ts';
import { list } from './flags.ts';
import { interruptible } from './interruptible.ts';
import { basesOf, type Compared, compareOnServers, type Hooks } from './regress-run.ts';
import { type Order, orderOf, type ReleaseFlags, Releases, type RunningRelease } from './releases.ts';
import { enginesOf, outputFolder } from './run.ts';

interface RegressFlags extends ReleaseFlags {
  engine?: string[];
  dryRun?: boolean;
  json?: boolean;
  markdown?: boolean;
}

/** The flags that say what is asked, for `regress` and `bisect` alike. */
export function addPlanOptions(command: Command): Command {
  return command
    .requiredOption('-t, --target <script>', 'the server script; it exports its app, or listens on PORT')
    .option(
      '-w, --with <packages>',
      'other packages, by comma: fastify@4,express (default: as the script needs them)',
      list,
    )
    .option('--origin <origins>', 'origins that the script allows, by comma (default: those it names)', list)
    .option('--path <paths>', 'paths to ask for, by comma (default: those the script names, or /)', list)
    .option('--header <names>', 'request headers that pages set, by comma (default: x-a)', list)
    .option('--only <patterns>', "only these requests, by comma: 'put*'; --dry-run lists their ids", list)
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${ENGINE_NAMES.join(', ')} (default: the three browsers; the model always runs)`,
      list,
    )
    .option('--out <dir>', 'the folder for results (default: cors-report)');
}

export function register(program: Command): void {
  addPlanOptions(
    program
      .command('regress')
      .description('run one server script on two releases of a middleware, and show what changed')
      .argument('<package>', 'for example cors, npm:@fastify/cors, pypi:flask-cors, go:github.com/rs/cors')
      .argument('<from>', 'a version, or the path of a package on this machine')
      .argument('<to>', 'the same'),
  )
    .option('--dry-run', 'list every request that would be sent, and send none')
    .option('--json', 'print the comparison as JSON')
    .option('--markdown', 'print it as Markdown, for a pull request')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing that a page, a cache or a browser can tell apart, 1 something changed, 2 usage, or a release that
cannot be installed, 3 the script does not run on a release, 4 an engine or the harness failed, 5 nothing selected.

Examples:
  npx cors-conformance regress cors 2.8.5 2.8.6 --target server.mjs
  npx cors-conformance regress @fastify/cors 10.1.0 11.0.0 --target server.ts --with fastify@5
  npx cors-conformance regress cors 2.8.6 . --target test/server.mjs --engine chromium`,
    )
    .action(async (name: string, from: string, to: string, flags: RegressFlags) => {
      process.exitCode = await regress(name, from, to, flags);
    });
}

/** @returns the exit code. @throws CliError for what the user can mend */
async function regress(name: string, from: string, to: string, flags: RegressFlags): Promise<number> {
  if (flags.json && flags.markdown)
    throw new CliError('--json and --markdown exclude each other; choose one');
  const engines = enginesOf(flags.engine);
  const order = orderOf(name, flags);
  const selected = selectedProbes(order);
  if (flags.dryRun) {
    for (const { id, words } of selected) process.stdout.write(`${id}: ${words}\n`);
    return EXIT.expected;
  }
  const out = outputFolder(flags.out);
  return interruptible(async signal => {
    const releases = new Releases(order, { signal, onProgress: say });
    try {
      const record = await compareReleases(order, releases, [from, to], engines, signal);
      signal.throwIfAborted();
      print(record, out, flags);
      return exitCode(record, flags.engine !== undefined || Boolean(process.env.CI));
    } finally {
      await releases.end();
    }
  });
}

export const say = (what: string): void => void process.stderr.write(`${what}\n`);

/** @throws CliError where no probe is selected */
export function selectedProbes(order: Order): Probe[] {
  const bases = { before: 'https://localhost', after: 'https://localhost' };
  const selected = probesFor({ ...order.questions, bases }).filter(order.wanted);
  if (selected.length === 0)
    throw new CliError(
      'no request is selected by --only; regress --dry-run lists their ids',
      EXIT.nothingSelected,
    );
  return selected;
}

/** The script on two releases. */
export interface Pair {
  readonly before: RunningRelease;
  readonly after: RunningRelease;
}

/**
 * Compares two releases on which the script runs.
 * @throws CliError when one of the servers goes away; the signal's reason where it is aborted
 */
export async function compareRunning(
  { pkg, questions, wanted }: Order,
  { before, after }: Pair,
  engines: readonly RunEngineName[],
  signal: AbortSignal,
  hooks?: Hooks,
): Promise<Compared> {
  const checkAlive = () => {
    signal.throwIfAborted();
    for (const { server, release } of [before, after])
      if (server.crash)
        throw new CliError(`${pkg.name} ${release.version}: ${server.crash.message}`, EXIT.target);
  };
  const urls = { before: before.server.url, after: after.server.url };
  const plan = { ...questions, bases: basesOf(urls) };
  const compared = await compareOnServers(
    plan,
    engines,
    { urls, timeoutMs: 10_000, checkAlive },
    wanted,
    hooks,
  );
  checkAlive();
  return compared;
}

/**
 * Starts the script on two releases, and compares them.
 * @param versions the earlier release and the later one
 */
export async function compareReleases(
  order: Order,
  releases: Releases,
  [from, to]: readonly [string, string],
  engines: readonly RunEngineName[],
  signal: AbortSignal,
): Promise<RegressRecord> {
  const started = new Date();
  const pair = { before: await releases.start(from), after: await releases.start(to) };
  for (const line of order.sources) say(line);
  const progress = new Progress(process.stderr);
  const all = ENGINE_NAMES.filter(name => name === 'model' || engines.includes(name));
  const compared = await compareRunning(order, pair, all, signal, {
    begin: totals => progress.begin(totals),
    step: engine => progress.count(engine),
  }).finally(() => progress.end());
  const { asked: requests, engines: ran, ...found } = compared;
  const [before, after] = [pair.before.release, pair.after.release];
  // A working tree often still has the last release's version.
  const named = ({ version }: Release, asked: string) =>
    before.version === after.version && isPath(asked) ? `${version} (${asked})` : version;
  return completeRecord({
    tool: toolOf(),
    run: {
      started: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      command: `npx cors-conformance ${process.argv.slice(2).join(' ')}`,
    },
    package: {
      ...order.pkg,
      before: named(before, from),
      after: named(after, to),
      others: { ...after.others },
    },
    script: basename(order.script),
    asked: { requests, ...order.questions },
    engines: [...ran],
    ...found,
  });
}

/** Writes the record and its Markdown, and prints it in the form that was asked for. @throws CliError */
export function print(record: RegressRecord, out: string, flags: RegressFlags): void {
  const json = `${JSON.stringify(record, null, 2)}\n`;
  const text = renderRegressionMarkdown(record);
  try {
    const paths = writeFiles(out, { 'regress.json': json, 'regress.md': text });
    const { stdout, env } = process;
    const color = wantsColor(env, stdout.isTTY === true);
    if (flags.json) stdout.write(json);
    else if (flags.markdown) stdout.write(text);
    else
      stdout.write(
        renderRegression(record, { color, paths, ...(stdout.columns && { width: stdout.columns }) }),
      );
  } catch (error) {
    if (error instanceof WriteError) throw new CliError(error.message);
    throw error;
  }
}

/** @param demanded whether an engine that is missing fails the run */
export function exitCode(record: RegressRecord, demanded: boolean): number {
  if (record.changed) return EXIT.unexpected;
  const missing = record.engines.some(({ notRun }) => notRun !== undefined);
  return record.trouble.length > 0 || (missing && demanded) ? EXIT.harness : EXIT.expected;
}
