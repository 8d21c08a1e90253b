/**
 * Quirks that tell which of them have a say in a request. A run in which none had one is a run without them, step by
 * step: whoever compares many models need not run those again.
 */
import type { Quirks } from './quirks.ts';

/** Told the place in the list of quirks that have a say. */
type Note = (at: number) => void;

type AnyFunction = (...values: unknown[]) => unknown;

/** One member of the quirks at a place in the list. */
interface Entry {
  readonly at: number;
  readonly quirk: unknown;
}

/** Functions that are not given what the Standard says: that there is one makes the difference. */
const WITHOUT_STANDARD: ReadonlySet<string> = new Set<keyof Quirks>([
  'cookiePartition',
  'keepsCookies',
  'typeOfUnsentBody',
]);

/**
 * The Standard itself, which notes whose quirks would leave it. Where none would, all of them together do just what the
 * Standard says, and so does any part of them.
 */
export function watchedStandard(list: readonly Quirks[], note: Note): Quirks {
  return watched(list, note, {
    called:
      entries =>
      (standard, ...context) => {
        for (const { at, quirk } of entries) {
          if (!isSame((quirk as AnyFunction)(standard, ...context), standard)) note(at);
        }
        return standard;
      },
    read: () => undefined,
  });
}

/** As mergeQuirks() merges them, but noting which of them changed anything. A flag that is read is taken to. */
export function watchedQuirks(list: readonly Quirks[], note: Note): Quirks {
  return watched(list, note, {
    called:
      entries =>
      (standard, ...context) => {
        let value = standard;
        for (const { at, quirk } of entries) {
          const changed = (quirk as AnyFunction)(value, ...context);
          if (!isSame(changed, value)) note(at);
          value = changed;
        }
        return value;
      },
    read: entries => entries.at(-1)?.quirk,
  });
}

interface Watching {
  /** What stands for functions that are given what the Standard says. */
  readonly called: (entries: readonly Entry[]) => AnyFunction;
  /** What is read of anything else. */
  readonly read: (entries: readonly Entry[]) => unknown;
}

function watched(list: readonly Quirks[], note: Note, { called, read }: Watching): Quirks {
  const members = new Map<string, Entry[]>();
  for (const [at, quirks] of list.entries()) {
    for (const [name, quirk] of Object.entries(quirks)) {
      const entries = members.get(name);
      if (entries) entries.push({ at, quirk });
      else members.set(name, [{ at, quirk }]);
    }
  }
  const merged: Record<string, unknown> = {};
  for (const [name, entries] of members) {
    const given = !WITHOUT_STANDARD.has(name) && entries.every(({ quirk }) => typeof quirk === 'function');
    if (given) merged[name] = called(entries);
    else {
      const get = () => {
        for (const { at } of entries) note(at);
        return read(entries);
      };
      Object.defineProperty(merged, name, { get });
    }
  }
  return merged;
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && JSON.stringify(a, withSets) === JSON.stringify(b, withSets));

const withSets = (_name: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);
