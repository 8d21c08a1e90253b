/** One list of findings from those of several parts of a run. */
import {
  type Evidence,
  explanationOf,
  type Finding,
  MOST_EVIDENCE,
  placesOf,
  SEVERITIES,
} from './finding.ts';

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
  return [...joined.values()].sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1));
}

const rankOf = ({ rank, severity }: Finding): number => rank ?? SEVERITIES.indexOf(severity) + 2;

/** What it is, without what was seen of it. */
const textOf = ({ explanation, details = [] }: Finding): string => {
  const seen = explanationOf('', details);
  return explanation.endsWith(seen) ? explanation.slice(0, explanation.length - seen.length) : explanation;
};

/** What a finding says, wherever and by whomever it was seen. */
function saying(finding: Finding): string {
  const { id, rule, fix, spec, fault, accepted = false } = finding;
  return JSON.stringify([id, rule, textOf(finding), fix, spec, fault, accepted]);
}

/** What an engine of one part saw may be worse than what stands on the wire for all of them. */
const isWorse = (one: Finding, other: Finding): boolean =>
  rankOf(one) < rankOf(other) || SEVERITIES.indexOf(one.severity) < SEVERITIES.indexOf(other.severity);

function join(one: Finding, other: Finding): Finding {
  const known = unique(placesOf(one));
  const all = unique([...known, ...placesOf(other)]);
  const places = all.length > known.length ? [...all].sort() : known;
  const origin = joinOrigins([one, other].flatMap(finding => finding.origin ?? []));
  const details = unique([...(one.details ?? []), ...(other.details ?? [])]);
  const evidence = new Map<string, Evidence>();
  for (const piece of [...one.evidence, ...other.evidence]) {
    const key = `${piece.engine} ${piece.saw}`;
    if (!evidence.has(key)) evidence.set(key, piece);
  }
  return {
    ...(isWorse(other, one) ? other : one),
    resource: places.join(', '),
    places,
    ...joinExactly(one, other),
    ...(origin !== '' && { origin }),
    ...union('origins', one, other),
    ...union('letIn', one, other),
    ...(details.length > 0 && { details, explanation: explanationOf(textOf(one), details) }),
    engines: unique([...one.engines, ...other.engines]).sort(),
    evidence: [...evidence.values()].slice(0, MOST_EVIDENCE),
  };
}

/** A list of both, if either has one. */
function union(name: 'origins' | 'letIn', one: Finding, other: Finding): Partial<Finding> {
  const all = unique([...(one[name] ?? []), ...(other[name] ?? [])]);
  return all.length > 0 ? { [name]: all } : {};
}

function joinExactly({ exactly: one }: Finding, { exactly: other }: Finding): Pick<Finding, 'exactly'> {
  if (!one || !other) return {};
  const places = unique([...Object.keys(one), ...Object.keys(other)]);
  return {
    exactly: Object.fromEntries(
      places.map(place => [place, unique([...(one[place] ?? []), ...(other[place] ?? [])]).sort()]),
    ),
  };
}

/** Of many origins a finding names the first ones and counts the rest; what two of them count may be the same. */
const REST = / and (\d+ )?more$/;

function joinOrigins(lists: readonly string[]): string {
  if (unique(lists).length < 2) return lists[0] ?? '';
  const named = unique(lists.flatMap(list => list.replace(REST, '').split(', '))).join(', ');
  return lists.some(list => REST.test(list)) ? `${named} and more` : named;
}
