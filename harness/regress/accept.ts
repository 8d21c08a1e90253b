/** Changes that somebody has accepted: what is intended does not fail a comparison, and what no longer happens is stale. */
import { z } from 'zod';
import type { Change } from './change.ts';

export const ACCEPT_SCHEMA = 'cors-conformance/accepted-changes/1';

const acceptedSchema = z.strictObject({
  /** The id of a change. */
  id: z.string(),
  /** The ids of the requests in which it may show. */
  requests: z.array(z.string()).readonly(),
  /** The change in words, for whoever reads the file: nothing goes by it. */
  what: z.string().optional(),
  /** Why it is intended. */
  reason: z.string(),
});

export const acceptFileSchema = z.strictObject({
  schema: z.literal(ACCEPT_SCHEMA),
  changes: z.array(acceptedSchema).readonly(),
});

export type AcceptFile = z.infer<typeof acceptFileSchema>;
export type AcceptedChange = AcceptFile['changes'][number];

export interface Accepted<C> {
  readonly changes: readonly (C & { readonly accepted?: string })[];
  /** Entries for what no longer happens. */
  readonly stale: readonly AcceptedChange[];
}

/**
 * Marks the changes that a file accepts. One that also shows in a request which its entry does not name is not accepted.
 * @param file null if nothing is accepted
 */
export function acceptChanges<C extends Pick<Change, 'id' | 'requests'>>(
  changes: readonly C[],
  file: AcceptFile | null,
): Accepted<C> {
  const entries = file?.changes ?? [];
  const used = new Set<AcceptedChange>();
  const marked = changes.map(change => {
    const entry = entries.find(({ id }) => id === change.id);
    if (!entry) return change;
    used.add(entry);
    const covered = change.requests.every(({ id }) => entry.requests.includes(id));
    return covered ? { ...change, accepted: entry.reason } : change;
  });
  return { changes: marked, stale: entries.filter(entry => !used.has(entry)) };
}

/** A file that accepts all of these changes; reasons that were written before are kept. */
export function acceptFileOf(
  changes: readonly Pick<Change, 'id' | 'level' | 'requests' | 'seen' | 'meaning'>[],
  before: AcceptFile | null,
  reason: string,
): AcceptFile {
  return {
    schema: ACCEPT_SCHEMA,
    changes: changes
      .filter(({ level }) => level !== 'form')
      .map(({ id, requests, seen, meaning }) => ({
        id,
        requests: requests.map(request => request.id),
        what: [seen && `${seen.before} → ${seen.after}`, meaning].filter(Boolean).join(': ') || id,
        reason: before?.changes.find(one => one.id === id)?.reason ?? reason,
      })),
  };
}
