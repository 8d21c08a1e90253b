/** Changes that somebody has accepted: what is intended does not fail a comparison, and what no longer happens is stale. */
import { z } from 'zod';
import { idTellsAll } from './causes.ts';
import type { Change } from './change.ts';
import type { Transition } from './transitions.ts';

export const ACCEPT_SCHEMA = 'cors-conformance/accepted-changes/2';
/** It named changes by their ids only, which do not say of a list what came and went. */
export const FIRST_ACCEPT_SCHEMA = 'cors-conformance/accepted-changes/1';

const common = {
  /** The id of a change. */
  id: z.string(),
  /** The change in words, for whoever reads the file: nothing goes by it. */
  what: z.string().optional(),
  /** Why it is intended. */
  reason: z.string(),
};

const acceptedSchema = z.strictObject({
  ...common,
  /** What may change in how far, and the ids of the requests in which it may show so. */
  transitions: z
    .array(z.strictObject({ transition: z.string(), requests: z.array(z.string()).readonly() }))
    .readonly(),
});

const firstAcceptedSchema = z.strictObject({ ...common, requests: z.array(z.string()).readonly() });

export const acceptFileSchema = z.discriminatedUnion('schema', [
  z.strictObject({ schema: z.literal(ACCEPT_SCHEMA), changes: z.array(acceptedSchema).readonly() }),
  z.strictObject({
    schema: z.literal(FIRST_ACCEPT_SCHEMA),
    changes: z.array(firstAcceptedSchema).readonly(),
  }),
]);

/** What is written. */
export interface AcceptFile {
  readonly schema: typeof ACCEPT_SCHEMA;
  readonly changes: readonly z.infer<typeof acceptedSchema>[];
}
/** What is read: also files of the first version. */
export type ReadAcceptFile = z.infer<typeof acceptFileSchema>;
type AcceptedChange = ReadAcceptFile['changes'][number];

/** An entry for what no longer happens. */
export interface StaleEntry {
  readonly id: string;
  readonly reason: string;
  /** What happens in its place, if the entry looks much like it. */
  readonly note?: string;
}

/** What of a change the entries for it cover, and what not. */
export interface AcceptedInPart {
  readonly covered: readonly Transition[];
  readonly uncovered: readonly Transition[];
}

export interface Accepted<C> {
  readonly changes: readonly (C & { readonly accepted?: string; readonly acceptedInPart?: AcceptedInPart })[];
  readonly stale: readonly StaleEntry[];
}

type Acceptable = Pick<Change, 'id' | 'effect' | 'cause' | 'requests' | 'transitions'>;

const texts = (transitions: readonly Transition[]): string =>
  transitions.map(({ transition }) => transition).join(' / ');

/** Whether the entry is about what changes here, if not in all of these requests. */
function isAbout(entry: AcceptedChange, change: Acceptable): boolean {
  if (entry.id !== change.id) return false;
  if (!('transitions' in entry)) return idTellsAll(change);
  return change.transitions.some(({ transition }) =>
    entry.transitions.some(one => one.transition === transition),
  );
}

/** The requests in which an entry accepts a transition; null if it does not. */
function requestsOf(entry: AcceptedChange, transition: string): readonly string[] | null {
  if (!('transitions' in entry)) return entry.requests;
  return entry.transitions.find(one => one.transition === transition)?.requests ?? null;
}

/** @param entries those that are about this change */
function coverage(entries: readonly AcceptedChange[], change: Acceptable): AcceptedInPart {
  const covered: Transition[] = [];
  const uncovered: Transition[] = [];
  for (const { transition, requests } of change.transitions) {
    const accepted = entries.map(entry => requestsOf(entry, transition)).filter(one => one !== null);
    const [within, beyond] = [true, false].map(wanted =>
      requests.filter(id => accepted.some(one => one.includes(id)) === wanted),
    ) as [string[], string[]];
    if (accepted.length > 0 && beyond.length === 0) covered.push({ transition, requests });
    else {
      if (within.length > 0) covered.push({ transition, requests: within });
      uncovered.push({ transition, requests: beyond });
    }
  }
  return { covered, uncovered };
}

/** Why an entry no longer stands for a change that goes by the same id. */
function noteOf(entry: AcceptedChange, changes: readonly Acceptable[]): string | undefined {
  const like = changes.find(({ id }) => id === entry.id);
  if (!('transitions' in entry))
    return 'the entry is of an earlier version, which kept no values: see whether what changes now is meant, and let --update-accept write it anew';
  return like && `accepted was ${texts(entry.transitions)}, and now it is ${texts(like.transitions)}`;
}

/**
 * Marks the changes that a file accepts: those of which each transition is in it, for each request in which it shows.
 * Anything else of the same cause is not accepted, and the entry is stale if nothing of it happens.
 * @param file null if nothing is accepted
 */
export function acceptChanges<C extends Acceptable>(
  changes: readonly C[],
  file: ReadAcceptFile | null,
): Accepted<C> {
  const entries: readonly AcceptedChange[] = file?.changes ?? [];
  const used = new Set<AcceptedChange>();
  const marked = changes.map(change => {
    const about = entries.filter(entry => isAbout(entry, change));
    for (const entry of about) used.add(entry);
    const [first] = about;
    if (!first) return change;
    const acceptedInPart = coverage(about, change);
    if (acceptedInPart.uncovered.length > 0) return { ...change, acceptedInPart };
    const reasons = new Set(about.map(({ reason }) => reason));
    return { ...change, accepted: [...reasons].join('; ') };
  });
  const stale = entries
    .filter(entry => !used.has(entry))
    .map(entry => {
      const note = noteOf(entry, changes);
      return { id: entry.id, reason: entry.reason, ...(note !== undefined && { note }) };
    });
  return { changes: marked, stale };
}

/** A file that accepts all of these changes; reasons that were written for the same before are kept. */
export function acceptFileOf(
  changes: readonly (Acceptable & Pick<Change, 'level' | 'seen' | 'meaning'>)[],
  before: ReadAcceptFile | null,
  reason: string,
): AcceptFile {
  const entries: readonly AcceptedChange[] = before?.changes ?? [];
  return {
    schema: ACCEPT_SCHEMA,
    changes: changes
      .filter(({ level }) => level !== 'form')
      .map(change => {
        const { id, transitions, seen, meaning } = change;
        return {
          id,
          transitions,
          what: [seen && `${seen.before} → ${seen.after}`, meaning].filter(Boolean).join(': ') || id,
          reason: entries.find(entry => isAbout(entry, change))?.reason ?? reason,
        };
      }),
  };
}
