/** Which of the things that were seen are causes, and which only follow from another one. */
import type { Attacker } from '../attacker.ts';
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
const symptomsOf = (checks: readonly PolicyCheck[], evidence: PolicyEvidence): Seen[] =>
  checks.flatMap(check => check.symptoms(evidence).map(symptom => ({ check, symptom })));

function explains(root: Seen, other: Seen, all: readonly Symptom[]): boolean {
  const { explains: rule } = root.check;
  if (!rule || root.check.id === other.check.id) return false;
  if (rule.everywhere?.includes(other.check.id)) return true;
  if (rule.anywhere?.(other.symptom, root.symptom)) return true;
  if (root.symptom.resource === other.symptom.resource && rule.here?.includes(other.check.id)) return true;
  if (root.symptom.resource !== other.symptom.resource) return false;
  return rule.when?.(other.symptom, root.symptom, all) ?? false;
}

/** Everything that the checks see, and the causes in it. What explains a cause of a symptom explains that symptom, too. */
export function sortOut(checks: readonly PolicyCheck[], evidence: PolicyEvidence): Sorted {
  const seen = symptomsOf(checks, evidence);
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
  const explained = [...roots.keys()].map(one => ({ ...one, cause: causeOf(one) }));
  const asked = new Set(evidence.trials.map(({ about }) => askedOf(about.resource, about.attacker)));
  return {
    causes: seen
      .filter(one => !roots.has(one))
      .map(one => ({ ...one, check: causeElsewhere(one, explained, asked)?.check ?? one.check })),
    explained: explained.map(({ cause, ...one }) => ({ ...one, by: cause.check.id })),
  };
}

const askedOf = (resource: string, attacker: Attacker | undefined): string =>
  `${resource} ${attacker?.origin}`;

/**
 * Of further resources with the same origins only some attackers are asked: one that is let in there is let in by the
 * cause that explains it where all were asked, unless that was asked here, too.
 *
 * @param asked which attackers were asked of which resources
 */
function causeElsewhere(
  { check, symptom: { attacker, resource } }: Seen,
  explained: readonly (Seen & { readonly cause: Seen })[],
  asked: ReadonlySet<string>,
): Seen | undefined {
  if (!attacker) return undefined;
  return explained.find(({ check: same, symptom: other, cause }) => {
    const { attacker: decisive } = cause.symptom;
    if (same !== check || other.attacker?.origin !== attacker.origin) return false;
    return decisive !== undefined && !asked.has(askedOf(resource, decisive));
  })?.cause;
}
