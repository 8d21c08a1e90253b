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
import { CliError, codeOfFindings, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import type { Io } from '../run/io.ts';
import { Progress } from '../run/progress.ts';
import { requireReachable, useRemoteBrowsers } from '../run/remote-browsers.ts';
import { type RunStart, startNow } from '../run/run-start.ts';
import { concludedBy, interruptedRecord, recordOf } from '../run/verify-record.ts';
import { type Verified, type VerifyRequest, verifyTarget } from '../run/verify-run.ts';
import { repeatOnChange } from '../run/watch-run.ts';
import { writeRun } from '../run/write-run.ts';
import { TargetError } from '../target/errors.ts';
import { type RunningTarget, startTarget } from '../target/start.ts';
import { acceptFindings } from '../verdict/accept-findings.ts';
import type { Baseline, Stale } from '../verdict/baseline.ts';
import type { RunRecord } from '../verdict/record.ts';
import { redactAll } from '../verdict/redact.ts';
import type { GatewayAddress } from '../wire/gateway.ts';
import {
  addRemoteOptions,
  commaList,
  gatewayAddressOf,
  listOr,
  type RemoteFlags,
  shardOf,
  WATCH_FLAG,
} from './flags.ts';
import { addOutputOptions, type OutputFlags, progressOf, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';
import { readBaseline, updateBaseline } from './verify-baseline.ts';
import { printDryRun } from './verify-dry-run.ts';

interface VerifyFlags extends OutputFlags, RemoteFlags {
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
  const run = { config, file, flags, io, engines, at, checks, shard, secrets, baseline, started: startNow() };
  return interruptible(signal => startAndVerify(run, signal));
}

interface Run {
  readonly config: ParsedConfig;
  readonly file: string;
  readonly flags: VerifyFlags;
  readonly io: Io;
  readonly engines: VerifyRequest['engines'];
  readonly at: GatewayAddress | undefined;
  readonly checks: readonly PolicyCheck[];
  readonly shard: Shard | undefined;
  readonly secrets: ReturnType<typeof secretsOf>;
  readonly baseline: Baseline | null;
  readonly started: RunStart;
}

/** @returns the exit code. @throws CliError for what the user can correct; the signal's reason */
async function startAndVerify(run: Run, signal: AbortSignal): Promise<number> {
  const { config, file, flags, io, engines, at, checks, shard, secrets } = run;
  const out = outputFolder(flags.out, io.env);
  const base = dirname(file);
  const progress = new Progress(progressOf(io, flags), out);
  let running: RunningTarget | undefined;
  try {
    running = await startTarget(config.target, base, {
      onProgress: sayOf(io, flags),
    });
    const done = await verifyTarget({
      config,
      running,
      engines,
      at,
      signal,
      checks,
      progress,
      everyPage: flags.everyPage === true,
      ...(shard && { shard }),
      ...(flags.url === undefined && { folder: resolve(base, config.target.cwd ?? '.') }),
    });
    signal.throwIfAborted();
    if (done.requests + done.preflights === 0) throw new CliError(NOTHING_ASKED, EXIT.nothingSelected);
    return report(run, { ...done, url: running.url }, out);
  } catch (error) {
    if (signal.aborted && running)
      writeRun(interruptedRecord({ ...run, url: running.url }, progress.totals()), {
        out,
        io,
        quiet: flags.quiet === true,
        json: flags.json === true,
        secrets: flags.redact === false ? false : secrets,
      });
    if (error instanceof TargetError) throw new CliError(error.message, EXIT.target);
    throw error;
  } finally {
    await running?.stop();
  }
}

/** Every engine has to be there, not just one. */
const isDemanded = ({ engine }: VerifyFlags, { env }: Io): boolean => engine !== undefined || Boolean(env.CI);

/** Writes and prints what was found. @returns the exit code */
function report(run: Run, raw: Verified & { readonly url: string }, out: string): number {
  const { flags, io, secrets, baseline } = run;
  const open = flags.redact === false;
  if (!open) for (const value of raw.secrets) secrets.add(value);
  // Before the baseline, which is written and compared without secrets too.
  const done = open ? raw : { ...raw, findings: redactAll(raw.findings, secrets) };
  const known = baseline
    ? acceptFindings(done.findings, baseline, concludedBy(done))
    : { findings: done.findings, stale: [] };
  const strict = flags.strict === true;
  const record = recordOf({ ...run, url: raw.url, done, known, strict });
  writeRun(record, {
    out,
    io,
    quiet: flags.quiet === true,
    json: flags.json === true,
    verbose: flags.verbose === true,
    secrets: open ? false : secrets,
  });
  if (flags.updateBaseline) updateBaseline(flags, baseline, done.findings, io);
  return exitCode(record, known.stale, flags, io);
}

const NOTHING_ASKED =
  'nothing was asked: the selected checks have nothing to ask of this policy; choose others with --only and --skip';

function exitCode(record: RunRecord, stale: readonly Stale[], flags: VerifyFlags, io: Io): number {
  if (flags.updateBaseline) return EXIT.expected;
  // Of a part, what it did not see is told by `merge`.
  if (record.run.shards) return codeOf(record, flags, io);
  for (const { what, reason } of stale)
    io.stderr.write(`stale baseline entry: ${what} no longer holds (it said: ${reason}); remove it\n`);
  if (stale.length > 0) return EXIT.unexpected;
  return codeOf(record, flags, io);
}

function codeOf(record: RunRecord, flags: VerifyFlags, io: Io): number {
  return codeOfFindings(record, {
    demanded: isDemanded(flags, io),
    ...(flags.strict && { strict: true }),
  });
}
