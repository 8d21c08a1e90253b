/** Cases for what the policy does not declare: script must not get it. Only safe methods are used. */
import type { Attacker } from './attackers.ts';
import { type About, type DerivedCase, pageFor, requestOf, SPEC, step, urlAt } from './derived.ts';
import { unsafeHeaderNames } from './names.ts';
import { originsOf, type Plan, safeMethodOf } from './plan.ts';
import { type PolicyResource, slug } from './read.ts';

/** Safe by RFC 4918, known to every HTTP parser, and never sent without a preflight. */
const SAFE_CUSTOM_METHOD = 'PROPFIND';
export const UNDECLARED_HEADER = 'x-cors-conformance-undeclared';

const about = (
  resource: PolicyResource,
  own: Pick<About, 'check' | 'origin' | 'method' | 'credentials' | 'checks' | 'severity'>,
): About => ({
  ...own,
  resource: resource.name,
  path: resource.path,
  headers: unsafeHeaderNames(resource.headers),
});

/** A method, a request header and credentials that the policy does not declare, from a declared origin. */
export function undeclaredCases(plan: Plan, resource: PolicyResource): DerivedCase[] {
  const origin = originsOf(resource)[0];
  if (origin === undefined) return [];
  const url = urlAt(plan.base, resource.path);
  const { credentials } = resource;
  const cases: DerivedCase[] = [];
  const safe = safeMethodOf(resource);
  if (!resource.methods.includes(SAFE_CUSTOM_METHOD))
    cases.push({
      case: {
        id: `undeclared-method/${slug(resource.name)}`,
        title: `${SAFE_CUSTOM_METHOD} ${resource.path}, which the policy does not declare, is blocked`,
        spec: [SPEC.preflight],
        ...pageFor(origin),
        steps: [
          step(requestOf(resource, url, { method: SAFE_CUSTOM_METHOD, credentials }), {
            outcome: 'blocked',
            blockedAt: 'preflight',
            actual: 'not sent',
          }),
        ],
      },
      about: about(resource, {
        check: 'undeclared-method',
        origin,
        method: SAFE_CUSTOM_METHOD,
        credentials,
        severity: 'warning',
        checks: 'A method that the policy does not declare must not pass the preflight.',
      }),
    });
  if (safe && !resource.requestHeaders.includes('*')) {
    const base = about(resource, {
      check: 'undeclared-header',
      origin,
      method: safe,
      credentials,
      severity: 'warning',
      checks: 'A request header that the policy does not declare must not pass the preflight.',
    });
    cases.push({
      case: {
        id: `undeclared-header/${slug(resource.name)}`,
        title: `${safe} ${resource.path} with a request header that the policy does not declare is blocked`,
        spec: [SPEC.preflight],
        ...pageFor(origin),
        steps: [
          step(requestOf(resource, url, { method: safe, credentials, headers: [[UNDECLARED_HEADER, '1']] }), {
            outcome: 'blocked',
            blockedAt: 'preflight',
            actual: 'not sent',
          }),
        ],
      },
      about: { ...base, headers: [...base.headers, UNDECLARED_HEADER].sort() },
    });
  }
  if (safe && !credentials) {
    const anybody = resource.rules.some(rule => rule.kind === 'any');
    cases.push({
      case: {
        id: `undeclared-credentials/${slug(resource.name)}`,
        title: `${safe} ${resource.path} with credentials, which the policy does not declare, is blocked`,
        spec: [SPEC.credentials],
        ...pageFor(origin),
        steps: [step(requestOf(resource, url, { method: safe, credentials: true }), { outcome: 'blocked' })],
      },
      about: about(resource, {
        check: 'undeclared-credentials',
        origin,
        method: safe,
        credentials: true,
        severity: anybody ? 'error' : 'warning',
        checks:
          'Without declared credentials, an answer to a request that includes them must not be readable.',
      }),
    });
  }
  return cases;
}

/** Each attacker asks twice: without credentials, then with them. Resources without a safe method get probes instead. */
export function attackerCases(
  plan: Plan,
  resource: PolicyResource,
  attackers: readonly Attacker[],
): DerivedCase[] {
  const safe = safeMethodOf(resource);
  if (!safe) return [];
  const url = urlAt(plan.base, resource.path);
  return attackers.map(attacker => ({
    case: {
      id: `attacker/${slug(`${resource.name} ${attacker.id}`)}`,
      title: `${safe} ${resource.path} is not readable by ${attacker.origin}`,
      spec: [SPEC.check],
      ...pageFor(attacker.origin),
      steps: [false, true].map(credentials =>
        step(requestOf(resource, url, { method: safe, credentials }), { outcome: 'blocked' }),
      ),
    },
    about: {
      ...about(resource, {
        check: 'attacker',
        origin: attacker.origin,
        method: safe,
        credentials: true,
        severity: 'error',
        checks: 'An origin that the policy does not declare must not be able to read.',
      }),
      attacker,
    },
  }));
}
