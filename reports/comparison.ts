/** Two runs compared, for a terminal and for Markdown. */
import type { Change, ChangeKind, Comparison, Side } from '../harness/verdict/compare.ts';
import { CHANGE_KINDS, isWorse } from '../harness/verdict/compare.ts';
import { markdown, markdownCode, visible } from './escape.ts';
import { count, list } from './summary.ts';
import { type Palette, palette, paragraph } from './terminal.ts';

const KINDS: Readonly<Record<ChangeKind, { symbol: string; title: string }>> = {
  regressed: { symbol: '✗', title: 'Regressed' },
  lost: { symbol: '!', title: 'No verdict any more' },
  changed: { symbol: '~', title: 'Changed' },
  fixed: { symbol: '✓', title: 'Fixed' },
  gained: { symbol: '+', title: 'A verdict at last' },
  removed: { symbol: '-', title: 'Removed' },
  added: { symbol: '+', title: 'Added' },
};

/** Engines in which the same case changed in the same way. */
interface Joined extends Change {
  readonly engines: readonly string[];
}

function joined(changes: readonly Change[]): Joined[] {
  const groups = new Map<string, { first: Change; engines: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.suite, change.case, change.kind, change.before, change.after]);
    const group = groups.get(key) ?? { first: change, engines: [] };
    groups.set(key, group);
    group.engines.push(change.engine);
  }
  return [...groups.values()].map(({ first, engines }) => ({ ...first, engines }));
}

const did = (side: Side | null): string => (side === null ? 'not there' : `${side.verdict}: ${side.did}`);

/** What changed, in one sentence. */
export function comparisonSentence(comparison: Comparison): string {
  const { changes, compared, unchanged, findings } = comparison;
  if (compared === 0) return 'The two runs have no result in common.';
  const parts = CHANGE_KINDS.flatMap(kind => {
    const n = changes.filter(change => change.kind === kind).length;
    return n === 0 ? [] : [`${n} ${KINDS[kind].title.toLowerCase()}`];
  });
  if (findings.added.length > 0) parts.unshift(count(findings.added.length, 'new finding'));
  if (findings.removed.length > 0) parts.push(`${count(findings.removed.length, 'finding')} gone`);
  if (parts.length === 0) return `Nothing changed: ${count(compared, 'result')} are the same.`;
  const verdict = isWorse(comparison) ? 'Worse' : 'No regression';
  return `${verdict}: ${list(parts)}; ${count(unchanged, 'result')} of ${compared} unchanged.`;
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
  const head = `  ${tint(change.kind, p)(`${symbol} ${visible(change.case)}`)}  ${p.dim('in')} ${list(change.engines)}`;
  if (brief(change.kind)) return [head];
  return [
    head,
    ...paragraph('before  ', did(change.before), 4, width, 300),
    ...paragraph('after   ', did(change.after), 4, width, 300),
  ];
}

/** @param options as for the run: colour, and the terminal's width in columns */
export function renderComparison(
  comparison: Comparison,
  options: { readonly color?: boolean; readonly width?: number } = {},
): string {
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const p = palette(options.color ?? false);
  const engines = comparison.engines.flatMap(({ name, before, after }) =>
    paragraph(`${name.padEnd(9)} `, `${before ?? 'not run'} → ${after ?? 'not run'}`, 2, width),
  );
  const findings = [
    ...comparison.findings.added.flatMap(({ rule, resource, severity }) =>
      paragraph('', `+ ${severity} ${rule} on ${resource}`, 2, width).map(p.red),
    ),
    ...comparison.findings.removed.flatMap(({ rule, resource, severity }) =>
      paragraph('', `- ${severity} ${rule} on ${resource}`, 2, width).map(p.green),
    ),
  ];
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [p.bold(title), ...lines, ''];
  const sections = CHANGE_KINDS.flatMap(kind => {
    const changes = joined(comparison.changes.filter(change => change.kind === kind));
    return section(
      `${KINDS[kind].title} (${changes.length})`,
      changes.flatMap(change => consoleChange(change, width, p)),
    ).filter(() => changes.length > 0);
  });
  const verdict = isWorse(comparison) ? p.red : p.green;
  return [
    ...section('Engines', engines),
    ...section('Findings', findings),
    ...sections,
    ...paragraph('', comparisonSentence(comparison), 0, width).map(line => verdict(p.bold(line))),
    '',
  ].join('\n');
}

const MOST = 50;

/** The same for a pull request. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const code = (text: string): string => markdownCode(text.slice(0, 300));
  const lines = [
    `### ${isWorse(comparison) ? '❌' : '✅'} CORS conformance compared`,
    '',
    comparisonSentence(comparison),
    '',
  ];
  for (const { name, before, after } of comparison.engines) {
    lines.push(`- ${name}: ${code(before ?? 'not run')} → ${code(after ?? 'not run')}`);
  }
  for (const { severity, rule, resource, explanation } of comparison.findings.added) {
    lines.push(
      `- **new ${severity}** ${code(rule)} on ${code(resource)}: ${markdown(explanation.slice(0, 300))}`,
    );
  }
  for (const { severity, rule, resource } of comparison.findings.removed) {
    lines.push(`- ${severity} gone: ${code(rule)} on ${code(resource)}`);
  }
  for (const kind of CHANGE_KINDS) {
    const changes = joined(comparison.changes.filter(change => change.kind === kind));
    if (changes.length === 0) continue;
    lines.push(
      '',
      `<details${kind === 'regressed' ? ' open' : ''}><summary>${KINDS[kind].title} (${changes.length})</summary>`,
      '',
    );
    for (const change of changes.slice(0, MOST)) {
      const sides = brief(kind) ? '' : `: ${code(did(change.before))} → ${code(did(change.after))}`;
      lines.push(`- ${code(change.case)} in ${list(change.engines)}${sides}`);
    }
    if (changes.length > MOST) lines.push(`- and ${count(changes.length - MOST, 'more case')}`);
    lines.push('', '</details>');
  }
  return `${lines.join('\n')}\n`;
}
