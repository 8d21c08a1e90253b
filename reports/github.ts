/** GitHub workflow commands: one annotation per case or finding, however many engines show it. */

import { wordList } from '../harness/case/words.ts';
import { incompletenessOf } from '../harness/verdict/completeness.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { commandData, commandProperty } from './escape.ts';
import { failedAttempts, findingText, findingViews } from './finding-view.ts';
import { groupBy } from './group-by.ts';
import { rerunCommand } from './reproduce.ts';
import { engineTitle, type ResultDetails, suitesOf, unexpectedStories, unlistedStories } from './rows.ts';
import { STATUSES, type Status } from './status.ts';
import { count } from './words.ts';

const MOST_UNLISTED = 10;

type Level = 'error' | 'warning' | 'notice';

/** @param file what the annotation stands at, if anything */
function command(level: Level, title: string, message: string, file?: string): string {
  const at = file === undefined ? '' : `file=${commandProperty(file)},`;
  return `::${level} ${at}title=${commandProperty(title)}::${commandData(message)}\n`;
}

/** A failure of the harness says nothing about the target, so it only warns. */
const levelOf = (status: Status): 'error' | 'warning' => (status === 'harness-error' ? 'warning' : 'error');

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** One annotation per open finding, at the configuration that declares the policy. */
function findingCommands(record: RunRecord): string[] {
  const findings = findingViews(record.findings ?? [])
    .filter(({ finding }) => !finding.accepted)
    .map(view =>
      command(
        LEVELS[view.finding.severity],
        `CORS: ${view.finding.rule}`,
        findingText(view).join('\n'),
        record.target.config,
      ),
    );
  const failed = failedAttempts(record).map(({ engine, reason, attempts }) =>
    command(
      'warning',
      `CORS: ${engineTitle(engine)}`,
      `${count(attempts, 'attempt')} gave no result: ${reason}`,
    ),
  );
  const stale = (record.stale ?? []).map(({ what, reason }) =>
    command('error', 'CORS: stale baseline entry', `${what} no longer holds: remove it (it said: ${reason})`),
  );
  return [...findings, ...stale, ...failed];
}

/** One annotation per case, however many engines show it. */
function caseCommands(record: RunRecord): string[] {
  const byCase = groupBy(
    unexpectedStories(suitesOf(record).flatMap(suite => suite.rows)),
    ({ row }) => row.case.id,
  );
  return [...byCase].map(([id, stories]) => {
    const engines = stories.flatMap(story => story.engines);
    const worst = stories.some(({ status }) => levelOf(status) === 'error') ? 'error' : 'warning';
    const rerun = rerunCommand(record, id, engines);
    const message = [
      stories[0]?.row.case.title ?? id,
      ...stories.map(storyText),
      ...(rerun === null ? [] : [`Again: ${rerun}`]),
    ];
    return command(worst, `CORS: ${id} (${engines.join(', ')})`, message.join('\n'));
  });
}

/** One for all of them: nobody broke anything, and a new build may have hundreds. */
function unlistedCommands(record: RunRecord): string[] {
  const { fresh, asElsewhere } = unlistedStories(suitesOf(record).flatMap(suite => suite.rows));
  const stories = [...fresh, ...asElsewhere];
  if (stories.length === 0) return [];
  const level = record.run.unlisted === 'ok' ? 'warning' : 'error';
  const shown = stories
    .slice(0, MOST_UNLISTED)
    .map(({ row, engines, story }) => `${row.case.id} in ${wordList(engines.map(engineTitle))}: ${story}`);
  const more = stories.length - shown.length;
  const message = [...shown, ...(more > 0 ? [`and ${count(more, 'more')}: deviations.json has all`] : [])];
  return [command(level, `CORS: ${STATUSES.unlisted.meaning}`, message.join('\n'))];
}

function storyText({ status, engines, story, result }: ResultDetails): string {
  const why = status === 'fail' && result.explanation[0] ? ` ${result.explanation[0].text}` : '';
  return `${wordList(engines.map(engineTitle))}: ${STATUSES[status].word}. ${story}${why}`;
}

/** Empty if there is nothing to annotate. Every line is one command. */
export function renderGithub(record: RunRecord): string {
  const incomplete = incompletenessOf(record);
  const missing = incomplete?.fails ? [command('warning', 'CORS: incomplete', incomplete.sentence)] : [];
  return [
    ...missing,
    ...(record.findings ? findingCommands(record) : [...caseCommands(record), ...unlistedCommands(record)]),
  ].join('');
}
