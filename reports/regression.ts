/** Two releases compared, for a terminal and for Markdown. */

import type { RegressRecord } from '../harness/regress/record.ts';
import type { Level } from '../harness/regress/settle.ts';
import { markdown, markdownCode, safeLink, visible } from './escape.ts';
import { engineTitle } from './rows.ts';
import { count, duration, list } from './summary.ts';
import { type Palette, palette, paragraph } from './terminal.ts';

type Change = RegressRecord['changes'][number];
type HeaderChange = Change['headers'][number];

const TITLES: Readonly<Record<Level, string>> = {
  page: 'What a page notices',
  wire: 'What only caches and the wire show',
  form: 'What stands on the wire and changes nothing',
};

/** So many requests of a change are named; the record has them all. */
const MOST_REQUESTS = 8;
const MOST_CHANGES = 60;

const headerName = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

const place = ({ on, name }: HeaderChange): string => {
  const where = on === 'preflight' ? 'preflight' : 'answer';
  if (name === 'status') return `status of the ${where}`;
  if (name === 'end') return `end of the ${where}`;
  return `${headerName(name)} of the ${where}`;
};

const value = (text: string | null): string => (text === null ? 'absent' : text === '' ? 'empty' : text);

/** What a release may be called: "@fastify/cors 10.1.0 → 11.0.0". */
export const releasesOf = ({ package: { name, before, after } }: RegressRecord): string =>
  `${name} ${before} → ${after}`;

const withOthers = ({ package: { others } }: RegressRecord): string => {
  const named = Object.entries(others).map(([name, version]) => `${name} ${version}`);
  return named.length > 0 ? ` with ${list(named)}` : '';
};

const ranEngines = ({ engines }: RegressRecord) => engines.filter(({ notRun }) => notRun === undefined);

type EngineName = RegressRecord['engines'][number]['name'];

const nameOf = (name: EngineName): string => (name === 'model' ? 'the model' : engineTitle(name));

function enginesText(record: RegressRecord, names: readonly string[]): string {
  if (names.length === 0) return 'on the wire';
  if (names.length > 1 && names.length === ranEngines(record).length) return 'in every engine';
  return `in ${list(names.map(name => nameOf(name as EngineName)))}`;
}

/** What the comparison found, in one sentence. */
export function regressionSentence(record: RegressRecord): string {
  const { changes, unsteady, changed, trouble, package: pkg } = record;
  const of = (level: Level) => changes.filter(change => change.level === level).length;
  const opened = changes.filter(isAlarming).length;
  const parts = [
    ...(of('page') > 0 ? [`${count(of('page'), 'change')} that a page notices`] : []),
    ...(of('wire') > 0 ? [`${count(of('wire'), 'change')} on the wire`] : []),
  ];
  const steadier = unsteady.filter(({ counts }) => counts).length;
  if (steadier > 0) parts.push(`${count(steadier, 'request')} not answered alike each time`);
  const form = of('form') > 0 ? ` ${count(of('form'), 'difference')} of form.` : '';
  const left = trouble.length > 0 ? ` ${count(trouble.length, 'request')} came to no end in an engine.` : '';
  if (!changed) return `The CORS behaviour of ${pkg.name} is the same in both releases.${form}${left}`;
  const alarm = opened > 0 ? ` ${count(opened, 'change')} let an unlisted origin read.` : '';
  return `${pkg.name} ${pkg.after} changes CORS behaviour: ${list(parts)}.${alarm}${form}${left}`;
}

/** What could not be read by an origin that nobody lists, and now can. */
const isAlarming = ({ level, direction, standing }: Change): boolean =>
  level === 'page' && direction === 'opened' && standing !== 'listed';

function symbolOf(change: Change, p: Palette): string {
  if (change.level !== 'page') return change.level === 'wire' ? p.yellow('~') : p.dim('·');
  if (isAlarming(change)) return p.red('‼');
  const { direction, standing } = change;
  if (direction === 'other') return p.red('~');
  return (direction === 'opened') === (standing === 'listed') ? p.green('✓') : p.red('✗');
}

function titleOf(change: Change): string {
  if (change.seen) return `${change.seen.before} → ${change.seen.after}`;
  const [header] = change.headers;
  return header ? `${place(header)}: ${value(header.before)} → ${value(header.after)}` : '';
}

function meaningOf(change: Change): string {
  if (isAlarming(change)) return 'An origin that the script does not list may now read this. ';
  const { level, direction, standing } = change;
  const shut = level === 'page' && direction === 'closed' && standing !== 'listed';
  return shut ? 'Origins that the script does not list may no longer read this. ' : '';
}

function requestLines({ requests }: Change): string[] {
  const shown = requests.slice(0, MOST_REQUESTS).map(({ words }) => words);
  const more = requests.length - shown.length;
  return more > 0 ? [...shown, `and ${count(more, 'more request')}`] : shown;
}

