/** Two servers compared, for a terminal and for Markdown. */
import type { RegressRecord } from '../harness/regress/record.ts';
import { markdown, markdownCode, safeLink, visible } from './escape.ts';
import {
  type ChangeTone,
  type ChangeView,
  type LevelView,
  type RegressionView,
  regressionView,
} from './regression-view.ts';
import { type Paint, type Palette, palette, paragraph } from './terminal.ts';
import { count } from './words.ts';

export { regressionSentence } from './regression-sentence.ts';

/** How many requests without a plain answer are named; the record has them all. */
const MOST = 8;

interface Page {
  readonly width: number;
  readonly p: Palette;
}

const SYMBOLS: Readonly<Record<ChangeTone, string>> = {
  alarm: '‼',
  bad: '✗',
  changed: '~',
  good: '✓',
  caution: '~',
  quiet: '·',
};

const paintOf = (tone: ChangeTone, p: Palette): Paint =>
  ({ alarm: p.red, bad: p.red, changed: p.red, good: p.green, caution: p.yellow, quiet: p.dim })[tone];

function consoleChange(view: ChangeView, { width, p }: Page): string[] {
  const [first = '', ...rest] = paragraph('', view.title, { indent: 4, width });
  const symbol = paintOf(view.tone, p)(SYMBOLS[view.tone]);
  const { header } = view;
  return [
    `  ${symbol} ${p.bold(first.trimStart())}  ${p.dim(view.where)}`.trimEnd(),
    ...rest,
    ...view.requests.flatMap(request => paragraph('', request, { indent: 6, width })),
    ...(header
      ? [
          ...paragraph('', header.place, { indent: 6, width }).map(p.dim),
          ...paragraph('before  ', header.before, { indent: 8, width, most: 300 }),
          ...paragraph('after   ', header.after, { indent: 8, width, most: 300 }),
        ]
      : []),
    ...(view.meaning === '' ? [] : paragraph('', view.meaning, { indent: 6, width })),
    ...(view.why === undefined ? [] : paragraph('why  ', view.why, { indent: 6, width }).map(p.dim)),
    ...(view.spec === undefined ? [] : [p.dim(`           ${visible(view.spec)}`)]),
    ...view.output.flatMap(line => paragraph('| ', line, { indent: 8, width, most: 200 }).map(p.dim)),
    ...(view.accepted === undefined
      ? []
      : paragraph('accepted: ', view.accepted, { indent: 6, width }).map(p.dim)),
    ...(view.acceptedInPart === undefined
      ? []
      : paragraph('accepted ', view.acceptedInPart, { indent: 6, width })),
  ];
}

const consoleLevel = (level: LevelView, page: Page): string[] => [
  '',
  page.p.bold(level.title),
  ...level.changes.flatMap(change => consoleChange(change, page)),
  ...(level.more > 0 ? [`  and ${count(level.more, 'more change')}`] : []),
];

function consoleList(title: string, items: readonly string[], { width, p }: Page): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST).flatMap(item => paragraph('', item, { indent: 4, width }));
  const more = items.length > MOST ? [`    and ${count(items.length - MOST, 'more request')}`] : [];
  return ['', p.bold(`${title} (${items.length})`), ...shown, ...more];
}

