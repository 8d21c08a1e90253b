/** The run for a terminal: engines, matrix, what is unexpected and what to do about it, differences, totals. */
import type { RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { consoleDifferences } from './console-differences.ts';
import { consoleFindings } from './console-findings.ts';
import { visible } from './escape.ts';
import { rerunCommand } from './reproduce.ts';
import {
  type CaseRow,
  engineNames,
  failedChecks,
  faultWords,
  fixOf,
  provenanceOf,
  type Story,
  storiesOf,
  suitesOf,
  unexpectedStories,
} from './rows.ts';
import { countStatuses, STATUS_NAMES, STATUSES, type Status, statusCount, totalsOf } from './status.ts';
import { count, duration, list, summaryOf } from './summary.ts';
import { columns, cut, flow, type Palette, palette, paragraph, widthOf } from './terminal.ts';

export interface ConsoleOptions {
  /** Default false; see `wantsColor`. */
  readonly color?: boolean;
  /** Columns of the terminal. Default 100. */
  readonly width?: number;
  /** Where the results were written, one line each. */
  readonly paths?: readonly string[];
  /** Only what engines differ in, instead of matrix, failures and deviations. */
  readonly onlyDifferences?: boolean;
}

const MOST_STORIES = 25;

function tint(p: Palette, status: Status): (text: string) => string {
  if (status === 'fail' || status === 'stale' || status === 'harness-error' || status === 'blocked')
    return p.red;
  if (status === 'known') return p.yellow;
  return status === 'pass' ? p.green : p.dim;
}

const MATRIX_ORDER: readonly Status[] = [
  'pass',
  'known',
  'info',
  'fail',
  'stale',
  'harness-error',
  'blocked',
  'not-applicable',
  'not-run',
];

function matrixCell(rows: readonly CaseRow[], engine: RunEngineName, p: Palette): string {
  const counts = countStatuses(rows.flatMap(row => row.results.get(engine) ?? []));
  const seen = MATRIX_ORDER.filter(status => counts[status] > 0);
  if (seen.length === 0) return p.dim('·');
  if (seen.length === 1 && seen[0] === 'not-run') return p.dim('not run');
  const cells = seen.map((status, n) =>
    tint(p, status)(`${String(counts[status]).padStart(n === 0 ? 4 : 1)} ${STATUSES[status].symbol}`),
  );
  return cells.join(' ');
}

function matrix(record: RunRecord, width: number, p: Palette): string[] {
  const suites = suitesOf(record);
  const engines = engineNames(record);
  const names = suites.map(suite => cut(visible(suite.id), Math.max(12, Math.floor(width / 3))));
  const all = suites.flatMap(suite => suite.rows);
  const rows = [
    ['', ...engines.map(engine => p.bold(engine))],
    ...suites.map((suite, n) => [
      names[n] ?? '',
      ...engines.map(engine => matrixCell(suite.rows, engine, p)),
    ]),
    [p.bold('all'), ...engines.map(engine => matrixCell(all, engine, p))],
  ];
  const used = new Set(
    Object.entries(countStatuses(record.results)).flatMap(([name, n]) => (n > 0 ? [name] : [])),
  );
  const legend = STATUS_NAMES.filter(name => used.has(name)).map(
    name => `${STATUSES[name].symbol} ${STATUSES[name].word}`,
  );
  const legendLines = flow(legend, 2, width);
  const table = columns(rows);
  if (table.every(line => widthOf(line) <= width)) return [...table, '', ...legendLines];
  const stacked = [
    ...suites.map((suite, n) => ({ title: names[n] ?? '', rows: suite.rows })),
    { title: 'all', rows: all },
  ];
  return [
    ...stacked.flatMap(({ title, rows: own }) => [
      `  ${p.bold(title)}`,
      ...columns(
        engines.map(engine => [engine, matrixCell(own, engine, p)]),
        4,
      ),
    ]),
    '',
    ...legendLines,
  ];
}

function engineLines(record: RunRecord, width: number, p: Palette): string[] {
  return record.engines.flatMap(engine => {
    const name = p.bold(engine.name.padEnd(10));
    if (engine.notRun === undefined) {
      const [first = '', ...rest] = paragraph('', provenanceOf(engine).join(' · '), 12, width);
      return [`  ${name}${first.slice(12)}`, ...rest];
    }
    return [
      ...paragraph('not run: ', engine.notRun, 12, width).map((line, n) =>
        n === 0 ? `  ${name}${p.yellow(line.slice(12))}` : p.yellow(line),
      ),
      ...(engine.fix ? paragraph('get it with: ', engine.fix, 12, width) : []),
    ];
  });
}

function unexpectedLines(record: RunRecord, story: Story, width: number, p: Palette): string[] {
  const { row, result, status, engines } = story;
  const { symbol, word } = STATUSES[status];
  const head = `${symbol} ${visible(row.case.id)}`;
  const lines = [
    `  ${tint(p, status)(p.bold(head))}  ${p.dim(`${word} in`)} ${list(engines)}`,
    ...paragraph('', row.case.title, 4, width),
  ];
  const add = (label: string, text: string) => lines.push(...paragraph(label.padEnd(10), text, 4, width));
  if (status === 'fail') {
    const failed = failedChecks(result);
    for (const check of failed.slice(0, 4)) {
      if (failed.length > 1) add('check', check.id);
      add('expected', check.expected || '(nothing)');
      add('observed', check.observed || '(nothing)');
    }
    if (failed.length > 4) add('', `and ${count(failed.length - 4, 'more check')}, all in results.json`);
  } else add(status === 'stale' ? 'stale' : 'reason', story.story);
  if (result.reason && status === 'fail') add('reason', result.reason);
  if (result.deviation) add('entry', `${result.deviation.id}  ${result.deviation.link}`);
  if (status === 'fail') {
    const fault = faultWords(result);
    if (fault) add('fault', fault);
    for (const [n, step] of result.explanation.slice(0, 3).entries()) {
      add(n === 0 ? 'why' : '', step.spec ? `${step.text} ${step.spec}` : step.text);
      const fix = fixOf(result, step);
      if (fix !== null) add('fix', fix);
    }
    if (result.explanation.length === 0 && row.case.spec[0]) add('standard', row.case.spec[0]);
  }
  const rerun = rerunCommand(record, row.case.id, engines);
  if (rerun !== null) lines.push(...paragraph('rerun'.padEnd(10), rerun, 4, Number.POSITIVE_INFINITY));
  return lines;
}

function section(title: string, lines: readonly string[], p: Palette): string[] {
  return lines.length === 0 ? [] : ['', p.bold(title), ...lines];
}

/** The first `most` of them, and how many more there are. */
function some(ids: readonly string[], most: number): string {
  const more = ids.length - most;
  return more > 1 ? `${ids.slice(0, most).join(', ')} and ${more} more` : ids.join(', ');
}

/** One paragraph per deviation: what happens instead, the link, then the cases per set of engines. */
function deviationLines(rows: readonly CaseRow[], width: number, p: Palette): string[] {
  const byDeviation = new Map<string, { head: string; cases: Map<string, string[]> }>();
  for (const { result, story, engines, row } of storiesOf(rows, status => status === 'known')) {
    const link = result.deviation?.link;
    const key = JSON.stringify([link, story]);
    const entry = byDeviation.get(key) ?? { head: link ? `${story} — ${link}` : story, cases: new Map() };
    byDeviation.set(key, entry);
    entry.cases.set(list(engines), [...(entry.cases.get(list(engines)) ?? []), row.case.id]);
  }
  return [...byDeviation.values()].flatMap(({ head, cases }) => [
    ...paragraph(`${STATUSES.known.symbol} `, head, 2, width).map(p.yellow),
    ...[...cases].flatMap(([engines, ids]) => paragraph(`${engines}: `, some(ids, 8), 4, width, 2000)),
  ]);
}

function storySections(record: RunRecord, width: number, p: Palette): string[] {
  const rows = suitesOf(record).flatMap(suite => suite.rows);
  const unexpected = unexpectedStories(rows);
  const shown = unexpected
    .slice(0, MOST_STORIES)
    .flatMap((story, n) => [...(n === 0 ? [] : ['']), ...unexpectedLines(record, story, width, p)]);
  if (unexpected.length > MOST_STORIES) {
    const narrower = record.findings ? '' : ', or narrow it down with --only';
    shown.push(
      '',
      `  and ${count(unexpected.length - MOST_STORIES, 'more result')}: see the report${narrower}`,
    );
  }
  return [
    ...section(`Unexpected (${unexpected.length})`, shown, p),
    ...section('Known deviations', deviationLines(rows, width, p), p),
  ];
}

function totalLines(record: RunRecord, width: number): string[] {
  const { counts, results, cases } = totalsOf(record);
  const parts = STATUS_NAMES.filter(name => counts[name] > 0).map(name => statusCount(name, counts[name]));
  const text = `${count(results, 'result')} of ${count(cases, 'case')}: ${parts.join(', ') || 'none'}`;
  return paragraph('', text, 2, width);
}

/** The whole text, lines separated by \n, with a final one. */
export function renderConsole(record: RunRecord, options: ConsoleOptions = {}): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const { tone, sentence } = summaryOf(record);
  const where = [record.target.name, record.target.url]
    .filter(part => part !== undefined && part !== '')
    .join(' ');
  const verdictPaint = tone === 'good' ? p.green : tone === 'bad' ? p.red : p.yellow;
  const head = [
    `cors-conformance ${record.tool.version}`,
    `target ${where}`,
    duration(record.run.durationMs),
  ];
  return [
    ...paragraph('', head.join(' · '), 0, width).map(p.bold),
    ...section('Engines', engineLines(record, width, p), p),
    ...(options.onlyDifferences
      ? []
      : [
          ...section('Findings', consoleFindings(record, width, p), p),
          ...(record.results.length === 0 ? [] : section('Suites', matrix(record, width, p), p)),
          ...storySections(record, width, p),
        ]),
    ...section('Engines disagree', consoleDifferences(record, width, p, options.onlyDifferences ?? false), p),
    ...section('Totals', totalLines(record, width), p),
    ...section(
      'Results',
      (options.paths ?? []).map(path => `  ${visible(path)}`),
      p,
    ),
    '',
    ...paragraph('', sentence, 0, width).map(line => verdictPaint(p.bold(line))),
    '',
  ].join('\n');
}
