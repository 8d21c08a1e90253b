/** The console under `verify`: findings, each exchange once; then what was not tried and not seen; the checks if asked for. */
import type { CheckState } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';
import {
  attemptWords,
  type FindingView,
  failedAttempts,
  findingViews,
  notInCurl,
  SEVERITY_WORDS,
  untriedChecks,
} from './finding-view.ts';
import { engineTitle } from './rows.ts';
import { flow, type Page, type Paint, type Palette, paragraph } from './terminal.ts';
import { count } from './words.ts';

/** Evidence is never cut short on the way to what decides. */
const WHOLE = 4000;
const LABEL = 6;
const INDENT = 4;
const MOST_FIX_LINES = 5;

const tintOf = ({ finding }: FindingView, p: Palette): Paint => {
  if (finding.accepted || finding.severity === 'note') return p.dim;
  return finding.severity === 'error' ? p.red : p.yellow;
};

/** A label in front of the first line, the others under its text. */
const labelled = (label: string, lines: readonly string[]): string[] =>
  lines.map((line, n) => `${' '.repeat(INDENT)}${(n === 0 ? label : '').padEnd(LABEL)}${line}`);

const wrapped = (label: string, text: string, { width }: Page): string[] =>
  text === '' ? [] : paragraph(label.padEnd(LABEL), text, { indent: INDENT, width, most: WHOLE });

/** Header lines next to each other as far as they fit, each of them whole. */
function headerFlow(label: string, items: readonly string[], { width }: Page): string[] {
  const room = width - INDENT - LABEL;
  return items.length === 0 ? [] : labelled(label, flow(items.map(visible), 0, room));
}

/** A fix may be a piece of a configuration: its own lines stay lines. */
function fixLines({ fix, fixFor }: FindingView, page: Page, all: boolean): string[] {
  if (fix === null) return [];
  const lines = (fixFor === '' ? fix : `${fix.trimEnd()}  (${fixFor})`).split('\n');
  const shown = all ? lines : lines.slice(0, MOST_FIX_LINES);
  const more = lines.length - shown.length;
  return [
    ...shown.flatMap((line, n) => {
      const own = /^ */.exec(line)?.[0] ?? '';
      return paragraph((n === 0 ? 'fix' : '').padEnd(LABEL) + own, line.trimStart(), {
        indent: INDENT,
        width: page.width,
        most: WHOLE,
      });
    }),
    ...(more > 0 ? labelled('', [`… ${count(more, 'more line')} in report.html, or with --verbose`]) : []),
  ];
}

/** What findings before this one have shown: nothing is shown twice. */
class Shown {
  readonly #exchanges = new Map<string, number>();
  #count = 0;

  /** @returns the number of the finding that has shown the same exchange; undefined the first time */
  next({ request, answer, curl }: FindingView): number | undefined {
    this.#count += 1;
    if (!request) return undefined;
    const key = JSON.stringify([request, answer, curl]);
    const earlier = this.#exchanges.get(key);
    if (earlier === undefined) this.#exchanges.set(key, this.#count);
    return earlier;
  }

  get count(): number {
    return this.#count;
  }
}

/** Request and answer: the lines that decide, all of them if asked for. */
function exchangeLines(view: FindingView, page: Page, how: How): string[] {
  const { answer, deciding, curl } = view;
  const { verbose, sameAs } = how;
  const got = answer ? [answer.line, ...(verbose ? answer.headers : deciding)] : [];
  if (sameAs !== undefined)
    return headerFlow('got', [...got, `(the same request and answer as in ${sameAs})`], page);
  return [
    ...headerFlow('sent', notInCurl(view), page),
    ...headerFlow('got', got, page),
    ...wrapped('why', view.why, page),
    ...(curl === null ? [] : labelled('try', [visible(curl)])),
  ];
}

interface How {
  readonly verbose: boolean;
  /** Its number among the findings; undefined for the only one. */
  readonly number: number | undefined;
  /** The number of the finding that has shown the same exchange. */
  readonly sameAs: number | undefined;
}

/** Where it was seen and where to read on; the places only if there are several. */
function seenText({ finding, seen, seenIn, help }: FindingView): string {
  const several = (finding.places?.length ?? 1) > 1 || finding.headline === undefined;
  return [several ? seen : seenIn, ...(help === null ? [] : [help])].join(' · ');
}

function findingLines(view: FindingView, page: Page, how: How): string[] {
  const { p } = page;
  const mark = how.number === undefined ? view.symbol : `${view.symbol} ${how.number}.`;
  const indent = mark.length + 1;
  const [first = '', ...rest] = paragraph('', view.headline, { indent, width: page.width, most: WHOLE });
  return [
    `${tintOf(view, p)(mark)} ${p.bold(first.trimStart())}`,
    ...rest.map(p.bold),
    ...(how.verbose ? wrapped('', view.finding.explanation, page) : []),
    ...wrapped('who', view.who, page),
    ...exchangeLines(view, page, how),
    ...fixLines(view, page, how.verbose),
    ...wrapped('seen', seenText(view), page).map(p.dim),
  ];
}

