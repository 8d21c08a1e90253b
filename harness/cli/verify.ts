/** The verb `verify`: a server's CORS, against the policy that its owner declares. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { makeRecord } from '../../reports/make-record.ts';
import { Progress } from '../../reports/progress.ts';
import { writeFiles } from '../../reports/write.ts';
import { writeRun } from '../../reports/write-run.ts';
import { derive } from '../policy/derive.ts';
import { dryRun } from '../policy/dry-run.ts';
import { resolveResources } from '../policy/read.ts';
import { findFaults } from '../policy/rules.ts';
import type { ParsedConfig } from '../policy/schema.ts';
import type { ProbeRun } from '../policy/symptoms.ts';
import { TargetError } from '../target/errors.ts';
import { type RunningTarget, startTarget } from '../target/start.ts';
import {
  acceptFindings,
  type Baseline,
  baselineText,
  makeBaseline,
  type Stale,
} from '../verdict/baseline.ts';
import type { Finding } from '../verdict/finding.ts';
import { ENGINE_NAMES, type Result, type RunEngineName, type RunRecord } from '../verdict/record.ts';
import { redactResult } from '../verdict/redact.ts';
import { ask } from '../wire/ask.ts';
import { upstreamOf } from '../wire/server-link.ts';
import { loadConfig } from './config-file.ts';
import { CliError, codeOfFindings, EXIT } from './exit.ts';
import { list, readBaselineFile } from './flags.ts';
import { interruptible } from './interruptible.ts';
import { enginesOf, outputFolder } from './run.ts';
import { allEnded, type VerifyTarget, verifyInEngine, verifyWithModel } from './verify-run.ts';

interface VerifyFlags {
  engine?: string[];
  out?: string;
  baseline?: string;
  updateBaseline?: boolean;
  dryRun?: boolean;
  strict?: boolean;
  redact?: boolean;
}

export function register(program: Command): void {
  program
    .command('verify')
    .description("verify a server's CORS against the policy that its owner declares")
    .argument('[config]', 'the configuration (default: cors.config.ts, .mjs, .js or .json)')
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${ENGINE_NAMES.join(', ')} (default: the three browsers)`,
      list,
    )
    .option('--dry-run', 'list every request that would be sent, and send none')
    .option(
      '-b, --baseline <file>',
      'accept the findings that this file lists; fail on new and on stale ones',
    )
    .option('--update-baseline', 'write the findings of this run into the baseline')
    .option('--strict', 'warnings fail the run too')
    .option('--out <dir>', 'the folder for results (default: cors-report)')
    .option('--no-redact', 'keep cookies, authorization and tokens in the stored evidence')
    .addHelpText(
      'after',
      `
Exit codes: 0 as declared, 1 a finding, 2 usage or configuration, 3 the server is unreachable, not ready in time or
crashed, 4 an engine or the harness failed.

Examples:
  npx cors-conformance init
  npx cors-conformance verify
  npx cors-conformance verify staging.config.ts --engine model --baseline cors-baseline.json`,
    )
    .action(async (config: string | undefined, flags: VerifyFlags) => {
      process.exitCode = await verify(config, flags);
    });
}

/** @returns the exit code. @throws CliError for what the user can mend */
async function verify(named: string | undefined, flags: VerifyFlags): Promise<number> {
  const wanted = enginesOf(flags.engine);
  const { file, config, warnings } = await loadConfig(named);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const baseline = readBaseline(flags);
  if (flags.dryRun) {
    const url = config.target.url?.replace('{port}', '0') ?? 'http://localhost';
    process.stdout.write(`${dryRun(derive(config, publicUrlOf(config, url))).join('\n')}\n`);
    return EXIT.expected;
  }
  const out = outputFolder(flags.out);
  const started = new Date();
  return interruptible(async signal => {
    let running: RunningTarget | undefined;
    try {
      running = await startTarget(config.target, dirname(file));
      const done = await runEverything(config, running, wanted, signal);
      signal.throwIfAborted();
      const known = baseline
        ? acceptFindings(done.findings, baseline, done.partial)
        : { findings: done.findings, stale: [] };
      const results = flags.redact === false ? done.results : done.results.map(redactResult);
      const record: RunRecord = {
        ...makeRecord({
          started,
          results,
          engines: done.engines,
          order: result => done.order.get(`${result.case.suite} ${result.case.id}`) ?? 0,
          options: { command: `npx cors-conformance ${process.argv.slice(2).join(' ')}` },
          target: { name: config.name ?? running.url, url: running.url, policy: config.policy },
        }),
        findings: [...known.findings],
      };
      writeRun(record, { out });
      if (flags.updateBaseline) updateBaseline(flags, baseline, done.findings);
      return exitCode(record, known.stale, flags);
    } catch (error) {
      if (error instanceof TargetError) throw new CliError(error.message, EXIT.target);
      throw error;
    } finally {
      await running?.stop();
    }
  });
}

