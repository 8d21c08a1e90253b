/**
 * From a policy to the cases and probes that show whether a server keeps it. What the policy declares is sent as
 * declared, and a declared POST as a form of a site that the policy does not declare: where nothing shows an answer but
 * a POST, of one such site of each kind. Whatever else it does not declare is tried only with methods that are safe by
 * definition, or as a preflight without the request it asks for. No server's data is changed beyond what the policy
 * itself says.
 */
import { SHARED_ASKS } from './asks/index.ts';
import type { Ask, PageAttempt, SeenAnswers, WireProbe } from './attempts.ts';
import type { PolicyCheck } from './checks/check.ts';
import { CHECKS } from './checks/index.ts';
import type { PolicyPlan } from './plan.ts';

export interface Derived {
  readonly cases: readonly PageAttempt[];
  readonly probes: readonly WireProbe[];
}

const ALL_ASKS: readonly Ask[] = [...SHARED_ASKS, ...CHECKS.flatMap(({ ask }) => ask ?? [])];

/** What the answers to a question are also needed for: to read the failures of another one. */
export const CONTEXT: readonly string[] = ['no-origin', 'plain-options', 'guarded-preflight'];

/** The questions of these checks, in a fixed order. */
export function asksOf(checks: readonly PolicyCheck[] = CHECKS): Ask[] {
  const wanted = new Set(checks.flatMap(({ asks }) => asks));
  const needed = (id: string) => wanted.has(id) || (CONTEXT.includes(id) && wanted.has('allowed'));
  return ALL_ASKS.filter(({ id }) => needed(id));
}

/** The checks that read the answers to a question. */
export const checksOf = (ask: string): string[] =>
  CHECKS.filter(({ asks }) => asks.includes(ask)).map(({ id }) => id);

/** Everything to try. @param checks those that are wanted */
export function derive(plan: PolicyPlan, checks: readonly PolicyCheck[] = CHECKS): Derived {
  const all = asksOf(checks).map(ask => ask.attempts(plan));
  return {
    cases: numbered(all.flatMap(({ cases }) => cases ?? [])),
    probes: all.flatMap(({ probes }) => probes ?? []),
  };
}

/** What the first answers call for. */
export const followUps = (
  plan: PolicyPlan,
  seen: SeenAnswers,
  checks: readonly PolicyCheck[] = CHECKS,
): WireProbe[] => asksOf(checks).flatMap(ask => ask.followUps?.(plan, seen) ?? []);

/** Two names can become the same slug; the later one is numbered. */
function numbered(cases: readonly PageAttempt[]): PageAttempt[] {
  const count = new Map<string, number>();
  return cases.map(one => {
    const n = (count.get(one.case.id) ?? 0) + 1;
    count.set(one.case.id, n);
    return n === 1 ? one : { ...one, case: { ...one.case, id: `${one.case.id}-${n}` } };
  });
}