/** @param options colour, the terminal's width in columns, where the results were written, and only changes (`quiet`) */
export function renderRegression(
  record: RegressRecord,
  options: {
    readonly color?: boolean;
    readonly width?: number;
    readonly paths?: readonly string[];
    readonly quiet?: boolean;
  } = {},
): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const page = { width, p };
  const view: RegressionView = regressionView(record);
  const tone = { changed: p.red, same: p.green, 'not-exercised': p.yellow }[view.outcome];
  const lines = [
    ...(options.quiet
      ? []
      : [
          ...paragraph('', view.title, { indent: 0, width }).map(p.bold),
          ...paragraph('', view.about, { indent: 0, width }).map(p.dim),
        ]),
    ...view.notes.flatMap(sentence => paragraph('', sentence, { indent: 0, width }).map(p.yellow)),
    ...view.levels.flatMap(level => consoleLevel(level, page)),
    ...consoleList(
      'Answered inconsistently',
      view.inconsistent.map(({ request, by }) => `${request}: ${by}`),
      page,
    ),
    ...consoleList('Did not finish', view.unfinished, page),
    ...consoleList('Accepted, but no longer happening', view.stale, page),
    '',
    ...paragraph('', view.sentence, { indent: 0, width }).map(line => tone(p.bold(line))),
    ...(options.quiet ? [] : (options.paths ?? [])).map(path => p.dim(visible(path))),
  ];
  return `${lines.join('\n')}\n`;
}

const code = (text: string): string => markdownCode(text.slice(0, 300));

/** What stands in front of a change that somebody has to look at. */
const MARKS: Readonly<Partial<Record<ChangeTone, string>>> = {
  alarm: '🚨 ',
  bad: '❌ ',
  good: '✅ ',
  caution: '⚠️ ',
};

function markdownChange(view: ChangeView): string[] {
  const { header, why, accepted, acceptedInPart, output } = view;
  const link = view.spec === undefined ? null : safeLink(view.spec);
  const step = link === null ? '' : ` ([the step that decides](${link}))`;
  return [
    `- ${MARKS[view.tone] ?? ''}${view.meaning === '' ? '' : `**${markdown(view.meaning)}** `}${code(view.title)} ${view.where}`,
    ...view.requests.map(request => `  - ${code(request)}`),
    ...(header ? [`  - ${markdown(header.place)}: ${code(header.before)} → ${code(header.after)}`] : []),
    ...(why === undefined ? [] : [`  - ${markdown(why)}${step}`]),
    ...output.slice(-5).map(line => `  - ${code(line)}`),
    ...(accepted === undefined ? [] : [`  - accepted: ${markdown(accepted)}`]),
    ...(acceptedInPart === undefined ? [] : [`  - accepted ${markdown(acceptedInPart)}`]),
  ];
}

const markdownLevel = ({ level, title, changes, more }: LevelView): string[] => [
  '',
  `<details${level === 'form' ? '' : ' open'}><summary>${title}</summary>`,
  '',
  ...changes.flatMap(markdownChange),
  ...(more > 0 ? [`- and ${count(more, 'more change')}`] : []),
  '',
  '</details>',
];

const OUTCOMES = { changed: '❌', same: '✅', 'not-exercised': '⚠️' } as const;

/** Characters that a comment on GitHub may have at most, with room for what is around it. */
const LONGEST = 60_000;

/** The same for a pull request. */
export function renderRegressionMarkdown(record: RegressRecord): string {
  const view = regressionView(record);
  const lines = [
    `### ${OUTCOMES[view.outcome]} ${markdown(view.title)}`,
    '',
    markdown(view.sentence),
    '',
    `${markdown(view.about)}.`,
    ...view.notes.flatMap(sentence => ['', `- ${markdown(sentence)}`]),
    ...view.levels.flatMap(markdownLevel),
    ...view.inconsistent
      .slice(0, MOST)
      .flatMap(({ request, by }) => ['', `- ${code(request)} is answered inconsistently ${by}`]),
    ...view.unfinished.slice(0, MOST).flatMap(item => ['', `- did not finish: ${code(item)}`]),
    ...view.stale.slice(0, MOST).flatMap(item => ['', `- accepted, but no longer happening: ${code(item)}`]),
  ];
  const text = `${lines.join('\n')}\n`;
  if (text.length <= LONGEST) return text;
  const kept = text.slice(0, LONGEST);
  const folded = kept.lastIndexOf('<details') > kept.lastIndexOf('</details>') ? '\n</details>\n' : '';
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n${folded}\nThe rest is in regress.json.\n`;
}
