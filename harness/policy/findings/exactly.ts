/** What exactly a finding is at each of its places, for baselines: the same words in every run in which it is the same. */
import { RANKS } from '../../verdict/finding.ts';
import type { PolicyCheck } from '../checks/check.ts';
import type { Symptom } from '../trial.ts';

const READ = 'undeclared sites read';
const READ_WITH_CREDENTIALS = 'undeclared sites read with credentials';
const CARRIED_OUT = 'requests of undeclared sites are carried out';

/** Attackers by what they achieve: their own names follow from the check, and may hold a port that is new each time. */
function whoOf({ attacker, carriedOut, credentials, otherAnswer, origin }: Symptom): string[] {
  if (!attacker) return origin === undefined ? [] : [origin];
  if (carriedOut) return [CARRIED_OUT];
  if (otherAnswer !== undefined)
    return [`undeclared sites read the ${otherAnswer} answer${credentials ? ' with credentials' : ''}`];
  return credentials ? [READ, READ_WITH_CREDENTIALS] : [READ];
}

/** @returns by place: names, values, engines and origins for which it shows; places without any of these are left out */
export function exactlyOf(
  { rank }: Pick<PolicyCheck, 'rank'>,
  symptoms: readonly Symptom[],
): Record<string, string[]> {
  const byPlace = new Map<string, Set<string>>();
  for (const symptom of symptoms) {
    const { place, names = [], exactly, engine } = symptom;
    const seen = byPlace.get(place) ?? new Set();
    byPlace.set(place, seen);
    for (const one of [...names, ...whoOf(symptom)]) seen.add(one);
    if (exactly !== undefined) seen.add(exactly);
    if (rank === RANKS.engine && engine !== undefined) seen.add(engine);
  }
  return Object.fromEntries(
    [...byPlace].flatMap(([place, seen]) => (seen.size > 0 ? [[place, [...seen].sort()] as const] : [])),
  );
}
