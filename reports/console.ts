/**
 * The run for a terminal. Under `run`: engines, matrix, what is unexpected and what to do about it, differences, totals.
 * Under `verify`: what is wrong with the server, and nothing else.
 */

import { wordList } from '../harness/case/words.ts';
import type { EngineRecord, RunRecord } from '../harness/verdict/record.ts';
import { consoleDifferences } from './console-differences.ts';
import { checkSection, findingSection, wrongSection } from './console-findings.ts';
import { matrix } from './console-matrix.ts';
import { deviationLines, unexpectedSection, unlistedSection } from './console-unexpected.ts';
import { visible } from './escape.ts';
import { engineTitle, provenanceOf, storiesOf, suitesOf } from './rows.ts';
import { STATUS_NAMES, statusCount, totalsOf } from './status.ts';
import { summaryOf } from './summary.ts';
import { type Page, type Palette, palette, paragraph } from './terminal.ts';
import { TONES } from './tone.ts';
import { count, duration } from './words.ts';

export interface ConsoleOptions {
  /** Default false; see `wantsColor`. */
  readonly color?: boolean;
  /** Columns of the terminal. Default 100; for `verify` 80. */
  readonly width?: number;
  /** Where the results were written: a line of text. */
  readonly written?: string;
  /** Only what engines differ in, instead of matrix, failures and deviations. */
  readonly onlyDifferences?: boolean;
  /** Under `verify`: explanations, whole fixes and every check. */
  readonly verbose?: boolean;
  /** Only what is not as it should be, and the last sentence. */
  readonly quiet?: boolean;
}

/** @param room how much the longest name of an engine takes */
function engineLines(engine: EngineRecord, { width, p }: Page, room: number): string[] {
  const name = p.bold(engine.name.padEnd(room));
  const indent = room + 2;
  if (engine.notRun === undefined) {
    const [first = '', ...rest] = paragraph('', provenanceOf(engine).join(' · '), { indent, width });
    return [`  ${name}${first.slice(indent)}`, ...rest];
  }
  return [
    ...paragraph('not run: ', engine.notRun, { indent, width }).map((line, n) =>
      n === 0 ? `  ${name}${p.yellow(line.slice(indent))}` : p.yellow(line),
    ),
    ...(engine.fix ? paragraph('get it with: ', engine.fix, { indent, width }) : []),
  ];
}

/** "Asked on the wire and by Chromium 156 and Firefox 153.", and a line for each engine that did not run. */
function seenLines({ engines, results }: RunRecord, { width, p }: Page): string[] {
  const started = engines.filter(({ name, notRun }) => notRun === undefined && name !== 'model');
  const [ran, idle] = [true, false].map(asked =>
    started.filter(({ name }) => results.some(({ engine }) => engine === name) === asked),
  ) as [typeof started, typeof started];
  const browsers = wordList(ran.map(({ name, version }) => `${engineTitle(name)} ${version}`));
  const where = browsers === '' ? 'on the wire only, by no browser' : `on the wire and by ${browsers}`;
  return [
    ...paragraph('', `Asked ${where}.`, { indent: 0, width }).map(p.dim),
    ...(idle.length > 0
      ? paragraph(
          '',
          `${wordList(idle.map(({ name }) => engineTitle(name)))} opened no page: no answer on the wire left anything to confirm.`,
          { indent: 0, width },
        ).map(p.yellow)
      : []),
    ...engines
      .filter(({ notRun }) => notRun !== undefined)
      .flatMap(({ name, notRun = '', fix }) =>
        paragraph('', `${engineTitle(name)} did not run: ${notRun}${fix ? `; get it with: ${fix}` : ''}`, {
          indent: 0,
          width,
        }).map(p.yellow),
      ),
  ];
}

function section(title: string, lines: readonly string[], p: Palette): string[] {
  return lines.length === 0 ? [] : ['', p.bold(title), ...lines];
}

