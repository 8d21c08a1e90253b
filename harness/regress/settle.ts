/** Changes, and how many that are the same become one. */
import type { Explanation } from '../verdict/record.ts';
import type { Side, Standing } from './plan.ts';
import type { Direction } from './runs.ts';
import type { HeaderChange } from './weigh.ts';

/** page: script sees it. wire: only the wire shows it. form: it stands on the wire and changes nothing. */
export const LEVELS = ['page', 'wire', 'form'] as const;
export type Level = (typeof LEVELS)[number];

export interface Change {
  readonly level: Level;
  readonly direction: Direction;
  /** What a page notices. Null below the level of pages. */
  readonly seen: Readonly<Record<Side, string>> | null;
  readonly headers: readonly HeaderChange[];
  /** From whom the requests came: listed origins, unlisted ones, null, or without Origin. */
  readonly standing: Standing;
  /** The requests in which it shows. */
  readonly requests: readonly { readonly id: string; readonly words: string }[];
  /** The engines in which it shows; empty for plain questions. */
  readonly engines: readonly string[];
  readonly note?: string;
  /** Why the side that is blocked is. */
  readonly why?: Explanation;
}

const keyOf = (change: HeaderChange): string => JSON.stringify(change);

/** Joins what is the same, first over engines and then over requests, and leaves out what a higher level shows. */
export function settle(drafts: readonly Change[]): Change[] {
  const shownAt = (level: Level) =>
    new Set(drafts.flatMap(change => (change.level === level ? change.headers.map(keyOf) : [])));
  const [inPages, onWire] = [shownAt('page'), shownAt('wire')];
  const shown = ({ level, headers }: Change) =>
    headers.every(
      one => (level !== 'page' && inPages.has(keyOf(one))) || (level === 'form' && onWire.has(keyOf(one))),
    );
  const left = drafts.filter(change => change.level === 'page' || !shown(change));
  const perRequest = join(left, change => [change.requests]);
  const joined = join(perRequest, change => [change.level === 'page' ? change.engines : null]);
  const rank = ({ level, direction, standing }: Change) =>
    LEVELS.indexOf(level) * 10 +
    (standing === 'listed' ? (direction === 'closed' ? 1 : 2) : direction === 'opened' ? 0 : 3);
  return joined.sort((a, b) => rank(a) - rank(b));
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

function join(changes: readonly Change[], also: (change: Change) => unknown[]): Change[] {
  const groups = new Map<string, Change>();
  for (const change of changes) {
    const { level, direction, seen, headers, note } = change;
    const standing = level === 'page' ? change.standing === 'listed' : null;
    const key = JSON.stringify([level, direction, seen, headers, note, standing, ...also(change)]);
    const known = groups.get(key);
    groups.set(
      key,
      known
        ? {
            ...known,
            engines: union(known.engines, change.engines),
            requests: [
              ...known.requests,
              ...change.requests.filter(one => !known.requests.some(({ id }) => id === one.id)),
            ],
          }
        : change,
    );
  }
  return [...groups.values()];
}
