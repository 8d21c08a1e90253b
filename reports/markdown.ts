/** A short Markdown summary, for GitHub's step summary and for comments on a pull request. */

import { wordList } from '../harness/case/words.ts';
import type { CheckState } from '../harness/verdict/finding.ts';
import type { Result, RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { differencesOf } from './differences.ts';
import { markdown, markdownCode, markdownFence, markdownTableCode, safeLink } from './escape.ts';
import { type FindingView, failedAttempts, findingViews, untriedChecks } from './finding-view.ts';
import { rerunCommand } from './reproduce.ts';
import {
  type CaseRow,
  engineNames,
  engineTitle,
  failedChecks,
  faultWords,
  fixOf,
  type ResultDetails,
  suitesOf,
  unexpectedStories,
  unlistedStories,
} from './rows.ts';
import { countStatuses, STATUS_NAMES, STATUSES } from './status.ts';
import { summaryOf } from './summary.ts';
import { TONES } from './tone.ts';
import { count, duration } from './words.ts';

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

function failureItems(result: Result): string[] {
  const fault = faultWords(result);
  return [
    ...failedChecks(result)
      .slice(0, 3)
      .map(
        ({ id, expected, observed }) => `${code(id)}: expected ${code(expected)}, observed ${code(observed)}`,
      ),
    ...(fault ? [`Fault: ${fault}`] : []),
    ...result.explanation.slice(0, 2).flatMap(step => {
      const fix = fixOf(result, step);
      return [
        `${prose(step.text)}${step.spec ? ` ${reference(step.spec)}` : ''}`,
        ...(fix === null ? [] : [`Fix: ${prose(fix)}`]),
      ];
    }),
  ];
}

function unexpectedItem(record: RunRecord, { row, result, status, engines, story }: ResultDetails): string[] {
  const rerun = rerunCommand(record, row.case.id, engines);
  const items = [
    ...(status === 'fail' || (status === 'unlisted' && !result.deviation)
      ? failureItems(result)
      : [prose(story)]),
    ...(rerun === null ? [] : [`Again: ${markdownCode(rerun)}`]),
  ];
  return [
    `- **${STATUSES[status].symbol} ${code(row.case.id)}** ${STATUSES[status].word} in ${wordList(engines.map(engineTitle))}: ${prose(row.case.title)}`,
    ...items.map(item => `  - ${item}`),
  ];
}

/** The page about a finding: a link, or a path in the package. */
function helpText({ help }: FindingView): string[] {
  if (help === null) return [];
  return [`- More: ${safeLink(help) === null ? code(help) : reference(help)}`];
}

function findingItem(view: FindingView): string[] {
  const { finding, request, answer } = view;
  const bytes = [
    ...(request ? [request.line, ...request.headers] : []),
    ...(request && answer ? [''] : []),
    ...(answer ? [answer.line, ...answer.headers] : []),
  ];
  return [
    `**${view.symbol} ${prose(view.headline)}** (${view.word} ${code(finding.rule)})`,
    '',
    prose(finding.explanation),
    '',
    ...(view.who === '' ? [] : [`- Who: ${prose(view.who)}`]),
    `- Seen: ${prose(view.seen)}`,
    ...(bytes.length > 0
      ? ['- On the wire:', '', markdownFence(bytes.join('\n'), '  '), '']
      : finding.evidence.slice(0, 3).flatMap(({ saw }) => (saw ? [`- Evidence: ${markdownCode(saw)}`] : []))),
    ...(view.curl === null ? [] : [`- Try: ${markdownCode(view.curl)}`]),
    ...(view.fix === null
      ? []
      : [
          `- Fix${view.fixFor === '' ? '' : ` (${prose(view.fixFor)})`}:`,
          '',
          markdownFence(view.fix, '  '),
          '',
        ]),
    ...helpText(view),
    '',
  ];
}

function details(title: string, lines: readonly string[], open: boolean): string[] {
  return lines.length === 0
    ? []
    : [`<details${open ? ' open' : ''}><summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

const CHECK_SYMBOLS = { kept: '✓', broken: '✗', 'not-tried': '○' } as const;

function checkItem({ id, title, state, reason, accepted }: CheckState): string {
  const word = accepted ? 'accepted' : state.replace('-', ' ');
  return `- ${CHECK_SYMBOLS[state]} ${word}: ${prose(title)} (${code(id)})${reason === undefined ? '' : `: ${prose(reason)}`}`;
}

/** What a reader needs about a server: findings, what was not tried, what the tool could not do, and every check. */
function verifySections(record: RunRecord): string[] {
  const views = findingViews(record.findings ?? []);
  const open = views.filter(({ finding }) => !finding.accepted);
  const accepted = views.filter(({ finding }) => finding.accepted);
  const more = open.length - MOST;
  const untried = untriedChecks(record.checks ?? []);
  return [
    ...open.slice(0, MOST).flatMap(findingItem),
    ...(more > 0 ? [`And ${count(more, 'more finding')}: see report.html.`, ''] : []),
    ...details(
      `Accepted by the baseline (${accepted.length})`,
      accepted.map(({ finding, headline, word }) => `- = ${word} ${code(finding.rule)}: ${prose(headline)}`),
      false,
    ),
    ...(record.stale ?? []).map(
      ({ what, reason }) =>
        `- ↺ Stale baseline entry: ${prose(what)} no longer holds (it said: ${prose(reason)})`,
    ),
    ...failedAttempts(record).map(
      ({ engine, reason, attempts }) =>
        `- ! ${engineTitle(engine)}: ${count(attempts, 'attempt')} without a result: ${prose(reason)}`,
    ),
    '',
    ...details(
      `Not tried (${untried.flatMap(({ ids }) => ids).length})`,
      untried.map(({ ids, reason }) => `- ○ ${prose(reason)}: ${ids.map(code).join(', ')}`),
      false,
    ),
    ...details(`Checks (${record.checks?.length ?? 0})`, (record.checks ?? []).map(checkItem), false),
  ];
}

function runSections(record: RunRecord): string[] {
  const rows = suitesOf(record).flatMap(suite => suite.rows);
  const unexpected = unexpectedStories(rows);
  const items = unexpected.slice(0, MOST).flatMap(story => unexpectedItem(record, story));
  if (unexpected.length > MOST) items.push(`- and ${count(unexpected.length - MOST, 'more')}`);
  const { fresh, asElsewhere } = unlistedStories(rows);
  const unlisted = [...fresh, ...asElsewhere];
  const unlistedItems = unlisted.slice(0, MOST).flatMap(story => unexpectedItem(record, story));
  if (unlisted.length > MOST) unlistedItems.push(`- and ${count(unlisted.length - MOST, 'more')}`);
  const differing = differencesOf(record).rows.filter(row => row.amongEngines);
  const differences = differing.slice(0, MOST).map(({ row, views }) => {
    const did = [...new Set(views.map(view => view.did))].map(
      one => `${views.flatMap(view => (view.did === one ? [view.engine] : [])).join(', ')} ${code(one)}`,
    );
    return `- ${code(row.case.id)}: ${did.join('; ')}`;
  });
  if (differing.length > MOST) differences.push(`- and ${count(differing.length - MOST, 'more case')}`);
  return [
    ...matrix(record),
    ...details(`Unexpected (${unexpected.length})`, items, true),
    ...details(
      `Differs from the Standard; not listed for this build (${unlisted.length})`,
      unlistedItems,
      fresh.length > 0,
    ),
    ...details(`Where engines differ (${differing.length})`, differences, false),
  ];
}

/** Under `run` the totals, the matrix, and what is unexpected in a fold; under `verify` the findings. */
export function renderMarkdown(record: RunRecord): string {
  const { tone, sentence } = summaryOf(record);
  const engines = record.engines.map(engine => {
    if (engine.notRun !== undefined) return `${engineTitle(engine.name)} not run (${prose(engine.notRun)})`;
    if (record.findings && engine.name === 'model') return 'the wire';
    return `${engineTitle(engine.name)} ${code(engine.version)}`;
  });
  return [
    `### ${TONES[tone].emoji} CORS ${record.findings ? 'policy' : 'conformance'}`,
    '',
    `${sentence} Target ${code(record.target.name)}, ${duration(record.run.durationMs)}.`,
    '',
    ...(engines.length > 0 ? [`${engines.join(' · ')}`, ''] : []),
    ...(record.findings ? verifySections(record) : runSections(record)),
  ].join('\n');
}
