/** Two runs compared, for a terminal and for Markdown. */

import { wordList } from '../harness/case/words.ts';
import type { ChangeKind, ComparedResult, ResultChange, RunComparison } from '../harness/verdict/compare.ts';
import { CHANGE_KINDS, isWorse } from '../harness/verdict/compare.ts';
import { markdown, markdownCode, visible } from './escape.ts';
import { type Palette, palette, paragraph } from './terminal.ts';
import { count } from './words.ts';

interface KindWords {
  readonly symbol: string;
  readonly title: string;
  /** After a number: "2 lost their verdict". */
  readonly counted: (n: number) => string;
}

const KINDS: Readonly<Record<ChangeKind, KindWords>> = {
  regressed: { symbol: '✗', title: 'Regressed', counted: () => 'regressed' },
  lost: {
    symbol: '!',
    title: 'Lost its verdict',
    counted: n => `lost ${n === 1 ? 'its' : 'their'} verdict`,
  },
  changed: { symbol: '~', title: 'Changed', counted: () => 'changed' },
  fixed: { symbol: '✓', title: 'Fixed', counted: () => 'fixed' },
  gained: {
    symbol: '+',
    title: 'Now has a verdict',
    counted: n => `now ${n === 1 ? 'has a verdict' : 'have verdicts'}`,
  },
  removed: { symbol: '-', title: 'Removed', counted: () => 'removed' },
  added: { symbol: '+', title: 'Added', counted: () => 'added' },
};

/** What became of a finding. */
const FINDINGS = [
  { list: 'added', symbol: '+', word: 'new' },
  { list: 'accepted', symbol: '=', word: 'now accepted' },
  { list: 'removed', symbol: '-', word: 'gone' },
] as const;

/** Engines in which the same case changed in the same way. */
interface Joined extends ResultChange {
  readonly engines: readonly string[];
}

function joined(changes: readonly ResultChange[]): Joined[] {
  const groups = new Map<string, { first: ResultChange; engines: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.suite, change.case, change.kind, change.before, change.after]);
    const group = groups.get(key) ?? { first: change, engines: [] };
    groups.set(key, group);
    group.engines.push(change.engine);
  }
  return [...groups.values()].map(({ first, engines }) => ({ ...first, engines }));
}

const did = (side: ComparedResult | null): string =>
  side === null ? 'no such case' : `${side.verdict}: ${side.did}`;

/** What changed, in one sentence. */
export function comparisonSentence(comparison: RunComparison): string {
  const { changes, compared, unchanged, findings } = comparison;
  if (compared === 0) return 'The two runs have no result in common.';
  const parts = [
    ...(findings.added.length > 0 ? [count(findings.added.length, 'new finding')] : []),
    ...CHANGE_KINDS.flatMap(kind => {
      const n = changes.filter(change => change.kind === kind).length;
      return n === 0 ? [] : [`${n} ${KINDS[kind].counted(n)}`];
    }),
    ...(findings.accepted.length > 0 ? [`${count(findings.accepted.length, 'finding')} now accepted`] : []),
    ...(findings.removed.length > 0 ? [`${count(findings.removed.length, 'finding')} gone`] : []),
  ];
  if (parts.length === 0) return `Nothing changed: ${count(compared, 'result')} are the same.`;
  const verdict = isWorse(comparison) ? 'Worse' : 'No regression';
  return `${verdict}: ${wordList(parts)}; ${count(unchanged, 'result')} of ${compared} unchanged.`;
}

function tint(kind: ChangeKind, p: Palette): (text: string) => string {
  if (kind === 'regressed') return p.red;
  if (kind === 'fixed') return p.green;
  return kind === 'lost' || kind === 'changed' ? p.yellow : p.dim;
}

/** One run often has hundreds of new cases; their names are enough. */
const brief = (kind: ChangeKind): boolean => kind === 'added' || kind === 'removed';

