/** What the search for a release of a package found, in one sentence and its qualifications. */
import { wordList } from '../harness/case/words.ts';
import { count } from './words.ts';

export interface BisectionView {
  readonly last: string;
  readonly first: string;
  /** Releases between the two that could not be tried. */
  readonly skipped: readonly string[];
  /** The ids of requests that differ between the ends, but not between the two that were found. */
  readonly elsewhere: readonly string[];
}

/** At most this many are named; the JSON has them all. */
const MOST = 8;

/** @param ends the releases between which it was looked for */
export function bisectionSentence(
  name: string,
  { last, first, skipped, elsewhere }: BisectionView,
  [good, bad]: readonly [good: string, bad: string],
): string {
  const more = elsewhere.length - MOST;
  const ids = more > 0 ? [...elsewhere.slice(0, MOST), count(more, 'more request')] : elsewhere;
  return [
    `${name} ${first} is the first release that differs; ${last} is the last before it.`,
    ...(skipped.length > 0 ? [`Between them, ${wordList(skipped)} could not be tried.`] : []),
    ...(ids.length > 0
      ? [`What else differs between ${good} and ${bad} changed in other releases: ${wordList(ids)}.`]
      : []),
  ].join(' ');
}