/** Findings in their order, each exchange once. */
export function openFindings(open: readonly FindingView[], page: Page, verbose: boolean): string[] {
  const shown = new Shown();
  return open.flatMap(view => {
    const sameAs = shown.next(view);
    const number = open.length > 1 ? shown.count : undefined;
    return ['', ...findingLines(view, page, { verbose, number, sameAs })];
  });
}

const acceptedLines = (view: FindingView, { width, p }: Page): string[] =>
  paragraph('= ', `${view.word}: ${view.headline} (${view.finding.rule})`, { indent: 0, width }).map(p.dim);

/** As many reasons are told before the rest is counted. */
const MOST_REASONS = 2;

/** What was never tried, by reason: silence is not a pass. */
function untriedLines(checks: readonly CheckState[], { width, p }: Page): string[] {
  const groups = untriedChecks(checks).sort((a, b) => b.ids.length - a.ids.length);
  if (groups.length === 0) return [];
  const shown = groups.length > MOST_REASONS + 1 ? groups.slice(0, MOST_REASONS) : groups;
  const rest = groups.slice(shown.length).flatMap(({ ids }) => ids).length;
  const reasons = [
    ...shown.map(({ ids, reason }) => `${ids.length}, as ${reason}`),
    ...(rest > 0 ? [`${rest} for other reasons`] : []),
  ];
  return paragraph('○ ', `Not tried: ${reasons.join('; ')} (--verbose lists them).`, {
    indent: 0,
    width,
    most: WHOLE,
  }).map(p.dim);
}

const failedLines = (record: RunRecord, { width, p }: Page): string[] =>
  failedAttempts(record).flatMap(({ engine, reason, attempts }) =>
    paragraph('! ', `${engineTitle(engine)}: ${count(attempts, 'attempt')} without a result: ${reason}`, {
      indent: 0,
      width,
    }).map(p.yellow),
  );

const staleLines = ({ stale = [] }: RunRecord, { width, p }: Page): string[] =>
  stale.flatMap(({ what, reason }) =>
    paragraph('↺ ', `stale baseline entry: ${what} no longer holds (it said: ${reason})`, {
      indent: 0,
      width,
    }).map(p.red),
  );

const CHECK_SYMBOLS = { kept: '✓', broken: '✗', 'not-tried': '○' } as const;

function checkLines(check: CheckState, { width, p }: Page): string[] {
  const paint = { kept: p.green, broken: check.accepted ? p.dim : p.red, 'not-tried': p.yellow }[check.state];
  const state =
    check.state === 'kept'
      ? ''
      : `${check.accepted ? 'accepted' : check.state.replace('-', ' ')} ${SEVERITY_WORDS[check.severity]}`;
  const notes = [state, check.reason ?? '', attemptWords(check)].filter(note => note !== '').join('; ');
  return [
    ...paragraph(`${CHECK_SYMBOLS[check.state]} `, check.title, { indent: 2, width }).map((line, n) =>
      n === 0 ? paint(line) : line,
    ),
    ...paragraph('', `${check.id}${notes === '' ? '' : `: ${notes}`}`, { indent: 4, width }).map(p.dim),
  ];
}

const block = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** What is wrong with the server, worst first, then what a baseline accepts. @param verbose explanations, whole fixes */
export function findingSection(record: RunRecord, page: Page, verbose: boolean): string[] {
  const views = findingViews(record.findings ?? []);
  const open = views.filter(({ finding }) => !finding.accepted);
  return [
    ...openFindings(open, page, verbose),
    ...block(views.filter(({ finding }) => finding.accepted).flatMap(view => acceptedLines(view, page))),
  ];
}

/** What is wrong, and nothing else. */
export function wrongSection(record: RunRecord, page: Page): string[] {
  const open = findingViews(record.findings ?? []).filter(({ finding }) => !finding.accepted);
  return [
    ...openFindings(open, page, false),
    ...block([...staleLines(record, page), ...failedLines(record, page)]),
  ];
}

/** Under the verdict: what was not tried, what is stale, what gave no result. @param verbose every check */
export function checkSection(record: RunRecord, page: Page, verbose: boolean): string[] {
  const checks = record.checks ?? [];
  return [
    ...(verbose && checks.length > 0
      ? block([page.p.bold('Checks'), ...checks.flatMap(check => checkLines(check, page))])
      : untriedLines(checks, page)),
    ...staleLines(record, page),
    ...failedLines(record, page),
  ];
}
