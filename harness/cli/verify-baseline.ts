/** The baseline of `verify`: read before any work, and written anew where that is asked for. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { CliError } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { writeFiles } from '../run/write-files.ts';
import { type Baseline, baselineText, makeBaseline } from '../verdict/baseline.ts';
import type { Finding } from '../verdict/finding.ts';
import { askForReasons, unsaidReason } from '../verdict/unsaid-reason.ts';
import { readBaselineFile } from './flags.ts';
import { type OutputFlags, peopleOutput } from './output.ts';

interface BaselineFlags extends OutputFlags {
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

/** The baseline that is named; null if it is still to be written. @throws CliError */
export function readBaseline(flags: BaselineFlags): Baseline | null {
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

/** Writes the findings of a run into the baseline. */
export function updateBaseline(
  flags: BaselineFlags,
  before: Baseline | null,
  findings: readonly Finding[],
  io: Io,
): void {
  const file = resolve(flags.baseline as string);
  const baseline = makeBaseline({ findings }, before, unsaidReason());
  writeFiles(dirname(file), { [basename(file)]: baselineText(baseline) });
  peopleOutput(io, flags).write(
    `The baseline ${file} now accepts ${findings.length} finding${findings.length === 1 ? '' : 's'}.${askForReasons(baseline.accept)}\n`,
  );
}
