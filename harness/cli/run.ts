/** The verb `run`: suites or case files, in real engines and the model. */

import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { suites as builtIn } from '../../suites/index.ts';
import { CaseError } from '../case/check.ts';
import { didYouMean } from '../case/closest.ts';
import { ENGINE_NAME_HELP } from '../case/engine-name.ts';
import type { Suite } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { enginesOf, prepareEngines } from '../run/engine-instances.ts';
import { CliError, codeOf, EXIT } from '../run/exit.ts';
import { commandOf, type Io } from '../run/io.ts';
import { runModel } from '../run/model-run.ts';
import type { RunOptions } from '../run/options.ts';
import { runPlaywright } from '../run/playwright-run.ts';
import { requireReachable, useRemoteBrowsers } from '../run/remote-browsers.ts';
import { selectedSuites } from '../run/selected-suites.ts';
import { repeatOnChange } from '../run/watch-run.ts';
import {
  addRemoteOptions,
  commaList,
  gatewayAddressOf,
  type RemoteFlags,
  readBaselineFile,
  shardOf,
  WATCH_FLAG,
} from './flags.ts';
import { addOutputOptions, type OutputFlags, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';

export interface RunFlags extends OutputFlags, RemoteFlags {
  engine?: string[];
  only?: string[];
  skip?: string[];
  cases?: string[];
  shard?: string;
  baseline?: string;
  unlisted?: 'ok' | 'fail';
  out?: string;
  slow?: true | string;
  shuffle?: true | string;
  onlyDifferences?: boolean;
  stepTimeout?: string;
  throughGateway?: boolean;
}

export function register(program: Command, io: Io): void {
  addRunOptions(program.command('run').description('run cases in real engines and judge every result'))
    .option(...WATCH_FLAG)
    .action(async (flags: RunFlags & { watch?: boolean }) => {
      io.exitCode = flags.watch ? await watch(flags, io) : await run(flags, commandOf(io), io);
    });
}

/** Case files and the baseline; without case files the sources of the built-in cases, where there are any. @throws CliError */
function watch({ cases, baseline, out }: RunFlags, io: Io): Promise<number> {
  if (!cases && !import.meta.url.endsWith('.ts'))
    throw new CliError('--watch needs --cases FILE...: the built-in cases do not change');
  const files = [
    ...(cases ?? [fileURLToPath(new URL('../../suites', import.meta.url))]),
    ...(baseline === undefined ? [] : [baseline]),
  ];
  return repeatOnChange({ paths: async () => files, out: outputFolder(out, io.env) }, io);
}

/**
 * The options that `run` and `start` share.
 * @param unlisted what the verb makes of differences that are not listed for an engine's build, unless it is told
 */
export function addRunOptions(command: Command, unlisted: 'ok' | 'fail' = 'fail'): Command {
  const own = addOutputOptions(command, {
    json: 'the record, as in results.json',
    quiet: 'what is not as expected, and the last sentence',
  })
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${ENGINE_NAME_HELP} (default: the three browsers)`,
      commaList,
    )
    .option(
      '-o, --only <patterns>',
      'only these cases: ids, suite ids or suite:id, * for any text; may be repeated',
      commaList,
    )
    .option('-s, --skip <patterns>', 'all but these cases', commaList)
    .option('-c, --cases <files...>', 'run the cases of these JSON files instead of the suites')
    .option('--shard <part/of>', 'only this part of the cases, for example 1/4')
    .option('-b, --baseline <file>', 'accept the results that this file lists; fail on new and on stale ones')
    .addOption(
      new Option(
        '--unlisted <verdict>',
        `what a difference from the Standard comes to that is not listed for an engine's build (default: ${unlisted})`,
      ).choices(['ok', 'fail']),
    )
    .option('--out <dir>', `the folder for results (default: ${REPORTS})`)
    .option(
      '--slow [minutes]',
      'also run the cases that take minutes or hours; only those that wait at most so many minutes',
    )
    .option('--shuffle [seed]', 'run in a random order; the same seed gives the same order')
    .option('--only-differences', 'print only what the engines differ in')
    .option('--no-redact', 'keep cookies, authorization and tokens in the stored evidence')
    .option(
      '--step-timeout <ms>',
      'give a request up after this many milliseconds (default 10000, more on a busy machine)',
    )
    .option(
      '--through-gateway',
      "send all traffic through verify's recording gateway, to show that it changes nothing",
    );
  return addRemoteOptions(own).addHelpText(
    'after',
    `
Exit codes: 0 as expected, 1 a result is not as expected, 2 usage, 4 an engine or the harness failed, 5 nothing selected.

Examples:
  npx cors-conformance run --engine chromium --only 'maxage-*'
  npx cors-conformance run --cases my-cases.json --out results`,
  );
}

