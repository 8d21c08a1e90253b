/** The verb `merge`: one record and one set of reports from the parts of a run. */
import { resolve } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { WriteError } from '../../reports/write.ts';
import { writeRun } from '../../reports/write-run.ts';
import { MergeError, mergeRecords } from '../verdict/merge.ts';
import type { RunRecord } from '../verdict/record.ts';
import { CliError, codeOfFindings } from './exit.ts';
import { codeOf } from './playwright.ts';
import { readResults } from './results-file.ts';

export function register(program: Command): void {
  program
    .command('merge')
    .description('put the results of shards together, and write the reports of the whole')
    .argument('<results...>', 'the results files of the parts, in their order')
    .option('--out <dir>', 'the folder for results', 'cors-report')
    .option('--only-differences', 'print only what the engines differ in')
    .addHelpText(
      'after',
      `
Exit codes: 0 as expected, 1 a result is not as expected or, after verify, a finding, 2 usage, 4 an engine or the harness failed.

Example:
  npx cors-conformance run --shard 1/2 --out part-1
  npx cors-conformance run --shard 2/2 --out part-2
  npx cors-conformance merge part-1/results.json part-2/results.json`,
    )
    .action((files: string[], flags: { out: string; onlyDifferences?: boolean }) => {
      process.exitCode = merge(files, flags);
    });
}

/** @returns the exit code that the whole run would have had. @throws CliError for what the user can mend */
function merge(files: readonly string[], flags: { out: string; onlyDifferences?: boolean }): number {
  try {
    const record: RunRecord = mergeRecords(files.map(name => ({ name, record: readResults(name) })));
    writeRun(record, { out: resolve(flags.out), onlyDifferences: flags.onlyDifferences === true });
    return record.findings ? codeOfFindings(record, { demanded: true }) : codeOf(record);
  } catch (error) {
    if (error instanceof MergeError) throw new CliError(`cannot merge: ${error.message}`);
    if (error instanceof WriteError) throw new CliError(error.message);
    throw error;
  }
}
