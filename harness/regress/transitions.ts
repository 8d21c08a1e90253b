/** How a header or a view changed, told exactly: what somebody accepts is this, and nothing else of the same cause. */
import type { Change, Effect } from './change.ts';
import type { HeaderChange } from './header-changes.ts';
import type { BySide } from './plan.ts';

/** One way in which a change shows, and the ids of the requests in which it shows so. */
export interface Transition {
  readonly transition: string;
  readonly requests: readonly string[];
}

/** Headers of the CORS protocol whose values are lists. */
export const CORS_LISTS: readonly string[] = [
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
];

const LISTS: ReadonlySet<string> = new Set([...CORS_LISTS, 'vary']);

/** More are told by their number, and by a mark that tells them from as many others. */
const MOST_ITEMS = 12;

export interface ListDifference {
  readonly come: readonly string[];
  readonly gone: readonly string[];
}

/** The items of a list that has ", " between them; none for null. */
export const itemsOf = (list: string | null): string[] => (list ?? '').split(', ').filter(Boolean);

/** Which items of a list came, and which went. */
export function listDifference({ before, after }: BySide<string | null>): ListDifference {
  const [had, has] = [itemsOf(before), itemsOf(after)];
  return {
    come: has.filter(item => !had.includes(item)),
    gone: had.filter(item => !has.includes(item)),
  };
}

/** 32 bits of FNV-1a. */
function markOf(text: string): string {
  let mark = 0x811c9dc5;
  for (const char of text) mark = Math.imul(mark ^ (char.codePointAt(0) as number), 0x01000193);
  return (mark >>> 0).toString(16);
}

function shortened(items: readonly string[]): string {
  if (items.length <= MOST_ITEMS) return items.join(', ');
  return `${items.slice(0, MOST_ITEMS).join(', ')} and ${items.length - MOST_ITEMS} more (${markOf(items.join())})`;
}

const value = (text: string | null): string => (text === null ? 'absent' : text === '' ? 'empty' : text);

function listTransition(sides: BySide<string | null>): string {
  const { come, gone } = listDifference(sides);
  const parts = [
    ...(come.length > 0 ? [`now ${shortened(come)}`] : []),
    ...(gone.length > 0 ? [`no longer ${shortened(gone)}`] : []),
  ];
  return parts.join('; ') || `${value(sides.before)} → ${value(sides.after)}`;
}

/** Of a header: the items that came and went, or the old value and the new one. */
export const headerTransition = (change: HeaderChange): string =>
  `${change.name}: ${
    LISTS.has(change.name) ? listTransition(change) : `${value(change.before)} → ${value(change.after)}`
  }`;

/** What a page sees of these follows the requests before. */
const UNTOLD: ReadonlySet<Effect> = new Set(['alternates', 'no-longer-alternates']);

/** Of a change as one request shows it: the header that decides, and what the page sees. */
export function transitionText({ effect, cause, seen }: Pick<Change, 'effect' | 'cause' | 'seen'>): string {
  const parts = [
    ...(cause ? [headerTransition(cause)] : []),
    ...(seen && !UNTOLD.has(effect)
      ? [effect === 'exposed' ? listTransition(seen) : `${value(seen.before)} → ${value(seen.after)}`]
      : []),
  ];
  return parts.join('; ') || effect;
}

/** The transitions of one change, each once with all its requests. */
export function joinTransitions(all: readonly Transition[]): Transition[] {
  const found = new Map<string, Set<string>>();
  for (const { transition, requests } of all)
    found.set(transition, new Set([...(found.get(transition) ?? []), ...requests]));
  return [...found].map(([transition, requests]) => ({ transition, requests: [...requests] }));
}
