/** What the page's rows say about themselves: how they fold, in which order they come, how they can be found. */
import type { Differences } from '../differences.ts';
import type { CaseRow, SuiteRows } from '../rows.ts';
import { isUnexpected, type Status, statusOf } from '../status.ts';

export interface PageRow {
  readonly row: CaseRow;
  /** `different`, `nonstandard`, `unexpected`, `unlisted`: the words after `is:`. */
  readonly flags: readonly string[];
  /** Nothing to see: every engine that ran agrees, as expected. Such rows fold. */
  readonly quiet: boolean;
}

export interface PageSuite {
  readonly id: string;
  /** Unexpected rows first, then differences, then what is known or open, then the quiet ones. */
  readonly rows: readonly PageRow[];
}

const QUIET: ReadonlySet<Status> = new Set(['pass', 'not-run', 'not-applicable']);

function rank({ flags, quiet }: PageRow): number {
  if (flags.includes('unexpected')) return 0;
  if (flags.includes('different') || flags.includes('unlisted')) return 1;
  return quiet ? 3 : 2;
}

/** Suites with something unexpected come first, the others keep their order. */
export function pageSuites(suites: readonly SuiteRows[], differences: Differences): PageSuite[] {
  const byRow = new Map(differences.rows.map(difference => [difference.row.case.id, difference]));
  const page = suites.map(suite => {
    const rows = suite.rows.map(row => {
      const statuses = [...row.results.values()].map(statusOf);
      const difference = byRow.get(row.case.id);
      const flags = [
        ...(statuses.some(isUnexpected) ? ['unexpected'] : []),
        ...(statuses.includes('unlisted') ? ['unlisted'] : []),
        ...(difference?.amongEngines ? ['different'] : []),
        ...(difference?.fromStandard ? ['nonstandard'] : []),
      ];
      return { row, flags, quiet: flags.length === 0 && statuses.every(status => QUIET.has(status)) };
    });
    return { id: suite.id, rows: rows.sort((a, b) => rank(a) - rank(b)) };
  });
  const calm = (suite: PageSuite): number => (suite.rows.some(row => rank(row) === 0) ? 0 : 1);
  return page.sort((a, b) => calm(a) - calm(b));
}
