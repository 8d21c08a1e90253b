/** Where engines differ: from the Standard, and among themselves. */
import { behaviourOf } from '../harness/verdict/compare.ts';
import type { Result, RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { type CaseRow, cellWord, failedChecks, storyOf, suitesOf } from './rows.ts';
import { statusOf } from './status.ts';

export interface EngineView {
  readonly engine: RunEngineName;
  /** What it did, in a few words; the same words mean the same behaviour. */
  readonly did: string;
  /** False where it does something else than the Standard says. */
  readonly standard: boolean;
}

export interface CaseDifference {
  readonly row: CaseRow;
  /** At least one browser does something else than the Standard says. */
  readonly fromStandard: boolean;
  /** At least two browsers differ from each other. */
  readonly amongEngines: boolean;
  readonly views: readonly EngineView[];
}

export interface SuiteDifferences {
  readonly suite: string;
  readonly cases: number;
  readonly fromStandard: number;
  readonly amongEngines: number;
}

export interface Differences {
  readonly rows: readonly CaseDifference[];
  readonly suites: readonly SuiteDifferences[];
  /** How many cases at least two browsers gave a verdict on. */
  readonly compared: number;
}

/** True where the engine gave an account that can be compared. */
function observed(result: Result): boolean {
  const status = statusOf(result);
  return (
    status === 'pass' ||
    status === 'fail' ||
    status === 'known' ||
    status === 'unlisted' ||
    status === 'info' ||
    status === 'stale'
  );
}

// Where the Standard leaves the choice (`may`) or does not rule (`outside`), nobody can differ from it.
function followsStandard(result: Result): boolean {
  if (result.case.class === 'may' || result.case.class === 'outside') return true;
  return failedChecks(result).length === 0 && result.verdict !== 'fail';
}

function differenceOf(row: CaseRow): CaseDifference {
  const results = [...row.results].filter(([, result]) => observed(result));
  const browsers = results.filter(([engine]) => engine !== 'model').map(([, result]) => result);
  return {
    row,
    fromStandard: browsers.some(result => !followsStandard(result)),
    amongEngines: new Set(browsers.map(behaviourOf)).size > 1,
    views: results.map(([engine, result]) => ({
      engine,
      did: failedChecks(result).length === 0 ? cellWord(result) : storyOf(result),
      standard: followsStandard(result),
    })),
  };
}

/** Analyses a record: rows that differ in either way, and the counts per suite. The model is shown, never counted. */
export function differencesOf(record: RunRecord): Differences {
  const rows: CaseDifference[] = [];
  const suites: SuiteDifferences[] = [];
  let compared = 0;
  for (const suite of suitesOf(record)) {
    const all = suite.rows.map(differenceOf);
    rows.push(...all.filter(row => row.fromStandard || row.amongEngines));
    compared += all.filter(row => row.views.filter(view => view.engine !== 'model').length > 1).length;
    suites.push({
      suite: suite.id,
      cases: all.length,
      fromStandard: all.filter(row => row.fromStandard).length,
      amongEngines: all.filter(row => row.amongEngines).length,
    });
  }
  return { rows, suites, compared };
}