function consoleChange(record: RegressRecord, change: Change, width: number, p: Palette): string[] {
  const [first = '', ...rest] = paragraph('', titleOf(change), 4, width);
  const lines = [
    `  ${symbolOf(change, p)} ${p.bold(first.trimStart())}  ${p.dim(enginesText(record, change.engines))}`,
    ...rest,
  ];
  for (const request of requestLines(change)) lines.push(...paragraph('', request, 6, width));
  if (change.seen) {
    for (const header of change.headers) {
      lines.push(...paragraph('', `${place(header)}`, 6, width).map(p.dim));
      lines.push(...paragraph('before  ', value(header.before), 8, width, 300));
      lines.push(...paragraph('after   ', value(header.after), 8, width, 300));
    }
  }
  const meaning = `${meaningOf(change)}${change.note ?? change.why?.text ?? ''}`.trim();
  if (meaning !== '') lines.push(...paragraph('why  ', meaning, 6, width).map(p.dim));
  if (change.why?.spec && change.note === undefined)
    lines.push(p.dim(`           ${visible(change.why.spec)}`));
  return lines;
}

/** @param options colour, and the terminal's width in columns */
export function renderRegression(
  record: RegressRecord,
  options: { readonly color?: boolean; readonly width?: number; readonly paths?: readonly string[] } = {},
): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const { asked, engines, changes, unsteady, trouble, run } = record;
  const ran = ranEngines(record).map(({ name, version }) =>
    name === 'model' ? nameOf(name) : `${nameOf(name)} ${version}`,
  );
  const lines = [
    ...paragraph('', `${releasesOf(record)}${withOthers(record)}`, 0, width).map(p.bold),
    ...paragraph(
      '',
      `${count(asked.requests, 'request')} to each release, from ${list(ran)}, in ${duration(run.durationMs)}`,
      0,
      width,
    ).map(p.dim),
  ];
  for (const { name, notRun, fix } of engines)
    if (notRun !== undefined)
      lines.push(
        ...paragraph(
          '',
          `${engineTitle(name)} did not run: ${notRun}${fix ? `; to get it: ${fix}` : ''}`,
          0,
          width,
        ).map(p.yellow),
      );
  for (const level of ['page', 'wire', 'form'] as const) {
    const here = changes.filter(change => change.level === level);
    if (here.length === 0) continue;
    lines.push('', p.bold(`${TITLES[level]} (${here.length})`));
    for (const change of here.slice(0, MOST_CHANGES)) lines.push(...consoleChange(record, change, width, p));
    if (here.length > MOST_CHANGES) lines.push(`  and ${count(here.length - MOST_CHANGES, 'more change')}`);
  }
  if (unsteady.length > 0) {
    lines.push('', p.bold(`Not answered alike each time (${unsteady.length})`));
    for (const one of unsteady.slice(0, MOST_REQUESTS))
      lines.push(...paragraph('', `${one.words}: ${sidesText(one)}`, 4, width));
  }
  if (trouble.length > 0) {
    lines.push('', p.bold(`Without an end in an engine (${trouble.length})`));
    for (const one of trouble.slice(0, MOST_REQUESTS))
      lines.push(...paragraph('', `${one.engine}: ${one.words}: ${one.reason}`, 4, width));
  }
  const tone = record.changed ? p.red : p.green;
  lines.push('', ...paragraph('', regressionSentence(record), 0, width).map(line => tone(p.bold(line))));
  for (const path of options.paths ?? []) lines.push(p.dim(visible(path)));
  return `${lines.join('\n')}\n`;
}

const sidesText = ({ sides, counts }: RegressRecord['unsteady'][number]): string =>
  sides.length === 2
    ? 'by both releases'
    : `by the ${sides[0] === 'before' ? 'earlier' : 'later'} release${counts ? '' : ', once'}`;

/** The same for a pull request. */
export function renderRegressionMarkdown(record: RegressRecord): string {
  const code = (text: string): string => markdownCode(text.slice(0, 300));
  const lines = [
    `### ${record.changed ? '❌' : '✅'} ${markdown(releasesOf(record))}`,
    '',
    markdown(regressionSentence(record)),
    '',
    `${count(record.asked.requests, 'request')} to each release${markdown(withOthers(record))}, from ${list(
      ranEngines(record).map(({ name, version }) =>
        markdown(name === 'model' ? nameOf(name) : `${nameOf(name)} ${version}`),
      ),
    )}.`,
  ];
  for (const level of ['page', 'wire', 'form'] as const) {
    const here = record.changes.filter(change => change.level === level);
    if (here.length === 0) continue;
    lines.push(
      '',
      `<details${level === 'form' ? '' : ' open'}><summary>${TITLES[level]} (${here.length})</summary>`,
      '',
    );
    for (const change of here.slice(0, MOST_CHANGES)) {
      lines.push(
        `- ${isAlarming(change) ? '**an unlisted origin may now read** ' : ''}${code(titleOf(change))} ${enginesText(record, change.engines)}`,
      );
      for (const request of requestLines(change)) lines.push(`  - ${code(request)}`);
      if (change.seen)
        for (const header of change.headers)
          lines.push(
            `  - ${markdown(place(header))}: ${code(value(header.before))} → ${code(value(header.after))}`,
          );
      const why = change.note ?? change.why?.text;
      const link = change.why?.spec === undefined ? null : safeLink(change.why.spec);
      if (why !== undefined)
        lines.push(
          `  - ${markdown(why)}${link && change.note === undefined ? ` ([the step that decides](${link}))` : ''}`,
        );
    }
    if (here.length > MOST_CHANGES) lines.push(`- and ${count(here.length - MOST_CHANGES, 'more change')}`);
    lines.push('', '</details>');
  }
  for (const one of record.unsteady.slice(0, MOST_REQUESTS))
    lines.push('', `- ${code(one.words)} is not answered alike each time ${sidesText(one)}`);
  return `${lines.join('\n')}\n`;
}
