/** Which origins that the policy does not declare are tried on which of its resources. */
import { remembered } from '../../standard/remember.ts';
import type { Attacker } from '../attacker.ts';
import { attackersFor, LOOK_ALIKES } from '../attackers.ts';
import type { PolicyResource } from '../config/read.ts';
import { type PolicyPlan, safeMethodOf } from '../plan.ts';

/** Any site; and the pages of anybody. */
export const ANY_SITE = 'unrelated-1';
export const STRANGERS: readonly string[] = [ANY_SITE, 'null-1'];

/**
 * For further resources with the same origins: a route can have its own matcher, but rarely its own kind of mistake.
 * What explains an essential one is asked with it: the same mistake must have the same name on every route.
 */
const FURTHER = new Set([...STRANGERS, ...LOOK_ALIKES]);

/** What is left over from development stands in the list of one route as often as in that of another. */
const LEFTOVER = 'http://localhost:3000';

export interface Attacked {
  readonly resource: PolicyResource;
  readonly attackers: readonly Attacker[];
  /** Those whose form is sent, if the resource takes a POST: without a method that changes nothing only a form shows the answer. */
  readonly forms: readonly Attacker[];
}

/**
 * Each resource with the attackers that are tried on it. Several questions ask it of the same plan, and a plan may have
 * thousands of resources: those with the same origins have the same attackers. The first of them that has a safe method
 * is asked by all, and so is the first that has none, since the one is asked by requests and the other by preflights.
 */
export const attacked = remembered((plan: PolicyPlan): Attacked[] => {
  const further = new Map<string, readonly Attacker[]>();
  return plan.resources.map(resource => {
    const isSafe = safeMethodOf(resource) !== undefined;
    const alike = `${isSafe} ${resource.rules.map(rule => rule.declared).join(' ')}`;
    const few = further.get(alike);
    const attackers = few ?? attackersFor(resource.rules, plan.base);
    if (!few)
      further.set(
        alike,
        attackers.filter(one => FURTHER.has(one.id) || one.origin === LEFTOVER),
      );
    const first = few ? new Set(STRANGERS) : FURTHER;
    const forms = attackers.filter(({ id }) => (isSafe ? id === ANY_SITE : first.has(id)));
    return { resource, attackers, forms };
  });
});

type Make<T> = (plan: PolicyPlan, resource: PolicyResource, attacker: Attacker) => T[];

/** Whatever is made of each resource and each of its attackers, in their order. */
export const forEachAttacker = <T>(plan: PolicyPlan, make: Make<T>): T[] =>
  attacked(plan).flatMap(({ resource, attackers }) =>
    attackers.flatMap(attacker => make(plan, resource, attacker)),
  );