function consoleChange(change: Joined, width: number, p: Palette): string[] {
  const { symbol } = KINDS[change.kind];
  const head = `  ${tint(change.kind, p)(`${symbol} ${visible(change.case)}`)}  ${p.dim('in')} ${wordList(change.engines)}`;
  if (brief(change.kind)) return [head];
  return [
    head,
    ...paragraph('before  ', did(change.before), { indent: 4, width, most: 300 }),
    ...paragraph('after   ', did(change.after), { indent: 4, width, most: 300 }),
  ];
}

/** @param options as for the run: colour, the terminal's width in columns, and only what got worse (`quiet`) */
export function renderComparison(
  comparison: RunComparison,
  options: { readonly color?: boolean; readonly width?: number; readonly quiet?: boolean } = {},
): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const engines = comparison.engines.flatMap(({ name, before, after }) =>
    paragraph(`${name.padEnd(9)} `, `${before ?? 'not run'} → ${after ?? 'not run'}`, { indent: 2, width }),
  );
  const tones = { added: p.red, accepted: p.dim, removed: p.green };
  const lists = options.quiet ? FINDINGS.filter(({ list: name }) => name === 'added') : FINDINGS;
  const findings = lists.flatMap(({ list: name, symbol, word }) =>
    comparison.findings[name].flatMap(({ rule, resource, severity }) =>
      paragraph('', `${symbol} ${word}: ${severity} ${rule} on ${resource}`, { indent: 2, width }).map(
        tones[name],
      ),
    ),
  );
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [p.bold(title), ...lines, ''];
  const kinds = options.quiet ? CHANGE_KINDS.filter(kind => kind === 'regressed') : CHANGE_KINDS;
  const sections = kinds.flatMap(kind => {
    const changes = joined(comparison.changes.filter(change => change.kind === kind));
    return section(
      `${KINDS[kind].title} (${changes.length})`,
      changes.flatMap(change => consoleChange(change, width, p)),
    ).filter(() => changes.length > 0);
  });
  const verdict = isWorse(comparison) ? p.red : p.green;
  return [
    ...section('Engines', options.quiet ? [] : engines),
    ...section('Findings', findings),
    ...sections,
    ...paragraph('', comparisonSentence(comparison), { indent: 0, width }).map(line => verdict(p.bold(line))),
    '',
  ].join('\n');
}

const MOST = 50;

const code = (text: string): string => markdownCode(text.slice(0, 300));

function markdownFindings({ findings }: RunComparison): string[] {
  return FINDINGS.flatMap(({ list: name, word }) =>
    findings[name].map(({ severity, rule, resource, headline, explanation }) => {
      const says = name === 'added' ? `: ${markdown((headline ?? explanation).slice(0, 300))}` : '';
      return `- **${word}** ${severity} ${code(rule)} on ${code(resource)}${says}`;
    }),
  );
}

function markdownKind(comparison: RunComparison, kind: ChangeKind): string[] {
  const changes = joined(comparison.changes.filter(change => change.kind === kind));
  if (changes.length === 0) return [];
  const items = changes.slice(0, MOST).map(change => {
    const sides = brief(kind) ? '' : `: ${code(did(change.before))} → ${code(did(change.after))}`;
    return `- ${code(change.case)} in ${wordList(change.engines)}${sides}`;
  });
  return [
    '',
    `<details${kind === 'regressed' ? ' open' : ''}><summary>${KINDS[kind].title} (${changes.length})</summary>`,
    '',
    ...items,
    ...(changes.length > MOST ? [`- and ${count(changes.length - MOST, 'more case')}`] : []),
    '',
    '</details>',
  ];
}

/** The same for a pull request. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const lines = [
    `### ${isWorse(comparison) ? '❌' : '✅'} CORS conformance compared`,
    '',
    comparisonSentence(comparison),
    '',
    ...comparison.engines.map(
      ({ name, before, after }) => `- ${name}: ${code(before ?? 'not run')} → ${code(after ?? 'not run')}`,
    ),
    ...markdownFindings(comparison),
    ...CHANGE_KINDS.flatMap(kind => markdownKind(comparison, kind)),
  ];
  return `${lines.join('\n')}\n`;
}
