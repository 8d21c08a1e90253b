/** What a run of the gallery leaves: which configurations keep their policies, and which mistakes were found. */
import { POLICY_IDS, type PolicyId } from './proof.ts';

/** What `verify` found, in short. */
export interface GalleryFinding {
  readonly rule: string;
  readonly severity: string;
}

/** One policy on one stack. */
export interface PolicyProof {
  readonly policy: PolicyId;
  /** The engines in which this was found. */
  readonly engines: readonly string[];
  readonly found: readonly GalleryFinding[];
  /** The rules that `configure` announced. */
  readonly announced: readonly string[];
  /** Whether exactly what was announced was found, in every engine that was asked. */
  readonly proven: boolean;
  /** Why it could not be said; absent if it could. */
  readonly trouble?: string;
}

/** One deliberate mistake. */
export interface MutationProof {
  readonly mistake: string;
  readonly policy: PolicyId;
  readonly wanted: string;
  readonly found: readonly string[];
  readonly proven: boolean;
  readonly trouble?: string;
}

/** The getting-started configuration, held against a policy. */
export interface GettingStartedProof {
  readonly policy: PolicyId;
  readonly source: string;
  readonly found: readonly GalleryFinding[];
  /** Ids of the checks that it keeps, and of those that are broken, also if another finding explains it. */
  readonly kept: readonly string[];
  readonly broken: readonly string[];
  readonly trouble?: string;
}

/** An engine that held the configurations against their policies. */
export interface GalleryEngine {
  readonly name: string;
  readonly version: string;
}

/** What the gallery knows of one stack. */
export interface GalleryEntry {
  /** The day of the run, as YYYY-MM-DD. */
  readonly date: string;
  readonly stack: string;
  readonly title: string;
  readonly ecosystem: string;
  /** Exact versions of what ran. */
  readonly versions: Readonly<Record<string, string>>;
  readonly engines: readonly GalleryEngine[];
  /** Why it was not run; absent if it was. */
  readonly notRun?: string;
  readonly policies: readonly PolicyProof[];
  readonly mutations: readonly MutationProof[];
  readonly gettingStarted?: GettingStartedProof;
}

/** A run of the gallery, as its file holds it. Entries can be of several days. */
export interface GalleryRecord {
  readonly entries: readonly GalleryEntry[];
  /** How many of the stacks were done when the run was interrupted; absent if all were. */
  readonly interrupted?: { readonly done: number; readonly of: number };
}

/** Whether everything about a stack is as it must be. What was not run is neither. */
export const isProven = (entry: GalleryEntry): boolean =>
  entry.notRun === undefined &&
  entry.policies.every(one => one.proven) &&
  entry.mutations.every(one => one.proven);

/** Names of the engines that saw all policies of a stack, and of those that saw some. */
export function enginesOfPolicies({ policies }: GalleryEntry): {
  readonly all: readonly string[];
  readonly some: readonly string[];
} {
  const names = [...new Set(policies.flatMap(one => one.engines))];
  const sawAll = (name: string) => policies.every(one => one.engines.includes(name));
  return { all: names.filter(sawAll), some: names.filter(name => !sawAll(name)) };
}

const sameVersions = (a: GalleryEntry, b: GalleryEntry): boolean =>
  JSON.stringify(a.versions) === JSON.stringify(b.versions);

/** What is proven in one run and in another one is proven in the engines of both. */
function mergePolicy(before: PolicyProof | undefined, after: PolicyProof): PolicyProof {
  if (!before?.proven || !after.proven || before.announced.join() !== after.announced.join()) return after;
  return { ...after, engines: [...new Set([...before.engines, ...after.engines])] };
}

function mergeEntry(before: GalleryEntry, after: GalleryEntry): GalleryEntry {
  if (after.notRun !== undefined || before.notRun !== undefined || !sameVersions(before, after)) return after;
  const policies = POLICY_IDS.flatMap(id => {
    const own = after.policies.find(one => one.policy === id);
    const old = before.policies.find(one => one.policy === id);
    return own ? mergePolicy(old, own) : (old ?? []);
  });
  const engines = [...after.engines, ...before.engines].filter(
    (one, i, all) => all.findIndex(other => other.name === one.name) === i,
  );
  const gettingStarted = after.gettingStarted ?? before.gettingStarted;
  return {
    ...after,
    policies,
    engines,
    mutations: after.mutations.length > 0 ? after.mutations : before.mutations,
    ...(gettingStarted && { gettingStarted }),
  };
}

/**
 * Adds a run to what earlier ones found. A stack with other versions begins anew.
 * @param order the stacks' ids in the order of the record; entries of others are left out
 */
export function mergeGalleryRecords(
  before: GalleryRecord,
  after: GalleryRecord,
  order: readonly string[],
): GalleryRecord {
  return {
    entries: order.flatMap(id => {
      const old = before.entries.find(one => one.stack === id);
      const own = after.entries.find(one => one.stack === id);
      return own && old ? mergeEntry(old, own) : (own ?? old ?? []);
    }),
  };
}
