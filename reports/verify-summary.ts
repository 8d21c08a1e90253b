/** What `verify` found about a server, in words: in step with the exit code. */

import { wordList } from '../harness/case/words.ts';
import type { CheckState, Finding } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import {
  countFindings,
  type FindingCounts,
  failedAttempts,
  failsRun,
  findingCountWords,
} from './finding-view.ts';
import { engineTitle } from './rows.ts';
import type { Summary } from './tone.ts';
import { count } from './words.ts';

/** True if any check came to a conclusion; in a file without checks, if any attempt did. */
function anythingTried({ checks, results }: RunRecord): boolean {
  if (checks) return checks.some(({ state }) => state !== 'not-tried');
  return results.some(({ verdict }) => verdict === 'pass' || verdict === 'fail' || verdict === 'info');
}

/** "41 of 45 checks are kept, 1 was not tried." */
function checksSentence(checks: readonly CheckState[]): string {
  const of = (state: CheckState['state']) => checks.filter(check => check.state === state).length;
  if (checks.length === 0) return '';
  const untried = of('not-tried');
  const left = untried === 0 ? '' : `, ${untried} ${untried === 1 ? 'was' : 'were'} not tried`;
  const kept =
    of('kept') === checks.length
      ? `All ${count(checks.length, 'check')}`
      : `${of('kept')} of ${count(checks.length, 'check')}`;
  return ` ${kept} ${checks.length === 1 ? 'is' : 'are'} kept${left}.`;
}

function missingSentence({ engines }: RunRecord): string {
  const missing = engines.filter(engine => engine.notRun !== undefined);
  return missing.length === 0
    ? ''
    : ` ${wordList(missing.map(({ name }) => engineTitle(name)))} did not run.`;
}

function staleSentence(n: number): string {
  const [entries, hold, them] = n === 1 ? ['entry', 'holds', 'it'] : ['entries', 'hold', 'them'];
  return `${n} ${entries} of the baseline no longer ${hold}: remove ${them}.`;
}

/** What is right about it, so far as something is. */
function goodSummary({ warning, accepted }: FindingCounts, words: string): Summary {
  if (warning > 0)
    return { tone: 'warning', sentence: `The server does what its policy declares, with ${words}.` };
  if (accepted > 0)
    return { tone: 'good', sentence: `Nothing new: ${count(accepted, 'accepted finding')} still there.` };
  return {
    tone: 'good',
    sentence: `The server does what its policy declares${words === '' ? '' : ` (${words})`}.`,
  };
}

function verdictOf(record: RunRecord, findings: readonly Finding[]): Summary {
  const counts = countFindings(findings);
  const words = findingCountWords(counts);
  const stale = record.stale?.length ?? 0;
  const failed = failedAttempts(record).reduce((sum, { attempts }) => sum + attempts, 0);
  if (findings.some(finding => failsRun(record, finding)))
    return { tone: 'bad', sentence: `The server does not do what its policy declares: ${words}.` };
  if (stale > 0) return { tone: 'bad', sentence: staleSentence(stale) };
  if (record.run.interrupted) return { tone: 'empty', sentence: 'Nothing was concluded about this server.' };
  if (!anythingTried(record))
    return { tone: 'empty', sentence: 'Nothing was tried, so nothing is known about this server.' };
  if (failed === 0) return goodSummary(counts, words);
  const otherwise = words === '' ? '' : `; otherwise ${words}`;
  return { tone: 'trouble', sentence: `${count(failed, 'attempt')} gave no result${otherwise}.` };
}

/** @param findings of the record */
export function verifySummary(record: RunRecord, findings: readonly Finding[]): Summary {
  const { tone, sentence } = verdictOf(record, findings);
  return { tone, sentence: `${sentence}${checksSentence(record.checks ?? [])}${missingSentence(record)}` };
}
