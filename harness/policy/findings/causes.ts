/** Which of the things that were seen are causes, and which only follow from another one. */
import type { PolicyCheck } from '../checks/check.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { Symptom } from '../trial.ts';

/** A symptom with the check that it belongs to. */
export interface Seen {
  readonly check: PolicyCheck;
  readonly symptom: Symptom;
}

export interface Sorted {
  readonly causes: readonly Seen[];
  /** Symptoms that a cause explains. */
  readonly explained: readonly (Seen & { readonly by: string })[];
}

/** Everything that the checks see. */
export const symptomsOf = (checks: readonly PolicyCheck[], evidence: PolicyEvidence): Seen[] =>
  checks.flatMap(check => check.symptoms(evidence).map(symptom => ({ check, symptom })));

function explains(root: Seen, other: Seen, all: readonly Symptom[]): boolean {
  const { explains: rule } = root.check;
  if (!rule || root.check.id === other.check.id) return false;
  if (rule.everywhere?.includes(other.check.id)) return true;
  if (root.symptom.resource === other.symptom.resource && rule.here?.includes(other.check.id)) return true;
  if (root.symptom.resource !== other.symptom.resource) return false;
  return rule.when?.(other.symptom, root.symptom, all) ?? false;
}

/** Leaves the causes. What explains a cause of another symptom explains that symptom, too. */
export function sortOut(seen: readonly Seen[]): Sorted {
  const all = seen.map(({ symptom }) => symptom);
  const roots = new Map<Seen, Seen>();
  for (const one of seen) {
    const root = seen.find(other => explains(other, one, all) && !explains(one, other, all));
    if (root) roots.set(one, root);
  }
  const causeOf = (one: Seen): Seen => {
    let cause = one;
    for (let root = roots.get(cause); root; root = roots.get(cause)) cause = root;
    return cause;
  };
  return {
    causes: seen.filter(one => !roots.has(one)),
    explained: [...roots.keys()].map(one => ({ ...one, by: causeOf(one).check.id })),
  };
}
