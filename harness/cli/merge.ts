/** The verb `merge`: one record and one set of reports from the parts of a run. */
import type { Command } from 'commander';
import { REPORTS } from '../process/reports-folder.ts';
import { CliError, codeOf, codeOfFindings, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { readResults } from '../run/results-file.ts';
import { writeRun } from '../run/write-run.ts';
import { incompletenessOf } from '../verdict/completeness.ts';
import { MergeError, mergeRecords } from '../verdict/merge.ts';
import type { RunRecord } from '../verdict/record.ts';
import { addOutputOptions, type OutputFlags, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';

interface MergeFlags extends OutputFlags {
  readonly out?: string;
  readonly onlyDifferences?: boolean;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('merge')
      .description('put the results of shards together, and write the reports of the whole'),
    { json: 'the record of the whole', quiet: 'what is not as expected, and the last sentence' },
  )
    .argument(
      '<results...>',
      'the results files of the parts, or the folders that they are in, in their order',
    )
    .option('--out <dir>', `the folder for results (default: ${REPORTS})`)
    .option('--only-differences', 'print only what the engines differ in')
    .addHelpText(
      'after',
      `
Exit codes: 0 as expected, 1 a result is not as expected or, after verify, a finding, 2 usage, 4 an engine or the harness failed, or a part is missing or was interrupted.

Example:
  npx cors-conformance run --shard 1/2 --out part-1
  npx cors-conformance run --shard 2/2 --out part-2
  npx cors-conformance merge part-1 part-2`,
    )
    .action((files: string[], flags: MergeFlags) => {
      io.exitCode = merge(files, flags, io);
    });
}

/** @returns the exit code that the whole run would have had. @throws CliError for what the user can mend */
function merge(files: readonly string[], flags: MergeFlags, io: Io): number {
  try {
    const out = outputFolder(flags.out, io.env);
    const say = sayOf(io, flags);
    const record: RunRecord = mergeRecords(files.map(name => ({ name, record: readResults(name, say) })));
    writeRun(record, {
      out,
      onlyDifferences: flags.onlyDifferences === true,
      quiet: flags.quiet === true,
      json: flags.json === true,
      io,
    });
    const code = record.findings ? codeOfVerification(record) : codeOf(record);
    // What is missing may be what went wrong.
    return code === EXIT.expected && incompletenessOf(record)?.fails ? EXIT.harness : code;
  } catch (error) {
    if (error instanceof MergeError) throw new CliError(`cannot merge: ${error.message}`);
    throw error;
  }
}

function codeOfVerification(record: RunRecord): number {
  if (record.stale?.length) return EXIT.unexpected;
  return codeOfFindings(record, { demanded: true, ...(record.run.strict && { strict: true }) });
}
