/** What mends a finding: what its symptoms ask for, which need not be one kind of change. */
import type { Concept, PolicyCheck } from '../checks/check.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { PolicyValues } from '../policy-values.ts';
import type { Symptom } from '../trial.ts';
import { fixInBytes, type KnownStack, type Remedy, remedyFor, remedyValues, type Wrong } from './remedies.ts';

/** What is wrong in one place: what the symptom says of it, else what its check says. */
export function wrongIn(
  check: Pick<PolicyCheck, 'fixes' | 'fixesToo' | 'send'>,
  { fixes, send }: Pick<Symptom, 'fixes' | 'send'>,
): Wrong {
  if (fixes === undefined || fixes === check.fixes) return { ...wrongOf(check), ...(send && { send }) };
  return { fixes, ...(send && { send }) };
}

const wrongOf = ({ fixes, fixesToo, send }: Wrong): Wrong => ({
  fixes,
  ...(fixesToo && { fixesToo }),
  ...(send && { send }),
});

interface Found {
  /** The symptom whose answer is shown. */
  readonly shown: Symptom;
  readonly seen: readonly Symptom[];
  readonly evidence: PolicyEvidence;
  readonly stack: KnownStack | null;
}

/** Lines that only one of them may stand in an answer: two of the same are as bad as a wrong one. */
const SINGLE = /"(Access-Control-(?:Allow-Origin|Allow-Credentials|Max-Age)): [^"]*"/gi;

/** What to say of lines that a fix wants sent, and that the answer has more than once. */
function onceToo(fix: string, { exchange }: Symptom): string[] {
  const headers = exchange?.response?.headers ?? [];
  const names = new Set([...fix.matchAll(SINGLE)].map(([, name]) => name as string));
  return [...names].flatMap(name => {
    const lines = headers.filter(([own]) => own.toLowerCase() === name.toLowerCase()).length;
    return lines > 1 ? [`Send ${name} once: two layers may each add it.`] : [];
  });
}

/** @returns null if nothing on the server helps */
export function remedyOf(check: PolicyCheck, { shown, seen, evidence, stack }: Found): Remedy | null {
  const valuesFor = ({ resource, origin }: Symptom): PolicyValues | null => {
    const own = evidence.resource(resource) ?? evidence.plan.resources[0];
    return own ? remedyValues(own, evidence.plan, origin) : null;
  };
  const values = valuesFor(shown);
  if (!values) return null;
  const wrong = wrongIn(check, shown);
  const known = new Set<Concept>([wrong.fixes]);
  const others = seen.flatMap(symptom => {
    const other = wrongIn(check, symptom);
    const own = known.has(other.fixes) ? null : valuesFor(symptom);
    known.add(other.fixes);
    return (own && fixInBytes(other, own)) ?? [];
  });
  const bytes = fixInBytes(wrong, values) ?? '';
  return remedyFor(wrong, values, stack, [...onceToo(bytes, shown), ...others]);
}
