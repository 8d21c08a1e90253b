/** The verb `run`: suites or case files, in real engines and the model. */
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { makeFolder, WriteError } from '../../reports/write.ts';
import { suites as builtIn } from '../../suites/index.ts';
import { CaseError } from '../case/define.ts';
import type { Suite } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import { ENGINES } from '../engine/types.ts';
import type { RunOptions } from '../playwright/options.ts';
import { selectedSuites } from '../playwright/suites.ts';
import { ENGINE_NAMES, type RunEngineName } from '../verdict/record.ts';
import { CliError, EXIT } from './exit.ts';
import { list, readBaselineFile } from './flags.ts';
import { runModel } from './model-run.ts';
import { codeOf, runPlaywright } from './playwright.ts';

export interface RunFlags {
  engine?: string[];
  only?: string[];
  skip?: string[];
  cases?: string[];
  shard?: string;
  baseline?: string;
  out?: string;
  slow?: true | string;
  shuffle?: true | string;
  onlyDifferences?: boolean;
  stepTimeout?: string;
  throughGateway?: boolean;
}

export function register(program: Command): void {
  addRunOptions(
    program.command('run').description('run cases in real engines and judge every result'),
  ).action(async (flags: RunFlags) => {
    process.exitCode = await run(flags, `npx cors-conformance ${process.argv.slice(2).join(' ')}`);
  });
}

/** The options that `run` and `start` share. */
export function addRunOptions(command: Command): Command {
  return command
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${ENGINE_NAMES.join(', ')} (default: the three browsers)`,
      list,
    )
    .option(
      '-o, --only <patterns>',
      'only these cases: ids, suite ids or suite:id, * for any text; may be repeated',
      list,
    )
    .option('-s, --skip <patterns>', 'all but these cases', list)
    .option('-c, --cases <files...>', 'run the cases of these JSON files instead of the suites')
    .option('--shard <part/of>', 'only this part of the cases, for example 1/4')
    .option('-b, --baseline <file>', 'accept the results that this file lists; fail on new and on stale ones')
    .option('--out <dir>', 'the folder for results (default: cors-report)')
    .option(
      '--slow [minutes]',
      'also run the cases that take minutes or hours; only those that wait at most so many minutes',
    )
    .option('--shuffle [seed]', 'run in a random order; the same seed gives the same order')
    .option('--only-differences', 'print only what the engines differ in')
    .option('--no-redact', 'keep cookies, authorization and tokens in the stored evidence')
    .option('--step-timeout <ms>', 'give a request up after this many milliseconds (default 10000)')
    .option(
      '--through-gateway',
      "send all traffic through verify's recording gateway, to show that it changes nothing",
    )
    .addHelpText(
      'after',
      `
Exit codes: 0 as expected, 1 a result is not as expected, 2 usage, 4 an engine or the harness failed, 5 nothing selected.

Examples:
  npx cors-conformance run --engine chromium --only 'maxage-*'
  npx cors-conformance run --cases my-cases.json --out results`,
    );
}

/** @returns the exit code. @throws CliError for what the user can mend */
export async function run(flags: RunFlags & { redact?: boolean }, command: string): Promise<number> {
  const wanted = enginesOf(flags.engine);
  const shard = shardOf(flags.shard);
  const stepMs = stepTimeoutOf(flags.stepTimeout);
  const shuffle = shuffleOf(flags.shuffle);
  const out = outputFolder(flags.out);
  const options: RunOptions = {
    ...(flags.only && { only: flags.only }),
    ...(flags.skip && { skip: flags.skip }),
    ...(flags.cases && { caseFiles: flags.cases.map(file => resolve(file)) }),
    ...(flags.slow !== undefined && { slow: slowOf(flags.slow) }),
    ...(shuffle !== undefined && { shuffle }),
    ...(flags.onlyDifferences && { onlyDifferences: true }),
    ...(flags.throughGateway && { throughGateway: true }),
    ...(flags.redact === false && { keepCredentials: true }),
    ...(flags.baseline !== undefined && { baseline: usableBaseline(resolve(flags.baseline)) }),
    ...(stepMs !== undefined && { stepMs }),
    out,
    command,
    underCli: true,
  };
  const suites = selection(options);
  requireSome(suites, flags);
  if (wanted.every(name => name === 'model') && shard === undefined)
    return codeOf(runModel(suites, { ...options, out }));
  const missing = findEngines({ names: ENGINES.filter(name => wanted.includes(name)) }).filter(
    found => !found.found,
  );
  const names = wanted.filter(name => !missing.some(engine => engine.name === name));
  const demanded = flags.engine !== undefined || Boolean(process.env.CI);
  for (const engine of missing) {
    process.stderr.write(`${engine.name}: not run: ${engine.reason}; to get it: ${engine.fix}\n`);
  }
  if (names.length === 0) throw new CliError('no engine can be run; see the lines above', EXIT.harness);
  if (shuffle !== undefined) process.stderr.write(`Order: --shuffle ${shuffle}\n`);
  const code = await runPlaywright(names, { ...options, missing }, shard);
  return code === EXIT.expected && missing.length > 0 && demanded ? EXIT.harness : code;
}

function selection(options: RunOptions): Suite[] {
  try {
    return selectedSuites(builtIn, options);
  } catch (error) {
    if (error instanceof CaseError) throw new CliError(error.message);
    throw error;
  }
}

function requireSome(suites: readonly Suite[], flags: RunFlags): void {
  if (suites.length > 0) return;
  const asked = [
    ...(flags.only ?? []).map(p => `--only ${p}`),
    ...(flags.skip ?? []).map(p => `--skip ${p}`),
  ].join(' ');
  throw new CliError(
    `no case is selected by ${asked || 'this run'}; \`npx cors-conformance list\` shows their ids`,
    EXIT.nothingSelected,
  );
}