/** @returns the exit code. @throws CliError for what the user can mend */
export async function run(flags: RunFlags & { redact?: boolean }, command: string, io: Io): Promise<number> {
  const wanted = enginesOf(flags.engine);
  useRemoteBrowsers(flags, wanted);
  const out = outputFolder(flags.out, io.env);
  const options: RunOptions = { ...optionsOf(flags), out, command, underCli: true };
  const suites = selection(options);
  if (suites.length === 0) throw nothingSelected(options, flags);
  if (wanted.every(name => name === 'model')) return codeOf(runModel(suites, { ...options, out, io }));
  await prepareEngines(wanted, sayOf(io, flags));
  const demanded = flags.engine !== undefined || Boolean(io.env.CI);
  const browsers = wanted.filter(name => name !== 'model');
  const { throughGateway = false, at } = options;
  const missing = [
    ...findEngines({ names: browsers }).filter(found => !found.found),
    ...(await requireReachable(browsers, { throughGateway, at }, demanded)),
  ];
  const names = wanted.filter(name => !missing.some(engine => engine.name === name));
  for (const engine of missing) {
    io.stderr.write(`${engine.name}: not run: ${engine.reason}; to get it: ${engine.fix}\n`);
  }
  if (names.length === 0) throw new CliError('no engine can be run; see the lines above', EXIT.harness);
  if (options.shuffle !== undefined) sayOf(io, flags)(`Order: --shuffle ${options.shuffle}`);
  const code = await runPlaywright(names, { ...options, missing, engines: names });
  return code === EXIT.expected && missing.length > 0 && demanded ? EXIT.harness : code;
}

/** What the flags say of the cases and of how they run. @throws CliError */
function optionsOf(flags: RunFlags & { redact?: boolean }): RunOptions {
  const stepMs = stepTimeoutOf(flags.stepTimeout);
  const shuffle = shuffleOf(flags.shuffle);
  const shard = shardOf(flags.shard);
  const at = gatewayAddressOf(flags);
  return {
    ...(flags.only && { only: flags.only }),
    ...(flags.skip && { skip: flags.skip }),
    ...(flags.cases && { caseFiles: flags.cases.map(file => resolve(file)) }),
    ...(flags.slow !== undefined && { slow: slowOf(flags.slow) }),
    ...(shuffle !== undefined && { shuffle }),
    ...(shard && { shard }),
    ...(flags.quiet && { quiet: true }),
    ...(flags.json && { json: true }),
    ...(flags.onlyDifferences && { onlyDifferences: true }),
    ...((flags.throughGateway || at) && { throughGateway: true, at }),
    ...(flags.unlisted === 'ok' && { unlisted: 'ok' }),
    ...(flags.redact === false && { keepCredentials: true }),
    ...(flags.baseline !== undefined && { baseline: usableBaseline(resolve(flags.baseline)) }),
    ...(stepMs !== undefined && { stepMs }),
  };
}

function selection(options: RunOptions): Suite[] {
  try {
    return selectedSuites(builtIn, options);
  } catch (error) {
    if (error instanceof CaseError) throw new CliError(error.message);
    throw error;
  }
}

function nothingSelected(options: RunOptions, flags: RunFlags): CliError {
  const { shard, ...whole } = options;
  const left = selection(whole).reduce((sum, { cases }) => sum + cases.length, 0);
  if (shard && left > 0) {
    const most = left === 1 ? '1 case is selected' : `${left} cases are selected`;
    return new CliError(
      `--shard: part ${shard.part} of ${shard.of} is empty, as only ${most}; split them into fewer parts`,
      EXIT.nothingSelected,
    );
  }
  const asked = [
    ...(flags.only ?? []).map(p => `--only ${p}`),
    ...(flags.skip ?? []).map(p => `--skip ${p}`),
  ].join(' ');
  const ids = builtIn.flatMap(({ id, cases }) => [
    id,
    ...cases.flatMap(one => [one.id.split('/')[0] as string, one.id]),
  ]);
  const meant = flags.cases ? '' : (flags.only ?? []).map(pattern => didYouMean(pattern, ids)).join('');
  return new CliError(
    `no case is selected by ${asked || 'this run'}.${meant} \`npx cors-conformance list\` shows their ids`,
    EXIT.nothingSelected,
  );
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
