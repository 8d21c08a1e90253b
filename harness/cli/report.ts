/** The verb `report`: makes any report from a results file, without running anything. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { renderBadge } from '../../reports/badge.ts';
import { renderConsole } from '../../reports/console.ts';
import { renderGithub } from '../../reports/github.ts';
import { renderHtml } from '../../reports/html.ts';
import { renderJson } from '../../reports/json.ts';
import { renderJunit } from '../../reports/junit.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { PLAYGROUND_FILE } from '../../reports/playground-link.ts';
import { ReproError, renderRepro } from '../../reports/repro.ts';
import { renderSarif } from '../../reports/sarif.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { suites } from '../../suites/index.ts';
import { didYouMean } from '../case/closest.ts';
import { openPage } from '../process/open-page.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import type { Io } from '../run/io.ts';
import { serveReport } from '../run/report-server.ts';
import { readResults, resultsIn } from '../run/results-file.ts';
import { writeFiles } from '../run/write-files.ts';
import type { RunRecord } from '../verdict/record.ts';
import { addOutputOptions, type OutputFlags, printJson, sayOf } from './output.ts';

type Render = (record: RunRecord, flags: ReportFlags, io: Io) => string;

interface ReportFlags extends OutputFlags {
  format: string;
  case?: string;
  out?: string;
  onlyDifferences?: boolean;
  verbose?: boolean;
  open?: boolean;
  serve?: true | string;
}

const FORMATS: Readonly<Record<string, { readonly file: string; readonly render: Render }>> = {
  console: {
    file: 'report.txt',
    render: (record, { out, onlyDifferences, verbose, quiet }, io) =>
      renderConsole(record, {
        color: out === undefined && wantsColor(io.env, io.stdout.isTTY === true),
        ...(io.stdout.columns && out === undefined && { width: io.stdout.columns }),
        onlyDifferences: onlyDifferences === true,
        verbose: verbose === true,
        quiet: quiet === true,
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

/** Made of a case alone, without results. */
const REPRO = { name: 'repro', file: 'repro.mjs' };

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program.command('report').description('make a report from a results file, without running anything'),
    {
      json: 'the record; with --out { file, format }; with --format { format, text }; with --serve { url, results }',
      quiet: 'what is not as it should be, and the last sentence',
    },
  )
    .argument('[results]', 'the results file, or the folder that it is in', `${REPORTS}/results.json`)
    .addOption(
      new Option('-f, --format <format>', 'what to make')
        .choices([...Object.keys(FORMATS), REPRO.name])
        .default('console'),
    )
    .option('--out <path>', 'write to this file, or into this folder where it ends in / (default: print)')
    .option(
      '--case <id>',
      'only this case; with --format repro, a Node script that shows it in any browser, for a bug report',
    )
    .option('--only-differences', 'console: only what the engines differ in')
    .option('-v, --verbose', 'console, of verify: explanations, whole fixes and every check')
    .option(
      '--open',
      'open the HTML report in your browser (the default on a terminal, without other options)',
    )
    .option('--no-open', 'print only')
    .option(
      '--serve [port]',
      'serve the HTML report on this machine; an open page follows runs that write it',
    )
    .addHelpText(
      'after',
      `
Examples:
  npx cors-conformance report
  npx cors-conformance report --serve
  npx cors-conformance report --only-differences
  npx cors-conformance report ${REPORTS}/results.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  npx cors-conformance report --case redir-authorization-stripped/fetch --format repro --out repro.mjs
  npx cors-conformance report --format badge --out badge.svg`,
    )
    .action(async (given: string, flags: ReportFlags) => {
      const results = resultsIn(given);
      if (flags.serve !== undefined) io.exitCode = await serve(resolve(results), flags.serve, flags, io);
      else {
        await report(results, flags, io);
        if (shouldOpen(flags, io)) await open(resolve(results), io);
      }
    });
}

/** Without being asked only for a person at a terminal, who asked for nothing else. */
function shouldOpen(
  { open: wanted, out, format, onlyDifferences, verbose, json, quiet }: ReportFlags,
  { stdout, env }: Io,
): boolean {
  if (wanted !== undefined) return wanted;
  const plain = out === undefined && format === 'console' && !(onlyDifferences || verbose || json || quiet);
  return plain && stdout.isTTY === true && !env.CI;
}

