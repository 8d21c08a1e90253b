/** Which pages a part of a verification opens, where several machines share them. */
import type { Shard } from '../case/select.ts';
import type { PageAttempt } from './attempts.ts';
import { confirmations } from './confirm.ts';
import type { Derived } from './derive.ts';
import { PolicyEvidence } from './evidence.ts';

/**
 * One part of the pages. What the policy alone calls for is split evenly; what the answers call for goes by its place
 * among all attempts. So each attempt has one part, whatever a server answered in which part.
 */
export function shareOfPages(
  pages: readonly PageAttempt[],
  { derived, evidence: { plan }, shard }: SharedPages,
): PageAttempt[] {
  const always = confirmations(derived, new PolicyEvidence(plan, { runs: [], probes: [] }));
  const ranked = [...new Set([...always, ...derived.cases])];
  const rank = new Map(ranked.map((one, index) => [one, index]));
  return pages.filter(one => (rank.get(one) ?? 0) % shard.of === shard.part - 1);
}

interface SharedPages {
  readonly derived: Derived;
  readonly evidence: Pick<PolicyEvidence, 'plan'>;
  readonly shard: Shard;
}