function totalLines(record: RunRecord, width: number): string[] {
  const { counts, results, cases } = totalsOf(record);
  const parts = STATUS_NAMES.filter(name => counts[name] > 0).map(name => statusCount(name, counts[name]));
  const text = `${count(results, 'result')} of ${count(cases, 'case')}: ${parts.join(', ') || 'none'}`;
  return paragraph('', text, { indent: 2, width });
}

function runSections(record: RunRecord, page: Page, onlyDifferences: boolean): string[] {
  const { width, p } = page;
  const rows = suitesOf(record).flatMap(suite => suite.rows);
  const unexpected = unexpectedSection(record, rows, page);
  const known = storiesOf(rows, status => status === 'known');
  const unlisted = unlistedSection(record, rows, page);
  const room = Math.max(10, ...record.engines.map(({ name }) => name.length + 1));
  return [
    ...section(
      'Engines',
      record.engines.flatMap(engine => engineLines(engine, page, room)),
      p,
    ),
    ...(onlyDifferences
      ? []
      : [
          ...(record.results.length === 0 ? [] : section('Suites', matrix(record, page), p)),
          ...section(unexpected.title, unexpected.lines, p),
          ...section(unlisted.title, unlisted.lines, p),
          ...section('Known deviations', deviationLines(known, page), p),
        ]),
    ...section('Engines disagree', consoleDifferences(record, width, p, onlyDifferences), p),
    ...section('Totals', totalLines(record, width), p),
  ];
}

/** What is not as it should be, in full, and nothing else. */
function quietLines(record: RunRecord, page: Page): string[] {
  if (record.findings) return wrongSection(record, page);
  const rows = suitesOf(record).flatMap(suite => suite.rows);
  return [unexpectedSection(record, rows, page), unlistedSection(record, rows, page)].flatMap(
    ({ title, lines }) => section(title, lines, page.p),
  );
}

function headLine(record: RunRecord): string {
  const { name, url } = record.target;
  const target = url === undefined || url === name ? name : `${name} ${url}`;
  return [
    `cors-conformance ${record.tool.version}`,
    `target ${target}`,
    duration(record.run.durationMs),
  ].join(' · ');
}

/** Findings first, then the verdict with its mark, and what stands behind it. */
function verifySections(
  record: RunRecord,
  verdict: readonly string[],
  { page, verbose }: { readonly page: Page; readonly verbose: boolean },
): string[] {
  return [
    ...findingSection(record, page, verbose),
    '',
    ...verdict,
    ...seenLines(record, page),
    ...checkSection(record, page, verbose),
  ];
}

/** The whole text, lines separated by \n, with a final one. */
export function renderConsole(record: RunRecord, options: ConsoleOptions = {}): string {
  const verify = record.findings !== undefined;
  const width = Math.max(40, Math.min(options.width ?? (verify ? 80 : 100), 160));
  const p = palette(options.color ?? false);
  const page = { width, p };
  const { tone, sentence } = summaryOf(record);
  const verdictPaint = tone === 'good' ? p.green : tone === 'bad' ? p.red : p.yellow;
  const verdict = paragraph(verify ? `${TONES[tone].symbol} ` : '', sentence, { indent: 0, width }).map(
    line => verdictPaint(p.bold(line)),
  );
  if (options.quiet) {
    const lines = quietLines(record, page);
    return [...lines, ...(lines.length > 0 ? [''] : []), ...verdict, ''].join('\n').trimStart();
  }
  const written = options.written === undefined ? [] : ['', visible(options.written)];
  return [
    ...paragraph('', headLine(record), { indent: 0, width }).map(p.bold),
    ...(verify
      ? [...verifySections(record, verdict, { page, verbose: options.verbose ?? false }), ...written]
      : [...runSections(record, page, options.onlyDifferences ?? false), ...written, '', ...verdict]),
    '',
  ].join('\n');
}
