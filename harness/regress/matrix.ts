/** All releases of a range as a table: what each of them does, by what changed from one to the next. Pure. */
import type { RegressChange, RegressRecord } from './record.ts';

export const MATRIX_SCHEMA = 'cors-conformance/release-matrix/1';

/** A release of the range: compared with the one before it, or the reason why not. */
export interface MatrixStep {
  readonly version: string;
  readonly record?: RegressRecord;
  /** Why the release was left out. */
  readonly skipped?: string;
}

export interface MatrixRow {
  /** What is told apart: the effect and whom it concerns, or a header. */
  readonly behaviour: string;
  readonly severity: RegressChange['severity'];
  /** By release: what it does, as far as the range shows it. */
  readonly cells: readonly (string | null)[];
  /** The releases, by their place, that changed it. */
  readonly changedAt: readonly number[];
}

export interface ReleaseMatrix {
  readonly schema: typeof MATRIX_SCHEMA;
  readonly generated: string;
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly script: string;
  readonly releases: readonly { readonly version: string; readonly skipped?: string }[];
  readonly rows: readonly MatrixRow[];
  /** The changes of each release that has any. */
  readonly changes: readonly {
    readonly version: string;
    readonly after: string;
    readonly changes: readonly Pick<
      RegressChange,
      'id' | 'severity' | 'level' | 'meaning' | 'seen' | 'cause' | 'requests'
    >[];
  }[];
}

const READERS: Readonly<Record<RegressChange['who'], string>> = {
  listed: 'listed origins',
  unlisted: 'unlisted origins',
  null: 'the null origin',
  none: 'requests without Origin',
  everyone: 'everyone',
  others: 'unlisted origins',
};

/** What a change is about, whatever its direction. */
function behaviourOf({ effect, who, cause }: RegressChange): string {
  const readers = who === 'none' ? 'without Origin' : `for ${READERS[who]}`;
  if (cause && effect !== 'status') return `${cause.name} ${readers}`;
  return `${effect.replace(/^no-longer-/, '').replaceAll('-', ' ')} ${readers}`;
}

const shownValue = ({ cause, seen }: RegressChange, side: 'before' | 'after'): string => {
  if (!cause) return seen?.[side] || 'none';
  return cause[side] === '' ? 'empty' : (cause[side] ?? 'absent');
};

/**
 * @param steps the releases in order; the first has no record
 * @param about what the range is of
 */
export function matrixFrom(
  steps: readonly MatrixStep[],
  about: Pick<ReleaseMatrix, 'generated' | 'package' | 'script'>,
): ReleaseMatrix {
  const rows = new Map<string, { severity: MatrixRow['severity']; at: Map<number, RegressChange> }>();
  for (const [i, { record }] of steps.entries())
    for (const change of record?.changes ?? []) {
      if (change.level === 'form') continue;
      const key = behaviourOf(change);
      const known = rows.get(key) ?? { severity: change.severity, at: new Map() };
      rows.set(key, known);
      if (!known.at.has(i)) known.at.set(i, change);
    }
  return {
    schema: MATRIX_SCHEMA,
    ...about,
    releases: steps.map(({ version, skipped }) => ({ version, ...(skipped !== undefined && { skipped }) })),
    rows: [...rows].map(([behaviour, { severity, at }]) => ({
      behaviour,
      severity,
      cells: cellsOf(steps, at),
      changedAt: [...at.keys()],
    })),
    changes: steps.flatMap(({ version, record }) => {
      const changes = (record?.changes ?? []).filter(({ level }) => level !== 'form');
      if (!record || changes.length === 0) return [];
      return [
        {
          version,
          after: record.sides.before.label,
          changes: changes.map(({ id, severity, level, meaning, seen, cause, requests }) => ({
            id,
            severity,
            level,
            meaning,
            seen,
            cause,
            requests,
          })),
        },
      ];
    }),
  };
}

/** The value in every release: from one change to the next it stays. */
function cellsOf(steps: readonly MatrixStep[], at: ReadonlyMap<number, RegressChange>): (string | null)[] {
  const places = [...at.keys()].sort((a, b) => a - b);
  return steps.map((step, i) => {
    if (step.skipped !== undefined) return null;
    const last = places.filter(place => place <= i).at(-1);
    if (last !== undefined) return shownValue(at.get(last) as RegressChange, 'after');
    return shownValue(at.get(places[0] as number) as RegressChange, 'before');
  });
}
