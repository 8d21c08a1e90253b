/** Of a change that the file of accepted changes covers in part: which part, in words. */

import { wordList } from '../harness/case/words.ts';
import type { RegressChange } from '../harness/regress/record.ts';

type Part = NonNullable<RegressChange['acceptedInPart']>;

/** At most this many requests are named; the record has them all. */
const MOST_REQUESTS = 8;

function transitionsText(transitions: Part['covered']): string {
  return wordList(
    transitions.map(({ transition, requests }) => {
      const more = requests.length - MOST_REQUESTS;
      const named = [...requests.slice(0, MOST_REQUESTS), ...(more > 0 ? [`${more} more`] : [])];
      return `"${transition}"${named.length > 0 ? ` in ${wordList(named)}` : ''}`;
    }),
  );
}

/** What follows "accepted". */
export const acceptedPartText = ({ covered, uncovered }: Part): string =>
  `only in part. Accepted: ${transitionsText(covered)}. Not accepted: ${transitionsText(uncovered)}.`;
