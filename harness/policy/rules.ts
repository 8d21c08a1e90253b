/**
 * From what the runs showed to findings: one per fault. Symptoms are collected, those that another one explains are
 * left out, and what remains is merged over places, origins, engines and repetitions.
 */
import type { Evidence, Finding } from '../verdict/finding.ts';
import { ATTACKER_KINDS, IMPLIES } from './attackers.ts';
import type { DerivedSeverity } from './derived.ts';
import { fixFor, stackOf } from './fixes.ts';
import { attackerRule, RULES, type RuleId } from './rule-texts.ts';
import { allowedSymptoms } from './rules-allowed.ts';
import { deniedSymptoms } from './rules-denied.ts';
import { wireSymptoms } from './rules-wire.ts';
import type { Stack } from './schema.ts';
import { type Evidenced, exchangesOf, type Symptom } from './symptoms.ts';

const RANK: Readonly<Record<DerivedSeverity, number>> = { error: 0, warning: 1, note: 2 };

/** What a rule explains away: in the same resource, or everywhere. */
interface Root {
  readonly everywhere?: readonly RuleId[];
  readonly here?: readonly RuleId[];
}

const BLOCKED: readonly RuleId[] = [
  'preflight-auth',
  'preflight-not-routed',
  'preflight-status',
  'preflight-without-cors',
  'response-without-cors',
  'origin-not-allowed',
  'header-not-allowed',
  'method-not-allowed',
];

const ROOTS: Readonly<Partial<Record<RuleId, Root>>> = {
  'no-answer': { here: [...BLOCKED, 'vary-missing', 'no-origin-refused', 'resource-fails'] },
  'answer-changes': {
    here: [...BLOCKED, 'vary-missing', 'error-without-cors'],
    everywhere: ['error-without-cors'],
  },
  'origin-not-allowed': { here: ['vary-missing', 'resource-fails'], everywhere: ['error-without-cors'] },
  'response-without-cors': { everywhere: ['error-without-cors'] },
  'wildcard-with-credentials': { everywhere: ['origin-wildcard'] },
  'max-age-missing': { here: ['max-age-ignored'] },
  'max-age-malformed': { here: ['max-age-ignored'] },
  'max-age-differs': { here: ['max-age-ignored'] },
  'expose-missing': { here: ['expose-undeclared'] },
  'origin-reflected': { everywhere: ['credentials-undeclared', 'wildcard-with-credentials'] },
};

/** Attackers that one broader kind explains. */
function impliedRules(present: ReadonlySet<RuleId>): Set<RuleId> {
  const implied = new Set<RuleId>();
  for (const kind of ATTACKER_KINDS) {
    if (kind === 'form' || !present.has(attackerRule(kind))) continue;
    for (const other of IMPLIES[kind] ?? [])
      if (other !== kind && other !== 'form') implied.add(attackerRule(other));
  }
  return implied;
}

/** The symptoms that no other one explains. */
export function rootSymptoms(symptoms: readonly Symptom[]): Symptom[] {
  const present = new Set(symptoms.map(one => one.rule));
  const implied = impliedRules(present);
  return symptoms.filter(one => {
    if (implied.has(one.rule)) return false;
    return !symptoms.some(other => {
      const root = other.rule === one.rule ? undefined : ROOTS[other.rule];
      if (!root) return false;
      return (
        root.everywhere?.includes(one.rule) ||
        (other.resource === one.resource && root.here?.includes(one.rule))
      );
    });
  });
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/** At most so many pieces of evidence per finding; the rest says the same. */
const EVIDENCE = 8;

function evidenceOf(symptoms: readonly Symptom[]): Evidence[] {
  const seen = new Set<string>();
  const evidence: Evidence[] = [];
  for (const one of symptoms) {
    const key = `${one.engine} ${one.saw}`;
    if (seen.has(key)) continue;
    seen.add(key);
    evidence.push({
      ...(one.engine && { engine: one.engine }),
      ...(one.case && { case: one.case }),
      saw: one.saw,
    });
  }
  return evidence.slice(0, EVIDENCE);
}

const someOf = (values: readonly string[]): string =>
  values.length <= 4 ? values.join(', ') : `${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;

function finding(rule: RuleId, symptoms: readonly Symptom[], stack: Stack | null): Finding {
  const { severity, text, spec, mend } = RULES[rule];
  const worst = symptoms.map(one => one.severity ?? severity).reduce((a, b) => (RANK[a] <= RANK[b] ? a : b));
  const places = unique(symptoms.map(one => one.place)).sort();
  const origins = unique(symptoms.flatMap(one => one.origin ?? []));
  const details = unique(symptoms.flatMap(one => one.detail ?? []));
  const shown = details.slice(0, 3);
  if (details.length > shown.length) shown.push(`And ${details.length - shown.length} more of the kind.`);
  const fix = fixFor(mend, stack);
  return {
    id: rule,
    rule,
    severity: worst,
    resource: places.join(', '),
    places,
    ...(origins.length > 0 && { origin: someOf(origins) }),
    engines: unique(symptoms.flatMap(one => one.engine ?? [])).sort(),
    explanation: [text, ...shown].join(' '),
    ...(fix && { fix }),
    spec,
    fault: symptoms.some(one => one.fault === 'engine') ? 'engine' : 'server',
    evidence: evidenceOf(symptoms),
  };
}

/**
 * The findings of a run, worst first.
 * @param evidenced what ran: cases by engines, probes
 * @param declared the stack that the configuration names; guessed from the answers where null
 */
export function findFaults(evidenced: Evidenced, declared: Stack | null = null): Finding[] {
  const symptoms = rootSymptoms([
    ...allowedSymptoms(evidenced),
    ...deniedSymptoms(evidenced),
    ...wireSymptoms(evidenced),
  ]);
  const answers = [
    ...evidenced.runs.flatMap(exchangesOf),
    ...evidenced.probes.map(one => one.exchange),
  ].flatMap(one => (one.response ? [one.response.headers] : []));
  const stack = declared ?? stackOf(answers);
  const rules = unique(symptoms.map(one => one.rule));
  return rules
    .map(rule =>
      finding(
        rule,
        symptoms.filter(one => one.rule === rule),
        stack,
      ),
    )
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || (a.rule < b.rule ? -1 : 1));
}
