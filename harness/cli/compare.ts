import type { Command } from 'commander';
import { comparisonSentence, renderComparison, renderComparisonMarkdown } from '../../reports/comparison.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { CliError, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { readResults } from '../run/results-file.ts';
import { compareRuns, isWorse } from '../verdict/compare.ts';
import { addOutputOptions, type OutputFlags, printJson, sayOf } from './output.ts';

interface CompareFlags extends OutputFlags {
  markdown?: boolean;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program.command('compare').description('compare two results files, case by case and engine by engine'),
    {
      json: '{ worse, changes, compared, unchanged, engines, findings }',
      quiet: 'what got worse, and the last sentence',
    },
  )
    .argument('<before>', 'results.json of the earlier run, or its folder')
    .argument('<after>', 'results.json of the later run, or its folder')
    .option('--markdown', 'print it as Markdown, for a pull request')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing got worse, 1 a case regressed or there is a new finding, 2 usage, 5 the runs have nothing in common.

Example:
  npx cors-conformance compare main/results.json ${REPORTS}`,
    )
    .action((before: string, after: string, flags: CompareFlags) => {
      if (flags.json && flags.markdown)
        throw new CliError('--json and --markdown exclude each other; choose one');
      io.exitCode = compare(before, after, flags, io);
    });
}

function compare(before: string, after: string, flags: CompareFlags, io: Io): number {
  const { stdout, env } = io;
  const say = sayOf(io, flags);
  const comparison = compareRuns(readResults(before, say), readResults(after, say));
  if (comparison.compared === 0 && comparison.findings.added.length === 0) {
    throw new CliError(`${before} and ${after}: ${comparisonSentence(comparison)}`, EXIT.nothingSelected);
  }
  const color = wantsColor(env, stdout.isTTY === true);
  if (flags.json) printJson({ stdout }, { worse: isWorse(comparison), ...comparison });
  else if (flags.markdown) stdout.write(renderComparisonMarkdown(comparison));
  else
    stdout.write(
      renderComparison(comparison, {
        color,
        quiet: flags.quiet === true,
        ...(stdout.columns && { width: stdout.columns }),
      }),
    );
  return isWorse(comparison) ? EXIT.unexpected : EXIT.expected;
}
