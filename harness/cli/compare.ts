/** The verb `compare`: two results files, what got better and what got worse. */
import process from 'node:process';
import type { Command } from 'commander';
import { comparisonSentence, renderComparison, renderComparisonMarkdown } from '../../reports/comparison.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { compareRuns, isWorse } from '../verdict/compare.ts';
import { CliError, EXIT } from './exit.ts';
import { readResults } from './results-file.ts';

interface CompareFlags {
  json?: boolean;
  markdown?: boolean;
}

export function register(program: Command): void {
  program
    .command('compare')
    .description('compare two results files, case by case and engine by engine')
    .argument('<before>', 'results.json of the earlier run')
    .argument('<after>', 'results.json of the later run')
    .option('--json', 'print the comparison as JSON')
    .option('--markdown', 'print it as Markdown, for a pull request')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing got worse, 1 a case regressed or there is a new finding, 2 usage, 5 the runs have nothing in common.

Example:
  npx cors-conformance compare main/results.json cors-report/results.json`,
    )
    .action((before: string, after: string, flags: CompareFlags) => {
      if (flags.json && flags.markdown)
        throw new CliError('--json and --markdown exclude each other; choose one');
      process.exitCode = compare(before, after, flags);
    });
}

function compare(before: string, after: string, flags: CompareFlags): number {
  const comparison = compareRuns(readResults(before), readResults(after));
  if (comparison.compared === 0 && comparison.findings.added.length === 0) {
    throw new CliError(`${before} and ${after}: ${comparisonSentence(comparison)}`, EXIT.nothingSelected);
  }
  const { stdout, env } = process;
  const color = wantsColor(env, stdout.isTTY === true);
  if (flags.json) stdout.write(`${JSON.stringify({ worse: isWorse(comparison), ...comparison }, null, 2)}\n`);
  else if (flags.markdown) stdout.write(renderComparisonMarkdown(comparison));
  else
    stdout.write(renderComparison(comparison, { color, ...(stdout.columns && { width: stdout.columns }) }));
  return isWorse(comparison) ? EXIT.unexpected : EXIT.expected;
}
