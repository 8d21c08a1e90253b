/** Which known behaviours are covered by which cases, and why the others cannot be. */
import { behaviours } from './behaviours.ts';
import { suites } from './index.ts';
import { unobservable } from './unobservable.ts';

export interface RowCoverage {
  readonly row: string;
  readonly group: string;
  /** Ids of the cases that cover it. */
  readonly cases: readonly string[];
  /** Why no case can. */
  readonly reason?: string;
}

/** Every row with its cases or its reason; a row with neither is a gap. */
export function coverage(): RowCoverage[] {
  const ids = suites.flatMap(suite => suite.cases.map(one => one.id));
  return behaviours.flatMap(group =>
    group.rows.map(row => {
      const reason = unobservable[row];
      const cases = ids.filter(id => id === row || id.startsWith(`${row}/`));
      return { row, group: group.title, cases, ...(reason !== undefined && { reason }) };
    }),
  );
}

/** Coverage per group for people, with the rows that have no case and their reasons. */
export function coverageTable(): string {
  const rows = coverage();
  const lines = behaviours.map(({ title }) => {
    const group = rows.filter(row => row.group === title);
    const covered = group.filter(row => row.cases.length > 0);
    const cases = covered.reduce((sum, row) => sum + row.cases.length, 0);
    return `${title.padEnd(52)} ${String(covered.length).padStart(3)} of ${String(group.length).padStart(3)} rows, ${cases} cases`;
  });
  const covered = rows.filter(row => row.cases.length > 0).length;
  const without = rows.filter(row => row.cases.length === 0);
  return [
    ...lines,
    `${'All'.padEnd(52)} ${String(covered).padStart(3)} of ${String(rows.length).padStart(3)} rows`,
    ...(without.length > 0 ? ['', 'Rows without a case:'] : []),
    ...without.map(row => `  ${row.row.padEnd(40)} ${row.reason ?? 'NOT COVERED'}`),
  ].join('\n');
}
