/** The console's sections on results: what is unexpected and what to do about it, and the known deviations. */

import { wordList } from '../harness/case/words.ts';
import type { Result, RunRecord } from '../harness/verdict/record.ts';
import { tint } from './console-matrix.ts';
import { visible } from './escape.ts';
import { rerunCommand } from './reproduce.ts';
import {
  type CaseRow,
  failedChecks,
  faultWords,
  fixOf,
  type ResultDetails,
  unexpectedStories,
  unlistedStories,
} from './rows.ts';
import { STATUSES } from './status.ts';
import { type Page, paragraph } from './terminal.ts';
import { count } from './words.ts';

const MOST_STORIES = 25;
const MOST_CHECKS = 4;

/** A label and its text. */
type Field = readonly [label: string, text: string];

function checkFields(result: Result): Field[] {
  const failed = failedChecks(result);
  const more = failed.length - MOST_CHECKS;
  return [
    ...failed
      .slice(0, MOST_CHECKS)
      .flatMap((check): Field[] => [
        ...(failed.length > 1 ? [['check', check.id] as const] : []),
        ['expected', check.expected || '(nothing)'],
        ['observed', check.observed || '(nothing)'],
      ]),
    ...(more > 0 ? [['', `and ${count(more, 'more check')}, all in results.json`] as const] : []),
  ];
}

function explanationFields({ row, result }: ResultDetails): Field[] {
  const fault = faultWords(result);
  const steps = result.explanation.slice(0, 3).flatMap((step, n): Field[] => {
    const fix = fixOf(result, step);
    return [
      [n === 0 ? 'why' : '', step.spec ? `${step.text} ${step.spec}` : step.text],
      ...(fix === null ? [] : [['fix', fix] as const]),
    ];
  });
  const [standard] = row.case.spec;
  return [
    ...(fault ? [['fault', fault] as const] : []),
    ...steps,
    ...(steps.length === 0 && standard ? [['standard', standard] as const] : []),
  ];
}

function fieldsOf(details: ResultDetails): Field[] {
  const { result, status, story } = details;
  const failed = status === 'fail' || status === 'unlisted';
  return [
    ...(failed ? checkFields(result) : [[status === 'stale' ? 'stale' : 'reason', story] as const]),
    ...(failed && result.reason ? [['reason', result.reason] as const] : []),
    ...(result.deviation ? [['entry', `${result.deviation.id}  ${result.deviation.link}`] as const] : []),
    ...(failed ? explanationFields(details) : []),
  ];
}

function unexpectedLines(record: RunRecord, details: ResultDetails, { width, p }: Page): string[] {
  const { row, status, engines } = details;
  const { symbol, word } = STATUSES[status];
  const rerun = rerunCommand(record, row.case.id, engines);
  return [
    `  ${tint(p, status)(p.bold(`${symbol} ${visible(row.case.id)}`))}  ${p.dim(`${word} in`)} ${wordList(engines)}`,
    ...paragraph('', row.case.title, { indent: 4, width }),
    ...fieldsOf(details).flatMap(([label, text]) => paragraph(label.padEnd(10), text, { indent: 4, width })),
    ...(rerun === null
      ? []
      : paragraph('rerun'.padEnd(10), rerun, { indent: 4, width: Number.POSITIVE_INFINITY })),
  ];
}

/** A section's title and its text, empty if there is nothing to say. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The first ones in full, and how many more there are. */
function storyLines(record: RunRecord, stories: readonly ResultDetails[], page: Page): string[] {
  const lines = stories
    .slice(0, MOST_STORIES)
    .flatMap((details, n) => [...(n === 0 ? [] : ['']), ...unexpectedLines(record, details, page)]);
  const more = stories.length - MOST_STORIES;
  if (more > 0)
    lines.push('', `  and ${count(more, 'more result')}: see the report, or narrow it down with --only`);
  return lines;
}

/** Everything unexpected. */
export function unexpectedSection(record: RunRecord, rows: readonly CaseRow[], page: Page): Section {
  const unexpected = unexpectedStories(rows);
  return { title: `Unexpected (${unexpected.length})`, lines: storyLines(record, unexpected, page) };
}

/** What differs from the Standard and is not listed for the build; below, what an entry describes for other builds. */
export function unlistedSection(record: RunRecord, rows: readonly CaseRow[], page: Page): Section {
  const { fresh, asElsewhere } = unlistedStories(rows);
  const described = deviationLines(asElsewhere, page);
  return {
    title: `Differs from the Standard; not listed for this build (${fresh.length + asElsewhere.length})`,
    lines: [
      ...storyLines(record, fresh, page),
      ...(fresh.length > 0 && described.length > 0 ? [''] : []),
      ...(described.length > 0 ? ['  As other builds do, for which it is listed:', ...described] : []),
    ],
  };
}

/** The first `most` of them, and how many more there are. */
function some(ids: readonly string[], most: number): string {
  const more = ids.length - most;
  return more > 1 ? `${ids.slice(0, most).join(', ')} and ${more} more` : ids.join(', ');
}

/** One paragraph per deviation: what happens instead, the link, then the cases per set of engines. */
export function deviationLines(stories: readonly ResultDetails[], { width, p }: Page): string[] {
  const byDeviation = new Map<string, { head: string; symbol: string; cases: Map<string, string[]> }>();
  for (const { result, story, engines, row, status } of stories) {
    const link = result.deviation?.link;
    const key = JSON.stringify([link, story]);
    const entry = byDeviation.get(key) ?? {
      head: link ? `${story} — ${link}` : story,
      symbol: STATUSES[status].symbol,
      cases: new Map(),
    };
    byDeviation.set(key, entry);
    entry.cases.set(wordList(engines), [...(entry.cases.get(wordList(engines)) ?? []), row.case.id]);
  }
  return [...byDeviation.values()].flatMap(({ head, symbol, cases }) => [
    ...paragraph(`${symbol} `, head, { indent: 2, width }).map(p.yellow),
    ...[...cases].flatMap(([engines, ids]) =>
      paragraph(`${engines}: `, some(ids, 8), { indent: 4, width, most: 2000 }),
    ),
  ]);
}
