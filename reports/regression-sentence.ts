/** What a comparison of two servers found, in one sentence and its qualifications. */

import { wordList } from '../harness/case/words.ts';
import type { Level } from '../harness/regress/change.ts';
import { gapAdvice } from '../harness/regress/exercised.ts';
import { changeFails, type RegressRecord } from '../harness/regress/record.ts';
import { count } from './words.ts';

/** True if two servers were compared that are no releases of a package. */
export const isServers = ({ subject }: RegressRecord): boolean => subject.ecosystem === 'servers';

const subjectOf = (record: RegressRecord): string =>
  isServers(record) ? 'The later server' : `${record.subject.name} ${record.sides.after.label}`;

const plural = (n: number, one: string, many: string): string => `${n === 1 ? one : many}`;

/** What was found, in half a sentence each. */
function findingsOf({ changes, unstable, stale }: RegressRecord): string[] {
  const of = (level: Level) =>
    changes.filter(change => change.level === level && change.accepted === undefined).length;
  const inconsistent = unstable.filter(({ counts }) => counts).length;
  return [
    of('page') > 0 ? `${count(of('page'), 'change')} that a page notices` : '',
    of('wire') > 0 ? `${count(of('wire'), 'change')} on the wire` : '',
    inconsistent > 0 ? `${count(inconsistent, 'request')} answered inconsistently` : '',
    stale.length > 0 ? `${count(stale.length, 'accepted change')} that no longer happens` : '',
  ].filter(part => part !== '');
}

function resultSentence(record: RegressRecord, found: readonly string[]): string {
  const { changes, unstable, stale } = record;
  const counting = changes.filter(({ level, accepted }) => level !== 'form' && accepted === undefined);
  const isStaleOnly = counting.length === 0 && !unstable.some(({ counts }) => counts) && stale.length > 0;
  if (found.length > 0 && !isStaleOnly)
    return `${subjectOf(record)} changes CORS behaviour: ${wordList(found)}.`;
  if (record.outcome === 'not-exercised') return 'Nothing was compared that CORS decides.';
  if (isStaleOnly)
    return `Nothing else changed, but there ${stale.length === 1 ? 'is' : 'are'} ${wordList(found)}.`;
  if (changes.some(({ accepted }) => accepted !== undefined))
    return `${subjectOf(record)} changes CORS behaviour only as accepted.`;
  return isServers(record)
    ? 'The CORS behaviour of both servers is the same.'
    : `The CORS behaviour of ${record.subject.name} is the same in both releases.`;
}

/** @returns the first sentence says whether anything changed; those behind it what a reader must know beside it */
export function regressionSentence(record: RegressRecord): string {
  const { changes, unfinished, outcome, gaps, failOn } = record;
  const found = findingsOf(record);
  const alarms = changes.filter(
    ({ severity, accepted }) => severity === 'unlisted' && accepted === undefined,
  ).length;
  const accepted = changes.filter(change => change.accepted !== undefined).length;
  const form = changes.filter(({ level }) => level === 'form').length;
  const tolerated = changes.some(change => change.level !== 'form' && !changeFails(change, failOn));
  const sentences: readonly (readonly [boolean, string])[] = [
    [true, resultSentence(record, found)],
    [
      alarms > 0,
      `${alarms} ${plural(alarms, 'change lets', 'changes let')} an origin that is not listed do more.`,
    ],
    ...gaps.map(({ text }) => [true, text] as const),
    ...gapAdvice(gaps).map(text => [true, text] as const),
    [accepted > 0, `${count(accepted, 'change')} ${plural(accepted, 'is', 'are')} accepted.`],
    [outcome === 'same' && found.length > 0 && tolerated, `None of them fails at --fail-on ${failOn}.`],
    [form > 0, `${count(form, 'difference')} without effect.`],
    [unfinished.length > 0, `${count(unfinished.length, 'request')} did not finish.`],
  ];
  return sentences.flatMap(([holds, text]) => (holds ? [text] : [])).join(' ');
}
