/** A short Markdown summary, for GitHub's step summary and for comments on a pull request. */
import type { Finding } from '../harness/verdict/finding.ts';
import type { RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { differencesOf } from './differences.ts';
import { markdown, markdownCode, markdownTableCode, safeLink } from './escape.ts';
import { findingsByResource, SEVERITY_SYMBOLS } from './findings.ts';
import { rerunCommand } from './reproduce.ts';
import {
  type CaseRow,
  engineNames,
  engineTitle,
  failedChecks,
  faultWords,
  fixOf,
  type Story,
  suitesOf,
  unexpectedStories,
} from './rows.ts';
import { countStatuses, STATUS_NAMES, STATUSES } from './status.ts';
import { count, duration, list, summaryOf } from './summary.ts';

const MOST = 20;
const MOST_TEXT = 300;

// GitHub refuses a step summary over 1 MiB and a comment over 65,536 characters.
const cutText = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
const prose = (text: string): string => markdown(cutText(text));
const code = (text: string): string => markdownCode(cutText(text));

function reference(address: string): string {
  const safe = safeLink(address);
  return safe === null ? code(address) : `<${safe.replace(/[<>\s]/g, encodeURIComponent)}>`;
}

function tableCell(rows: readonly CaseRow[], engine: RunEngineName): string {
  const counts = countStatuses(rows.flatMap(row => row.results.get(engine) ?? []));
  const parts = STATUS_NAMES.filter(name => counts[name] > 0).map(
    name => `${counts[name]} ${STATUSES[name].symbol}`,
  );
  return parts.reverse().join(' ') || '·';
}

function matrix(record: RunRecord): string[] {
  const engines = engineNames(record);
  const suites = suitesOf(record);
  if (suites.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const used = countStatuses(record.results);
  const legend = STATUS_NAMES.filter(name => used[name] > 0).map(
    name => `${STATUSES[name].symbol} ${STATUSES[name].word}`,
  );
  return [
    line(['Suite', ...engines.map(engineTitle)]),
    line(['---', ...engines.map(() => '---:')]),
    ...suites.map(suite =>
      line([markdownTableCode(cutText(suite.id)), ...engines.map(engine => tableCell(suite.rows, engine))]),
    ),
    line([
      '**all**',
      ...engines.map(engine =>
        tableCell(
          suites.flatMap(suite => suite.rows),
          engine,
        ),
      ),
    ]),
    '',
    legend.join(' · '),
    '',
  ];
}

function unexpectedItem(record: RunRecord, story: Story): string[] {
  const { row, result, status, engines } = story;
  const lines = [
    `- **${STATUSES[status].symbol} ${code(row.case.id)}** ${STATUSES[status].word} in ${list(engines.map(engineTitle))}: ${prose(row.case.title)}`,
  ];
  if (status === 'fail') {
    for (const check of failedChecks(result).slice(0, 3)) {
      lines.push(`  - ${code(check.id)}: expected ${code(check.expected)}, observed ${code(check.observed)}`);
    }
    const fault = faultWords(result);
    if (fault) lines.push(`  - Fault: ${fault}`);
    for (const step of result.explanation.slice(0, 2)) {
      lines.push(`  - ${prose(step.text)}${step.spec ? ` ${reference(step.spec)}` : ''}`);
      const fix = fixOf(result, step);
      if (fix !== null) lines.push(`  - Fix: ${prose(fix)}`);
    }
  } else lines.push(`  - ${prose(story.story)}`);
  const rerun = rerunCommand(record, row.case.id, engines);
  if (rerun !== null) lines.push(`  - Again: ${markdownCode(rerun)}`);
  return lines;
}

function findingItem(finding: Finding): string[] {
  const from = finding.origin === undefined ? '' : ` for pages on ${code(finding.origin)}`;
  return [
    `- **${SEVERITY_SYMBOLS[finding.severity]} ${finding.severity}** ${code(finding.rule)} on ${code(finding.resource)}${from}, in ${list(finding.engines.map(code))}: ${prose(finding.explanation)}`,
    ...finding.evidence.slice(0, 2).flatMap(item => (item.saw ? [`  - Seen: ${prose(item.saw)}`] : [])),
    ...(finding.fix ? [`  - Fix: ${code(finding.fix)}`] : []),
    ...(finding.spec ? [`  - ${reference(finding.spec)}`] : []),
  ];
}

function details(title: string, lines: readonly string[], open: boolean): string[] {
  return lines.length === 0
    ? []
    : [`<details${open ? ' open' : ''}><summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

function findings(record: RunRecord): string[] {
  if (!record.findings) return [];
  const { groups, accepted } = findingsByResource(record.findings);
  const all = groups.flatMap(group => group.findings);
  const lines = all.slice(0, MOST).flatMap(findingItem);
  if (all.length > MOST) lines.push(`- and ${count(all.length - MOST, 'more finding')}`);
  if (accepted > 0) lines.push(`- ${count(accepted, 'finding')} accepted by the baseline`);
  return details(`Findings (${all.length})`, lines.length === 0 ? ['None.'] : lines, true);
}

/** Totals, the matrix, and what is unexpected in a fold. */
export function renderMarkdown(record: RunRecord): string {
  const { tone, sentence } = summaryOf(record);
  const rows = suitesOf(record).flatMap(suite => suite.rows);
  const unexpected = unexpectedStories(rows);
  const items = unexpected.slice(0, MOST).flatMap(story => unexpectedItem(record, story));
  if (unexpected.length > MOST) items.push(`- and ${count(unexpected.length - MOST, 'more')}`);
  const differing = differencesOf(record).rows.filter(row => row.amongEngines);
  const engines = record.engines.map(engine =>
    engine.notRun === undefined
      ? `${engineTitle(engine.name)} ${code(engine.version)}`
      : `${engineTitle(engine.name)} not run (${prose(engine.notRun)})`,
  );
  const differences = differing
    .slice(0, MOST)
    .map(
      ({ row, views }) =>
        `- ${code(row.case.id)}: ${views.map(view => `${view.engine} ${code(view.did)}`).join(', ')}`,
    );
  if (differing.length > MOST) differences.push(`- and ${count(differing.length - MOST, 'more case')}`);
  return [
    `### ${tone === 'good' ? '✅' : tone === 'bad' ? '❌' : '⚠️'} CORS conformance`,
    '',
    `${sentence} Target ${code(record.target.name)}, ${duration(record.run.durationMs)}.`,
    '',
    ...(engines.length > 0 ? [`${engines.join(' · ')}`, ''] : []),
    ...findings(record),
    ...matrix(record),
    ...details(`Unexpected (${unexpected.length})`, items, true),
    ...details(`Where engines differ (${differing.length})`, differences, false),
  ].join('\n');
}
