/**
 * Origins that a policy does not allow but that careless matching lets through, derived from each declared origin and
 * from the target's own host. The kinds are those that scanners and advisories name; each is a check of its own, in
 * checks/origin-*.ts.
 */
import type { AttackedOrigins, Attacker, OriginParts } from './attacker.ts';
import { ORIGIN_CHECKS } from './checks/origins.ts';
import { isAllowed, isPageOrigin, type OriginRule, sampleOrigins } from './config/origins.ts';

export function partsOf(origin: string, pattern = false, index = 0): OriginParts | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^:/]+|\[[^\]]+\])(:\d+)?$/.exec(origin);
  return (
    match && {
      origin,
      scheme: match[1] as string,
      host: match[2] as string,
      port: match[3] ?? '',
      pattern,
      index,
    }
  );
}

/**
 * One look-alike of each kind that careless matching lets in most often, by id. What explains others comes before them.
 */
export const LOOK_ALIKES: readonly string[] = [
  'contains-1',
  'suffix-1',
  'prefix-1',
  'sibling-1',
  'label-suffix-1',
  'subdomain-1',
  'dot-1',
  'scheme-1',
  'port-1',
];

/** Reserved by RFC 2606: nobody can own them, so nothing here points at a real site. */
const EVIL = ['evil.example', 'evil.test', 'evil.invalid'];

/** An attacker's domain must not share its suffix with a declared origin: a wildcard there would seem to allow any site. */
function evilFor(origins: readonly string[]): string {
  const suffixes = new Set(origins.map(origin => /\.([a-z]+)(?::\d+)?$/.exec(origin)?.[1]));
  return EVIL.find(name => !suffixes.has(name.split('.')[1])) ?? 'evil.invalid';
}

function attackedBy(rules: readonly OriginRule[], target: string): AttackedOrigins {
  // Names mean nothing in the origins of extensions and apps.
  const sources = rules.filter(
    rule => ['exact', 'pattern'].includes(rule.kind) && /^https?:/.test(rule.samples[0] ?? ''),
  );
  const declared = sources.flatMap(
    (rule, index) => partsOf(rule.samples[0] as string, rule.kind === 'pattern', index) ?? [],
  );
  const own = partsOf(target, false, declared.length);
  return {
    declared: sampleOrigins(sources).flatMap((origin, index) => partsOf(origin, false, index) ?? []),
    around: own ? [...declared, own] : declared,
    evil: evilFor([...sampleOrigins(rules), target]),
  };
}

/** What is sent as Origin by browsers: a serialized origin that URL parsers leave alone, or null. */
const isSent = (origin: string): boolean =>
  origin === 'null' || !/^https?:/.test(origin) || isPageOrigin(origin);

/**
 * Attacker origins for a resource, in a fixed order, without repetition, none of them allowed by the policy.
 * @param rules the declared origins
 * @param target the origin that browsers know the server by
 */
export function attackersFor(rules: readonly OriginRule[], target: string): Attacker[] {
  const attacked = attackedBy(rules, target);
  const seen = new Set<string>([target]);
  return ORIGIN_CHECKS.flatMap(check => {
    let count = 0;
    return check.attackers(attacked).flatMap(({ origin, why, from }): Attacker[] => {
      if (seen.has(origin) || isAllowed(rules, origin) || !isSent(origin)) return [];
      seen.add(origin);
      const browser = origin === 'null' || /^https?:/.test(origin);
      const id = `${check.kind}-${++count}`;
      return [{ id, kind: check.kind, origin, why, browser, ...(from !== undefined && { from }) }];
    });
  });
}
