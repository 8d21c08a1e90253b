/** One list of findings from those of several parts of a run. */
import { type Evidence, type Finding, SEVERITIES } from './finding.ts';

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/**
 * Joins the findings of a run's parts as if it had been one run: what engines in parts of their own came upon, and
 * what stands on the wire for every part. Findings that say different things, or of which the baseline accepts one
 * only, stay apart.
 *
 * @returns the findings, worst first, each with the places, the engines and the evidence of all parts
 */
export function joinFindings(findings: readonly Finding[]): Finding[] {
  const joined = new Map<string, Finding>();
  for (const finding of findings) {
    const key = saying(finding);
    const known = joined.get(key);
    joined.set(key, known ? join(known, finding) : finding);
  }
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return [...joined.values()].sort((a, b) => rank(a) - rank(b));
}

/** What a finding says, wherever and by whomever it was seen. */
function saying(finding: Finding): string {
  const { id, rule, severity, explanation, fix, spec, fault, accepted = false } = finding;
  return JSON.stringify([id, rule, severity, explanation, fix, spec, fault, accepted]);
}

function join(one: Finding, other: Finding): Finding {
  const places = unique([one, other].flatMap(({ places, resource }) => places ?? [resource])).sort();
  const origin = joinOrigins([one, other].flatMap(finding => finding.origin ?? []));
  const evidence = new Map<string, Evidence>();
  for (const piece of [...one.evidence, ...other.evidence]) evidence.set(JSON.stringify(piece), piece);
  return {
    ...one,
    resource: places.join(', '),
    places,
    ...(origin !== '' && { origin }),
    engines: unique([...one.engines, ...other.engines]).sort(),
    evidence: [...evidence.values()],
  };
}

/** Of many origins a finding names the first ones and counts the rest; what two of them count may be the same. */
const REST = / and (\d+ )?more$/;

function joinOrigins(lists: readonly string[]): string {
  if (unique(lists).length < 2) return lists[0] ?? '';
  const named = unique(lists.flatMap(list => list.replace(REST, '').split(', '))).join(', ');
  return lists.some(list => REST.test(list)) ? `${named} and more` : named;
}