/** The engines that were named, or the browsers. @throws CliError for one that does not exist */
export function enginesOf(names: readonly string[] | undefined): RunEngineName[] {
  if (!names) return [...ENGINES];
  const unknown = names.find(name => !(ENGINE_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new CliError(`--engine: "${unknown}" is not one of ${ENGINE_NAMES.join(', ')}`);
  return ENGINE_NAMES.filter(name => names.includes(name));
}

function shardOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, part = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of) throw new CliError(`--shard: "${text}" is not a part of a whole such as 1/4`);
  return text;
}

/** Every slow case, or the longest wait in minutes. @throws CliError */
function slowOf(text: true | string): true | number {
  if (text === true) return true;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new CliError(`--slow: "${text}" is not a number of minutes`);
  return minutes;
}

/** The seed, drawn where none was given. @throws CliError */
function shuffleOf(text: true | string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === true) return randomInt(2 ** 32);
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new CliError(`--shuffle: "${text}" is not a whole number from 0 to ${2 ** 32 - 1}`);
  return seed;
}

function stepTimeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Number(text);
  if (!Number.isInteger(ms) || ms < 1)
    throw new CliError(`--step-timeout: "${text}" is not a number of milliseconds`);
  return ms;
}

/** The path of a baseline that has been read once, before any work. @throws CliError */
function usableBaseline(file: string): string {
  readBaselineFile(file);
  return file;
}

/**
 * The folder for results: as named, else as the environment says, else cors-report.
 * @throws CliError where results cannot be written there: that is found out before any work
 */
export function outputFolder(named: string | undefined): string {
  const out = resolve(named ?? process.env.CORS_CONFORMANCE_OUT ?? 'cors-report');
  requireWritable(out);
  return out;
}

function requireWritable(dir: string): void {
  try {
    makeFolder(dir);
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const why =
      error instanceof WriteError ? error.message : `${dir} is read-only; choose another folder with --out`;
    throw new CliError(`--out: results cannot be written: ${why}`);
  }
}
