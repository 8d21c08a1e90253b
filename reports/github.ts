/** GitHub workflow commands: one annotation per case or finding, however many engines show it. */
import type { RunRecord } from '../harness/verdict/record.ts';
import { commandData, commandProperty } from './escape.ts';
import { rerunCommand } from './reproduce.ts';
import { engineTitle, suitesOf, unexpectedStories } from './rows.ts';
import { STATUSES, type Status } from './status.ts';
import { list } from './summary.ts';

const command = (level: 'error' | 'warning' | 'notice', title: string, message: string): string =>
  `::${level} title=${commandProperty(title)}::${commandData(message)}\n`;

/** Harness trouble says nothing about the target, so it only warns. */
const level = (status: Status): 'error' | 'warning' =>
  status === 'harness-error' || status === 'blocked' ? 'warning' : 'error';

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Empty where there is nothing to annotate. Every line is one command. */
export function renderGithub(record: RunRecord): string {
  const lines: string[] = [];
  for (const finding of record.findings ?? []) {
    if (finding.accepted) continue;
    const from = finding.origin === undefined ? '' : ` for pages on ${finding.origin}`;
    const message = [
      `${finding.resource}${from}, in ${list(finding.engines)}: ${finding.explanation}`,
      ...(finding.fix ? [`Fix: ${finding.fix}`] : []),
      ...(finding.spec ? [finding.spec] : []),
    ];
    lines.push(command(LEVELS[finding.severity], `CORS: ${finding.rule}`, message.join('\n')));
  }
  const byCase = new Map<
    string,
    { title: string; worst: 'error' | 'warning'; engines: string[]; says: string[] }
  >();
  for (const { row, status, engines, story, result } of unexpectedStories(
    suitesOf(record).flatMap(suite => suite.rows),
  )) {
    const { id, title } = row.case;
    const entry = byCase.get(id) ?? { title, worst: level(status), engines: [], says: [] };
    byCase.set(id, entry);
    if (level(status) === 'error') entry.worst = 'error';
    entry.engines.push(...engines);
    const why = status === 'fail' && result.explanation[0] ? ` ${result.explanation[0].text}` : '';
    entry.says.push(`${list(engines.map(engineTitle))}: ${STATUSES[status].word}. ${story}${why}`);
  }
  for (const [id, { title, worst, engines, says }] of byCase) {
    const rerun = rerunCommand(record, id, engines);
    const message = [title, ...says, ...(rerun === null ? [] : [`Again: ${rerun}`])].join('\n');
    lines.push(command(worst, `CORS: ${id} (${engines.join(', ')})`, message));
  }
  return lines.join('');
}
