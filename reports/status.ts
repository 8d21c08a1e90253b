/** One word for every result, the same in every report, and the rules by which results are counted. */
import { grouped } from '../harness/case/words.ts';
import type { Result, RunRecord } from '../harness/verdict/record.ts';

export interface StatusInfo {
  readonly symbol: string;
  readonly word: string;
  /** What it means for the reader, in a few words. */
  readonly meaning: string;
}

/** In the order in which a reader wants to see them. */
export const STATUSES = {
  fail: { symbol: '✗', word: 'unexpected', meaning: 'neither in the baseline nor a known deviation' },
  stale: { symbol: '↺', word: 'stale', meaning: 'listed, but no longer happens' },
  unlisted: {
    symbol: '?',
    word: 'not listed',
    meaning: 'differs from the Standard; not listed for this build',
  },
  'harness-error': {
    symbol: '!',
    word: 'harness error',
    meaning: 'the tool failed: says nothing about CORS',
  },
  found: { symbol: '✗', word: 'not as declared', meaning: 'a finding explains it' },
  known: { symbol: '≈', word: 'known deviation', meaning: 'listed, with a link to the reason' },
  info: { symbol: 'i', word: 'information', meaning: 'shown, not judged' },
  pass: { symbol: '✓', word: 'pass', meaning: 'as expected, in the page and on the wire' },
  'not-applicable': { symbol: '–', word: 'not applicable', meaning: 'does not apply here' },
  'not-run': { symbol: '○', word: 'not run', meaning: 'the engine was not run' },
} as const satisfies Record<string, StatusInfo>;

export type Status = keyof typeof STATUSES;
export const STATUS_NAMES = Object.keys(STATUSES) as Status[];

/** The status of a result. A failure of the harness comes before any comparison: it says nothing about the target. */
export function statusOf(result: Result): Status {
  switch (result.verdict) {
    case 'harness-error':
    case 'not-applicable':
    case 'not-run':
      return result.verdict;
    case 'pass':
    case 'fail':
    case 'info':
      if (result.findings && result.findings.length > 0) return 'found';
      if (result.outcome === 'stale') return 'stale';
      if (result.outcome === 'unlisted') return 'unlisted';
      if (result.outcome === 'regression') return 'fail';
      if (result.verdict === 'fail') return 'known';
      return result.verdict;
  }
}

/**
 * True where the result must turn a run red: what is not expected, a stale entry, and a failure of the harness. What is
 * not listed for a build stands apart: whether it fails the run is for `--unlisted` to say.
 */
export function isUnexpected(status: Status): boolean {
  return status === 'fail' || status === 'stale' || status === 'harness-error';
}

/** `3 known deviations`, `1 harness error`, `2,659 pass`. */
export function statusCount(status: Status, n: number): string {
  const plural = n !== 1 && (status === 'known' || status === 'harness-error') ? 's' : '';
  return `${grouped(n)} ${STATUSES[status].word}${plural}`;
}

export type Counts = Readonly<Record<Status, number>>;

export function countStatuses(results: readonly Result[]): Counts {
  const counts = Object.fromEntries(STATUS_NAMES.map(name => [name, 0])) as Record<Status, number>;
  for (const result of results) counts[statusOf(result)] += 1;
  return counts;
}

export interface Totals {
  readonly counts: Counts;
  readonly results: number;
  readonly cases: number;
  /** Results that have a verdict on CORS: pass, fail, info. */
  readonly judged: number;
  readonly asExpected: number;
  readonly unexpected: number;
}

export function totalsOf(record: RunRecord): Totals {
  const counts = countStatuses(record.results);
  const asExpected = counts.pass + counts.known + counts.info;
  const wrong = counts.fail + counts.stale + counts.found;
  return {
    counts,
    results: record.results.length,
    cases: new Set(record.results.map(result => result.case.id)).size,
    judged: asExpected + wrong + counts.unlisted,
    asExpected,
    unexpected: STATUS_NAMES.filter(isUnexpected).reduce((sum, name) => sum + counts[name], 0),
  };
}
