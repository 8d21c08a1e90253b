/** Which cases a run is about. */
import type { Case, Suite } from './schema.ts';

/** One of the parts that a run is split into, on as many machines. */
export interface Shard {
  /** Counted from 1. */
  readonly part: number;
  readonly of: number;
}

export interface Selection {
  /** Patterns of what to keep; none means all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Cases that take minutes or hours are kept too: all, or those that wait no longer than so many minutes. */
  readonly slow?: true | number;
  /** Keeps only this part of what is left. */
  readonly shard?: Shard;
  /** Puts suites, and the cases in them, into an order that depends on this number alone. */
  readonly shuffle?: number;
}

/** How long a case waits for time to pass, in milliseconds. */
export const waitOf = (one: Case): number =>
  one.steps.reduce((sum, step) => sum + ('wait' in step ? step.wait : 0), 0);

/**
 * A pattern matches a case's id, its suite's id, or `suite:id`; `*` stands for any text, and the id of a row
 * stands for all its variants.
 */
export function matcher(patterns: readonly string[]): (suite: string, id: string) => boolean {
  const matches = nameMatcher(patterns);
  return (suite, id) => matches(namesFor(suite, id));
}

/** What a pattern can match of a case. */
export const namesFor = (suite: string, id: string): readonly string[] => [
  id,
  id.split('/')[0] as string,
  suite,
  `${suite}:${id}`,
];

/** The same for a case by the names that patterns can match, for who holds it against many. */
export function nameMatcher(patterns: readonly string[]): (names: readonly string[]) => boolean {
  const exact = new Set(patterns.filter(pattern => !pattern.includes('*')));
  const open = patterns
    .filter(pattern => pattern.includes('*'))
    .map(pattern => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`));
  if (open.length === 0) return names => names.some(name => exact.has(name));
  return names => names.some(name => exact.has(name) || open.some(pattern => pattern.test(name)));
}

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');

/** The suites with the selected cases only; a suite without any is left out. */
export function select(suites: readonly Suite[], selection: Selection): Suite[] {
  const wanted = selection.only?.length ? matcher(selection.only) : () => true;
  const unwanted = selection.skip?.length ? matcher(selection.skip) : () => false;
  const longest = selection.slow === true ? Number.POSITIVE_INFINITY : (selection.slow ?? -1) * 60_000;
  const wholes = suites
    .map(suite => ({
      ...suite,
      cases: suite.cases.filter(
        one =>
          (!one.slow || waitOf(one) <= longest) && wanted(suite.id, one.id) && !unwanted(suite.id, one.id),
      ),
    }))
    .filter(suite => suite.cases.length > 0);
  const selected = selection.shard ? shareOf(wholes, selection.shard) : wholes;
  if (selection.shuffle === undefined) return selected;
  const draw = generator(selection.shuffle);
  return shuffled(
    selected.map(suite => ({ ...suite, cases: shuffled(suite.cases, draw) })),
    draw,
  );
}

/** One part of the cases. Parts differ by one case at most, and one after the other they are the whole, in its order. */
function shareOf(suites: readonly Suite[], { part, of }: Shard): Suite[] {
  const count = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const from = Math.floor((count * (part - 1)) / of);
  const to = Math.floor((count * part) / of);
  let before = 0;
  return suites
    .map(suite => {
      const cases = suite.cases.slice(Math.max(0, from - before), Math.max(0, to - before));
      before += suite.cases.length;
      return { ...suite, cases };
    })
    .filter(suite => suite.cases.length > 0);
}

/** The numbers from 0 to 1 that follow a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(draw() * left.length), 1)[0] as T);
}