/** Opens the page beside the results, which is made if it is not there. */
async function open(results: string, io: Io): Promise<void> {
  const path = join(dirname(results), 'report.html');
  if (!existsSync(path))
    writeFiles(dirname(path), await pages('report.html', renderHtml(readResults(results))));
  if (!(await openPage(path))) io.stderr.write(`no program opens pages here; open ${path} yourself\n`);
}

/** The page with what its links lead to. */
async function pages(name: string, text: string): Promise<Readonly<Record<string, string>>> {
  const { playgroundHtml } = await import('../playground/page.ts');
  return { [name]: text, [PLAYGROUND_FILE]: playgroundHtml() };
}

/** Serves until it is interrupted, which is how it is meant to end. @returns the exit code */
async function serve(results: string, wanted: true | string, flags: ReportFlags, io: Io): Promise<number> {
  const port = wanted === true ? 0 : Number(wanted);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CliError(`--serve: "${wanted}" is not a port from 0 to 65535`);
  await interruptible(async signal => {
    const server = await serveReport(results, port).catch((error: NodeJS.ErrnoException) => {
      throw new CliError(`--serve: port ${port} cannot be listened on (${error.code}); choose another`);
    });
    if (flags.json) printJson(io, { url: server.url, results });
    else io.stdout.write(`${server.url} shows ${results}; Ctrl+C ends it\n`);
    if (flags.open !== false && io.stdout.isTTY && !io.env.CI) await openPage(server.url);
    if (!signal.aborted) await new Promise(done => signal.addEventListener('abort', done, { once: true }));
    await server.close();
    return EXIT.expected;
  });
  return EXIT.expected;
}

/** @throws CliError if the results have no such case */
function onlyCase(record: RunRecord, id: string | undefined): RunRecord {
  if (id === undefined) return record;
  const results = record.results.filter(one => one.case.id === id);
  if (results.length === 0)
    throw noCase(
      id,
      record.results.map(one => one.case.id),
    );
  return { ...record, results };
}

function noCase(id: string, known: readonly string[]): CliError {
  const variants = known.filter(one => one.startsWith(`${id}/`));
  if (variants.length > 0)
    return new CliError(`--case: "${id}" is several cases; name one of them: ${variants.join(', ')}`);
  const rows = known.map(one => one.split('/')[0] as string);
  return new CliError(`--case: there is no case "${id}".${didYouMean(id, [...known, ...rows])}`);
}

/** @throws CliError if there is no such case, or if it takes more than a script */
function repro(id: string | undefined): string {
  if (id === undefined) throw new CliError('--format repro needs --case ID, the case to show');
  const cases = suites.flatMap(suite => suite.cases);
  const found = cases.find(one => one.id === id);
  if (!found)
    throw noCase(
      id,
      cases.map(one => one.id),
    );
  try {
    return renderRepro(found);
  } catch (error) {
    if (error instanceof ReproError) throw new CliError(error.message);
    throw error;
  }
}

function madeOf(results: string, flags: ReportFlags, io: Io): { file: string; text: string } {
  if (flags.format === REPRO.name) return { file: REPRO.file, text: repro(flags.case) };
  const format = FORMATS[flags.format];
  if (!format)
    throw new CliError(`unknown format ${flags.format}; there are ${Object.keys(FORMATS).join(', ')}`);
  return {
    file: format.file,
    text: format.render(onlyCase(readResults(results, sayOf(io, flags)), flags.case), flags, io),
  };
}

async function report(results: string, flags: ReportFlags, io: Io): Promise<void> {
  const { json, format, out } = flags;
  const asRecord = json === true && out === undefined && format === 'console';
  const { file, text } = madeOf(results, asRecord ? { ...flags, format: 'json' } : flags, io);
  if (flags.out === undefined) {
    if (json && !asRecord && format !== 'json') printJson(io, { format, text });
    else io.stdout.write(text);
    return;
  }
  const path = /[\\/]$/.test(flags.out) ? join(resolve(flags.out), file) : resolve(flags.out);
  const own = { [basename(path)]: text };
  writeFiles(dirname(path), format === 'html' ? await pages(basename(path), text) : own);
  if (json) printJson(io, { file: path, format });
  else if (!flags.quiet) io.stderr.write(`${path}\n`);
}
