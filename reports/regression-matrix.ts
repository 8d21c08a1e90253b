/** The releases of a range, for a terminal and for Markdown. */
import type { MatrixRow, ReleaseMatrix } from '../harness/regress/matrix.ts';
import { markdown, markdownCode, visible } from './escape.ts';
import { palette, paragraph } from './terminal.ts';
import { count } from './words.ts';

const LONGEST_CELL = 60;

const short = (text: string): string =>
  text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;

/** Neighbouring releases that do the same, as one span. */
interface Span {
  readonly from: string;
  readonly to: string;
  readonly value: string;
}

function spansOf(row: MatrixRow, matrix: ReleaseMatrix): Span[] {
  const spans: Span[] = [];
  for (const [i, value] of row.cells.entries()) {
    const version = matrix.releases[i]?.version ?? '';
    const last = spans.at(-1);
    if (value === null) continue;
    if (last && last.value === value && !row.changedAt.includes(i))
      spans[spans.length - 1] = { ...last, to: version };
    else spans.push({ from: version, to: version, value });
  }
  return spans;
}

const rangeText = ({ from, to }: Span): string => (from === to ? from : `${from} to ${to}`);

function titleOf({ package: { name }, releases }: ReleaseMatrix): string {
  const skipped = releases.filter(one => one.skipped !== undefined).length;
  const without = skipped > 0 ? `, ${count(skipped, 'release')} left out` : '';
  return `${name} ${releases[0]?.version} to ${releases.at(-1)?.version}: ${count(releases.length, 'release')}${without}`;
}

export function renderMatrix(
  matrix: ReleaseMatrix,
  options: { readonly color?: boolean; readonly width?: number; readonly paths?: readonly string[] } = {},
): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const lines = [
    ...paragraph('', titleOf(matrix), { indent: 0, width }).map(p.bold),
    ...(matrix.rows.length === 0 ? ['', p.green('No release changes CORS behaviour.')] : []),
    ...matrix.rows.flatMap(row => [
      '',
      ...paragraph('', row.behaviour, { indent: 2, width }).map(p.bold),
      ...spansOf(row, matrix).flatMap(span =>
        paragraph('', `${rangeText(span)}: ${short(span.value)}`, { indent: 4, width }),
      ),
    ]),
    ...matrix.changes.flatMap(({ version, after, changes }) => [
      '',
      ...paragraph('', `${version} (after ${after})`, { indent: 0, width }).map(p.bold),
      ...changes.flatMap(({ severity, meaning, id }) =>
        paragraph(`${severity}  `, meaning || id, { indent: 2, width }),
      ),
    ]),
    ...matrix.releases.flatMap(({ version, skipped }) =>
      skipped === undefined
        ? []
        : paragraph('', `${version} was left out: ${skipped}`, { indent: 0, width }).map(p.yellow),
    ),
    ...(options.paths ?? []).map(path => p.dim(visible(path))),
  ];
  return `${lines.join('\n')}\n`;
}

const cell = (text: string | null): string =>
  text === null ? '–' : markdownCode(short(text)).replaceAll('|', '\\|');

/** The releases at which something changes, and the first: the others do as the one before them. */
function columnsOf({ releases, rows }: ReleaseMatrix): number[] {
  const changed = new Set(rows.flatMap(({ changedAt }) => changedAt));
  return releases.flatMap((_, i) => (i === 0 || changed.has(i) ? [i] : []));
}

/** The same as a page: a table of releases and behaviours, and what each release changed. */
export function renderMatrixMarkdown(matrix: ReleaseMatrix): string {
  const columns = columnsOf(matrix);
  const versions = columns.map(i => matrix.releases[i]?.version ?? '');
  const table =
    matrix.rows.length === 0
      ? ['No release changes CORS behaviour.']
      : [
          `| behaviour | ${versions.map(markdown).join(' | ')} |`,
          `| --- | ${versions.map(() => '---').join(' | ')} |`,
          ...matrix.rows.map(
            row =>
              `| ${markdown(row.behaviour)} | ${columns
                .map(i =>
                  row.changedAt.includes(i)
                    ? `**→** ${cell(row.cells[i] ?? null)}`
                    : cell(row.cells[i] ?? null),
                )
                .join(' | ')} |`,
          ),
        ];
  const skipped = matrix.releases.filter(one => one.skipped !== undefined);
  const lines = [
    `## ${markdown(titleOf(matrix))}`,
    '',
    `Generated ${matrix.generated.slice(0, 10)}. Only releases at which something changes have a column.`,
    '',
    ...table,
    ...matrix.changes.flatMap(({ version, after, changes }) => [
      '',
      `### ${markdown(version)}`,
      '',
      `After ${markdown(after)}:`,
      '',
      ...changes.map(({ severity, meaning, id, requests }) => {
        const [first] = requests;
        return `- ${severity}: ${markdown(meaning || id)}${first ? ` For example ${markdownCode(first.title)}.` : ''}`;
      }),
    ]),
    ...(skipped.length > 0 ? ['', '### Left out', ''] : []),
    ...skipped.map(one => `- ${markdown(one.version)}: ${markdownCode((one.skipped ?? '').slice(0, 200))}`),
  ];
  return `${lines.join('\n')}\n`;
}