interface Done {
  readonly engines: RunRecord['engines'];
  readonly results: readonly Result[];
  readonly findings: readonly Finding[];
  readonly order: ReadonlyMap<string, number>;
  /** An engine gave out, or did not run at all. */
  readonly partial: boolean;
}

async function runEverything(
  config: ParsedConfig,
  running: RunningTarget,
  wanted: readonly RunEngineName[],
  signal: AbortSignal,
): Promise<Done> {
  const publicUrl = publicUrlOf(config, running.url);
  const derived = derive(config, publicUrl);
  const upstream = upstreamOf(running.url);
  const upstreams = new Map([
    [new URL(running.url).origin, upstream],
    [new URL(publicUrl).origin, upstream],
  ]);
  const timeoutMs = config.target.timeouts.requestMs;
  const progress = new Progress(process.stderr);
  progress.begin(Object.fromEntries(wanted.map(name => [name, derived.cases.length])));
  const target: VerifyTarget = {
    derived,
    upstreams,
    timeoutMs,
    checkAlive: () => {
      if (running.crash) throw running.crash;
      signal.throwIfAborted();
    },
    onResult: (engine, result) => progress.step(engine, [result]),
  };
  const engines = await allEnded(
    wanted.map(name => (name === 'model' ? verifyWithModel(target) : verifyInEngine(name, target))),
  ).finally(() => progress.end());
  const probes: ProbeRun[] = [];
  for (const probe of derived.probes) {
    target.checkAlive();
    probes.push({ probe, exchange: await ask(probe.request, { upstream, timeoutMs }) });
  }
  target.checkAlive();
  const runs = engines.flatMap(engine => engine.runs);
  const results = engines.flatMap(engine => engine.results);
  const findings = findFaults({ resources: resolveResources(config), runs, probes }, config.stack ?? null);
  return {
    engines: engines.map(({ engine }) => engine),
    results,
    findings,
    order: new Map(derived.cases.map((one, i) => [`${one.about.resource} ${one.case.id}`, i])),
    partial: results.some(({ verdict }) => verdict === 'not-run' || verdict === 'harness-error'),
  };
}

/**
 * The URL by which pages know the target. A plain http server is shown to https pages as https: the gateway ends the
 * TLS, and no engine then stops the request as mixed content.
 */
export function publicUrlOf(config: ParsedConfig, url: string): string {
  if (config.target.publicUrl !== undefined) return config.target.publicUrl;
  const secure = resolveResources(config).some(({ rules }) =>
    rules.some(rule => rule.declared.startsWith('https:')),
  );
  const parsed = new URL(url);
  if (!secure || parsed.protocol === 'https:') return url;
  return `https://${parsed.hostname}:${parsed.port || '80'}`;
}

function readBaseline(flags: VerifyFlags): Baseline | null {
  if (flags.baseline === undefined) {
    if (flags.updateBaseline)
      throw new CliError('--update-baseline needs --baseline FILE, the file to write');
    return null;
  }
  const file = resolve(flags.baseline);
  if (!existsSync(file)) {
    if (flags.updateBaseline) return null;
    throw new CliError(`--baseline: ${file} cannot be read; --update-baseline writes it`);
  }
  return readBaselineFile(file);
}

function updateBaseline(flags: VerifyFlags, before: Baseline | null, findings: readonly Finding[]): void {
  const file = resolve(flags.baseline as string);
  const reason = `accepted on ${new Date().toISOString().slice(0, 10)}: say why`;
  const name = file.slice(dirname(file).length + 1);
  writeFiles(dirname(file), { [name]: baselineText(makeBaseline({ findings }, before, reason)) });
  process.stdout.write(
    `The baseline ${file} now accepts ${findings.length} finding${findings.length === 1 ? '' : 's'}.\n`,
  );
}

function exitCode(record: RunRecord, stale: readonly Stale[], flags: VerifyFlags): number {
  if (flags.updateBaseline) return EXIT.expected;
  for (const { what, reason } of stale)
    process.stderr.write(`stale baseline entry: ${what} no longer holds (it said: ${reason}); remove it\n`);
  if (stale.length > 0) return EXIT.unexpected;
  const demanded = flags.engine !== undefined || Boolean(process.env.CI);
  return codeOfFindings(record, { demanded, ...(flags.strict && { strict: true }) });
}
