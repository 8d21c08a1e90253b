/**
 * From a policy to the cases and probes that show whether a server keeps it. What the policy declares is sent
 * as declared; what it does not declare is tried only with methods that are safe by definition, or as a
 * preflight without the request it asks for. No server's data is changed beyond what the policy itself says.
 */
import { attackersFor } from './attackers.ts';
import { allowedCases, cacheCases, errorCases } from './derive-allowed.ts';
import { attackerCases, undeclaredCases } from './derive-denied.ts';
import { attackerProbes, plainProbes } from './derive-probes.ts';
import type { Derived, DerivedCase, WireProbe } from './derived.ts';
import type { Plan } from './plan.ts';
import { resolveResources } from './read.ts';
import type { ParsedConfig } from './schema.ts';

/**
 * Everything to try.
 * @param config checked by readConfig
 * @param url the URL by which browsers know the server; only its origin counts
 */
export function derive(config: ParsedConfig, url: string): Derived {
  const base = new URL(url).origin;
  const plan: Plan = { base, resources: resolveResources(config), config };
  const cases: DerivedCase[] = [];
  const probes: WireProbe[] = [];
  const left = new Map<string, ReturnType<typeof attackersFor>[number]>();
  const seenOrigins = new Set<string>();
  for (const resource of plan.resources) {
    const declared = resource.rules.map(rule => rule.declared).join(' ');
    const all = attackersFor(resource.rules, base);
    const attackers = seenOrigins.has(declared) ? all.filter(one => ESSENTIAL.has(one.id)) : all;
    seenOrigins.add(declared);
    for (const one of all) if (!one.browser) left.set(one.origin, one);
    const pages = attackers.filter(one => one.browser);
    cases.push(...allowedCases(plan, resource), ...cacheCases(plan, resource));
    cases.push(...undeclaredCases(plan, resource), ...attackerCases(plan, resource, pages));
    probes.push(...plainProbes(plan, resource), ...attackerProbes(plan, resource, pages));
  }
  cases.push(...errorCases(plan));
  return { cases: numbered(cases), probes, left: [...left.values()] };
}

/** Attackers for further resources with the same origins: a route can have its own matcher, but rarely its own kind of mistake. */
const ESSENTIAL = new Set([
  'unrelated-1',
  'null-1',
  'prefix-1',
  'suffix-1',
  'label-suffix-1',
  'subdomain-1',
  'dot-1',
]);

/** Two names can become the same slug; the later one is numbered. */
function numbered(cases: readonly DerivedCase[]): DerivedCase[] {
  const count = new Map<string, number>();
  return cases.map(one => {
    const n = (count.get(one.case.id) ?? 0) + 1;
    count.set(one.case.id, n);
    return n === 1 ? one : { ...one, case: { ...one.case, id: `${one.case.id}-${n}` } };
  });
}
