/** The verb `verify`: a server's CORS, against the policy that its owner declares. */

import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { PROXIED_ENGINE_HELP } from '../case/engine-name.ts';
import type { Shard } from '../case/select.ts';
import type { PolicyCheck } from '../policy/checks/check.ts';
import { selectChecks, UnknownCheckError } from '../policy/checks/select.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import { secretsOf } from '../policy/config/secrets.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { loadConfig, withUrl } from '../run/config-file.ts';
import { prepareEngines, proxiedEnginesOf } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import type { Io } from '../run/io.ts';
import { requireReachable, useRemoteBrowsers } from '../run/remote-browsers.ts';
import { startNow } from '../run/run-start.ts';
import { repeatOnChange } from '../run/watch-run.ts';
import { TargetError } from '../target/errors.ts';
import { startTarget } from '../target/start.ts';
import {
  addRemoteOptions,
  commaList,
  gatewayAddressOf,
  listOr,
  type RemoteFlags,
  shardOf,
  WATCH_FLAG,
} from './flags.ts';
import { addOutputOptions, type OutputFlags, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';
import { readBaseline } from './verify-baseline.ts';
import { printDryRun } from './verify-dry-run.ts';
import type { VerifyCommand } from './verify-running.ts';

export interface VerifyFlags extends OutputFlags, RemoteFlags {
  engine?: string[];
  only?: string[];
  skip?: string[];
  url?: string;
  everyPage?: boolean;
  out?: string;
  baseline?: string;
  updateBaseline?: boolean;
  dryRun?: boolean;
  shard?: string;
  strict?: boolean;
  redact?: boolean;
  verbose?: boolean;
}

export function register(program: Command, io: Io): void {
  const command = addOutputOptions(
    program
      .command('verify')
      .description("verify a server's CORS against the policy that its owner declares"),
    {
      json: 'the record, as in results.json; with --dry-run { requests }',
      quiet: 'findings, and the last sentence',
    },
  )
    .argument('[config]', 'the configuration (default: cors.config.ts, .mjs, .js or .json)')
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${PROXIED_ENGINE_HELP} (default: the three browsers)`,
      commaList,
    )
    .option('-o, --only <checks>', 'only these checks, by comma; * stands for any text', commaList)
    .option('-s, --skip <checks>', 'all but these checks', commaList)
    .option('--url <url>', 'verify this deployment instead of the target that the configuration names')
    .option('--every-page', 'open every page in every browser, not only those that the wire leaves open')
    .option('--dry-run', 'list every request that would be sent, and send none')
    .option(
      '-b, --baseline <file>',
      'accept the findings that this file lists; fail on new and on stale ones',
    )
    .option('--update-baseline', 'write the findings of this run into the baseline')
    .option('--shard <part/of>', 'open only this part of the pages, for example 1/4; `merge` joins the parts')
    .option('--strict', 'warnings fail the run too')
    .option('-v, --verbose', 'print explanations, whole fixes and every check')
    .option('--out <dir>', `the folder for results (default: ${REPORTS})`)
    .option('--no-redact', 'keep cookies, authorization and tokens in the stored evidence')
    .option(...WATCH_FLAG);
  addRemoteOptions(command)
    .addHelpText(
      'after',
      `
Exit codes: 0 as declared, 1 a finding, 2 usage or configuration, 3 the server is unreachable, not ready in time or
crashed, 4 an engine or the harness failed, 5 nothing was asked.

Environment: CORS_CONFORMANCE_ENGINE, CORS_CONFORMANCE_OUT, CORS_CONFORMANCE_BASELINE, CORS_CONFORMANCE_URL,
CORS_CONFORMANCE_ONLY, CORS_CONFORMANCE_SKIP and CORS_CONFORMANCE_STRICT stand for the flags; a flag beats them.

Examples:
  npx cors-conformance init
  npx cors-conformance verify
  npx cors-conformance verify staging.config.ts --engine model --baseline cors-baseline.json`,
    )
    .action(async (config: string | undefined, flags: VerifyFlags & { watch?: boolean }) => {
      io.exitCode = await (flags.watch ? watch : verify)(config, flags, io);
    });
}

/** The configuration, the baseline, and the folder of the server that it starts. */
async function watch(named: string | undefined, flags: VerifyFlags, io: Io): Promise<number> {
  const { out, baseline, url } = withEnvironment(flags, io.env);
  const paths = async () => {
    const { file, config } = await loadConfig(named, { tell: sayOf(io, flags) });
    const server = url === undefined ? serverFolder(config.target, dirname(file)) : undefined;
    return [file, server, baseline].filter(path => path !== undefined);
  };
  return repeatOnChange({ paths, out: outputFolder(out, io.env) }, io);
}

/** Where the files of a server are that is started here. */
function serverFolder({ module, command, cwd }: ParsedConfig['target'], base: string): string | undefined {
  if (module !== undefined) return dirname(resolve(base, module));
  return command === undefined ? undefined : resolve(base, cwd ?? '.');
}

/** The flags, with environment variables for those that were not given. */
function withEnvironment(flags: VerifyFlags, env: Io['env']): VerifyFlags {
  const variable = (name: string) => env[`CORS_CONFORMANCE_${name}`] || undefined;
  const defaults = {
    engine: listOr(flags.engine, variable('ENGINE')),
    only: listOr(flags.only, variable('ONLY')),
    skip: listOr(flags.skip, variable('SKIP')),
    out: flags.out ?? variable('OUT'),
    baseline: flags.baseline ?? variable('BASELINE'),
    url: flags.url ?? variable('URL'),
    strict: flags.strict ?? (variable('STRICT') ? true : undefined),
  };
  const given = Object.entries(defaults).filter(([, value]) => value !== undefined);
  return { ...flags, ...Object.fromEntries(given) };
}

/** @throws CliError for a name that no check has */
function checksOf({ only, skip }: VerifyFlags): PolicyCheck[] {
  try {
    return selectChecks(only, skip);
  } catch (error) {
    if (error instanceof UnknownCheckError) throw new CliError(error.message);
    throw error;
  }
}

/** The part that is asked for. @throws CliError where there is nothing to split */
function shareOf({ shard, updateBaseline }: VerifyFlags, engines: readonly string[]): Shard | undefined {
  const share = shardOf(shard);
  if (share && updateBaseline) throw new CliError('--update-baseline needs a whole run: leave out --shard');
  if (share && engines.every(name => name === 'model'))
    throw new CliError(
      '--shard splits the pages that browsers open, and the model opens none: leave it out, or name browsers with --engine',
    );
  return share;
}

/** @returns the exit code. @throws CliError for what the user can correct */
async function verify(named: string | undefined, given: VerifyFlags, io: Io): Promise<number> {
  const flags = withEnvironment(given, io.env);
  const engines = proxiedEnginesOf(flags.engine);
  useRemoteBrowsers(flags, engines);
  const at = gatewayAddressOf(flags);
  await prepareEngines(engines, sayOf(io, flags));
  const checks = checksOf(flags);
  const shard = shareOf(flags, engines);
  const { file, config: declared, warnings } = await loadConfig(named, { tell: sayOf(io, flags) });
  const secrets = secretsOf(declared);
  if (flags.redact !== false) io.secrets.addAll(secrets);
  for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`);
  const config = flags.url === undefined ? declared : withUrl(declared, flags.url);
  const baseline = readBaseline(flags);
  if (flags.dryRun) {
    printDryRun(config, checks, flags, io);
    return EXIT.expected;
  }
  const demanded = isDemanded(flags, io);
  for (const lost of await requireReachable(engines, { throughGateway: true, at }, demanded))
    io.stderr.write(`${lost.name}: not run: ${lost.reason}\n`);
  const rest = { checks, shard, secrets, baseline, demanded, started: startNow() };
  const run = { config, file, flags, io, engines, at, ...rest };
  return interruptible(signal => startAndVerify(run, signal));
}

/** @returns the exit code. @throws CliError for what the user can correct; the signal's reason */
async function startAndVerify(run: VerifyCommand, signal: AbortSignal): Promise<number> {
  const { config, file, flags, io } = run;
  const starting = startTarget(config.target, dirname(file), { onProgress: sayOf(io, flags) });
  starting.catch(() => undefined);
  try {
    // The server starts while this process loads what comes next.
    const { verifyRunning } = await import('./verify-running.ts');
    return await verifyRunning(run, await starting, signal);
  } catch (error) {
    if (error instanceof TargetError) throw new CliError(error.message, EXIT.target);
    throw error;
  } finally {
    await starting.then(
      running => running.stop(),
      () => undefined,
    );
  }
}

/** Every engine has to be there, not just one. */
const isDemanded = ({ engine }: VerifyFlags, { env }: Io): boolean => engine !== undefined || Boolean(env.CI);
