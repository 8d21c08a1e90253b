/** The verb `report`: makes any report from a results file, without running anything. */
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { type Command, Option } from 'commander';
import { renderBadge } from '../../reports/badge.ts';
import { renderConsole } from '../../reports/console.ts';
import { renderGithub } from '../../reports/github.ts';
import { renderHtml } from '../../reports/html.ts';
import { renderJson } from '../../reports/json.ts';
import { renderJunit } from '../../reports/junit.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { renderSarif } from '../../reports/sarif.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { WriteError, writeFiles } from '../../reports/write.ts';
import type { RunRecord } from '../verdict/record.ts';
import { CliError } from './exit.ts';
import { readResults } from './results-file.ts';

type Render = (record: RunRecord, flags: ReportFlags) => string;

interface ReportFlags {
  format: string;
  out?: string;
  onlyDifferences?: boolean;
}

const FORMATS: Readonly<Record<string, { readonly file: string; readonly render: Render }>> = {
  console: {
    file: 'report.txt',
    render: (record, { out, onlyDifferences }) =>
      renderConsole(record, {
        color: out === undefined && wantsColor(process.env, process.stdout.isTTY === true),
        ...(process.stdout.columns && out === undefined && { width: process.stdout.columns }),
        onlyDifferences: onlyDifferences === true,
      }),
  },
  html: { file: 'report.html', render: record => renderHtml(record) },
  junit: { file: 'junit.xml', render: renderJunit },
  markdown: { file: 'summary.md', render: renderMarkdown },
  json: { file: 'results.json', render: renderJson },
  sarif: { file: 'findings.sarif', render: record => renderSarif(record) },
  github: { file: 'annotations.txt', render: renderGithub },
  badge: { file: 'badge.svg', render: renderBadge },
};

export function register(program: Command): void {
  program
    .command('report')
    .description('make a report from a results file, without running anything')
    .argument('[results]', 'the results file', 'cors-report/results.json')
    .addOption(
      new Option('-f, --format <format>', 'what to make').choices(Object.keys(FORMATS)).default('console'),
    )
    .option('--out <path>', 'write to this file, or into this folder where it ends in / (default: print)')
    .option('--only-differences', 'console: only what the engines differ in')
    .addHelpText(
      'after',
      `
Examples:
  npx cors-conformance report --only-differences
  npx cors-conformance report cors-report/results.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  npx cors-conformance report --format badge --out badge.svg`,
    )
    .action((results: string, flags: ReportFlags) => report(results, flags));
}

function report(results: string, flags: ReportFlags): void {
  const format = FORMATS[flags.format];
  if (!format)
    throw new CliError(`unknown format ${flags.format}; there are ${Object.keys(FORMATS).join(', ')}`);
  const text = format.render(readResults(results), flags);
  if (flags.out === undefined) {
    process.stdout.write(text);
    return;
  }
  const path = /[\\/]$/.test(flags.out) ? join(resolve(flags.out), format.file) : resolve(flags.out);
  try {
    writeFiles(dirname(path), { [basename(path)]: text });
  } catch (error) {
    if (error instanceof WriteError) throw new CliError(error.message);
    throw error;
  }
  process.stderr.write(`${path}\n`);
}
