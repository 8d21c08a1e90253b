/** The verb `verify` from the moment at which the server runs: asks it, and tells what was found. */
import { dirname, resolve } from 'node:path';
import type { Shard } from '../case/select.ts';
import type { PolicyCheck } from '../policy/checks/check.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import type { secretsOf } from '../policy/config/secrets.ts';
import { CliError, codeOfFindings, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { Progress } from '../run/progress.ts';
import type { RunStart } from '../run/run-start.ts';
import { concludedBy, interruptedRecord, recordOf } from '../run/verify-record.ts';
import { type Verified, type VerifyRequest, verifyTarget } from '../run/verify-run.ts';
import { writeRun } from '../run/write-run.ts';
import type { RunningTarget } from '../target/start.ts';
import { acceptFindings } from '../verdict/accept-findings.ts';
import type { Baseline, Stale } from '../verdict/baseline.ts';
import type { RunRecord } from '../verdict/record.ts';
import { redactAll } from '../verdict/redact.ts';
import type { GatewayAddress } from '../wire/gateway.ts';
import { progressOf } from './output.ts';
import { outputFolder } from './output-folder.ts';
import type { VerifyFlags } from './verify.ts';
import { updateBaseline } from './verify-baseline.ts';

/** What was asked for, as flags, environment and configuration say together. */
export interface VerifyCommand {
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
  /** Every engine has to be there, not just one. */
  readonly demanded: boolean;
  readonly started: RunStart;
}

/**
 * Verifies a server that runs, writes the reports and prints what was found. Browsers close meanwhile; all of them have
 * ended when this returns or throws.
 * @returns the exit code. @throws CliError for what the user can correct; TargetError; the signal's reason
 */
export async function verifyRunning(
  run: VerifyCommand,
  running: RunningTarget,
  signal: AbortSignal,
): Promise<number> {
  const { config, file, flags, io, engines, at, checks, shard, secrets } = run;
  const { url } = running;
  const out = outputFolder(flags.out, io.env);
  const progress = new Progress(progressOf(io, flags), out);
  const closings: Promise<void>[] = [];
  try {
    signal.throwIfAborted();
    const done = await verifyTarget({
      config,
      running,
      engines,
      at,
      signal,
      checks,
      progress,
      everyPage: flags.everyPage === true,
      onClosing: closing => void closings.push(closing),
      ...(shard && { shard }),
      ...(flags.url === undefined && { folder: resolve(dirname(file), config.target.cwd ?? '.') }),
    });
    signal.throwIfAborted();
    if (done.requests + done.preflights === 0) throw new CliError(NOTHING_ASKED, EXIT.nothingSelected);
    return report(run, { ...done, url }, out);
  } catch (error) {
    if (signal.aborted)
      writeRun(interruptedRecord({ ...run, url }, progress.totals()), {
        out,
        io,
        quiet: flags.quiet === true,
        json: flags.json === true,
        secrets: flags.redact === false ? false : secrets,
      });
    throw error;
  } finally {
    await Promise.all(closings);
  }
}

/** Writes and prints what was found. @returns the exit code */
function report(run: VerifyCommand, raw: Verified & { readonly url: string }, out: string): number {
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
  return exitCode(record, known.stale, run);
}

const NOTHING_ASKED =
  'nothing was asked: the selected checks have nothing to ask of this policy; choose others with --only and --skip';

function exitCode(record: RunRecord, stale: readonly Stale[], run: VerifyCommand): number {
  const { flags, io } = run;
  if (flags.updateBaseline) return EXIT.expected;
  // Of a part, what it did not see is told by `merge`.
  if (record.run.shards) return codeOf(record, run);
  for (const { what, reason } of stale)
    io.stderr.write(`stale baseline entry: ${what} no longer holds (it said: ${reason}); remove it\n`);
  if (stale.length > 0) return EXIT.unexpected;
  return codeOf(record, run);
}

function codeOf(record: RunRecord, { flags, demanded }: VerifyCommand): number {
  return codeOfFindings(record, {
    demanded,
    ...(flags.strict && { strict: true }),
  });
}
