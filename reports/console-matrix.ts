/** The console's matrix: a row per suite, a column per engine, the numbers by status. */
import type { RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';
import { type CaseRow, engineNames, suitesOf } from './rows.ts';
import { countStatuses, STATUS_NAMES, STATUSES, type Status } from './status.ts';
import { columns, cut, flow, type Page, type Palette, widthOf } from './terminal.ts';

export function tint(p: Palette, status: Status): (text: string) => string {
  if (status === 'fail' || status === 'stale' || status === 'harness-error') return p.red;
  if (status === 'known' || status === 'unlisted') return p.yellow;
  return status === 'pass' ? p.green : p.dim;
}

const ORDER: readonly Status[] = [
  'pass',
  'known',
  'info',
  'unlisted',
  'fail',
  'found',
  'stale',
  'harness-error',
  'not-applicable',
  'not-run',
];

function cell(rows: readonly CaseRow[], engine: RunEngineName, p: Palette): string {
  const counts = countStatuses(rows.flatMap(row => row.results.get(engine) ?? []));
  const seen = ORDER.filter(status => counts[status] > 0);
  if (seen.length === 0) return p.dim('·');
  if (seen.length === 1 && seen[0] === 'not-run') return p.dim('not run');
  const cells = seen.map((status, n) =>
    tint(p, status)(`${String(counts[status]).padStart(n === 0 ? 4 : 1)} ${STATUSES[status].symbol}`),
  );
  return cells.join(' ');
}

/** Sign and word of every status in the run. */
function legendLines(record: RunRecord, width: number): string[] {
  const counts = countStatuses(record.results);
  const legend = STATUS_NAMES.filter(name => counts[name] > 0).map(
    name => `${STATUSES[name].symbol} ${STATUSES[name].word}`,
  );
  return flow(legend, 2, width);
}

/** Engines stand below each other if the terminal is too narrow for columns. */
export function matrix(record: RunRecord, { width, p }: Page): string[] {
  const engines = engineNames(record);
  const suites = suitesOf(record);
  const groups = [
    ...suites.map(({ id, rows }) => ({ title: cut(visible(id), Math.max(12, Math.floor(width / 3))), rows })),
    { title: p.bold('all'), rows: suites.flatMap(suite => suite.rows) },
  ];
  const table = columns([
    ['', ...engines.map(engine => p.bold(engine))],
    ...groups.map(({ title, rows }) => [title, ...engines.map(engine => cell(rows, engine, p))]),
  ]);
  const legend = ['', ...legendLines(record, width)];
  if (table.every(line => widthOf(line) <= width)) return [...table, ...legend];
  const stacked = groups.flatMap(({ title, rows }) => [
    `  ${p.bold(title)}`,
    ...columns(
      engines.map(engine => [engine, cell(rows, engine, p)]),
      4,
    ),
  ]);
  return [...stacked, ...legend];
}
