/** Origins that the policy does not declare: none of them may read. Only safe methods and preflights are used. */
import { isSafelistedMethod } from '../../standard/methods.ts';
import type { Attacker } from '../attacker.ts';
import { attackersFor } from '../attackers.ts';
import {
  type Ask,
  CHECK_LINKS,
  cookieOf,
  infoOf,
  type PageAttempt,
  pageFor,
  preflightLines,
  requestOf,
  step,
  type WireProbe,
} from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { SAFE_METHODS, unsafeHeaderNames } from '../names.ts';
import { type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';

/** For further resources with the same origins: a route can have its own matcher, but rarely its own kind of mistake. */
const ESSENTIAL = new Set([
  'unrelated-1',
  'null-1',
  'prefix-1',
  'suffix-1',
  'label-suffix-1',
  'subdomain-1',
  'dot-1',
]);

/** Each resource with the attackers that are tried on it. */
function attacked(plan: PolicyPlan): { resource: PolicyResource; attackers: Attacker[] }[] {
  const seen = new Set<string>();
  return plan.resources.map(resource => {
    const declared = resource.rules.map(rule => rule.declared).join(' ');
    const all = attackersFor(resource.rules, plan.base);
    const attackers = seen.has(declared) ? all.filter(one => ESSENTIAL.has(one.id)) : all;
    seen.add(declared);
    return { resource, attackers };
  });
}

/** The essential ones ask twice, without credentials and with them: a server may answer a Cookie otherwise. */
function page(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): PageAttempt[] {
  const method = safeMethodOf(resource);
  if (!method) return [];
  const url = urlFor(plan, resource.path);
  const { id, origin } = attacker;
  return [
    {
      case: {
        id: `attacker/${slug(`${resource.name} ${id}`)}`,
        title: `${method} ${resource.path} is not readable by ${origin}`,
        spec: [CHECK_LINKS.check],
        ...pageFor(origin),
        steps: (ESSENTIAL.has(id) ? [false, true] : [true]).map(credentials =>
          step(requestOf(resource, url, { method, credentials }), { outcome: 'blocked' }),
        ),
      },
      about: infoOf(resource, { ask: 'attackers', origin, method, credentials: true, attacker }),
    },
  ];
}

const MUST = 'An origin that the policy does not declare must not be allowed';

/** With a cookie that every server sees, whatever an engine does with third-party cookies. */
function withCookie(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  const method = safeMethodOf(resource);
  if (!method || !['unrelated', 'null'].includes(attacker.kind)) return [];
  const { id, origin } = attacker;
  return [
    {
      id: `attacker-cookie/${slug(`${resource.name} ${id}`)}`,
      about: infoOf(resource, { ask: 'attacker-cookies', origin, method, credentials: true, attacker }),
      must: MUST,
      request: {
        method,
        url: urlFor(plan, resource.path),
        headers: [
          ...resource.headers,
          ['Origin', origin],
          ['Cookie', cookieOf(resource) ?? 'cors-conformance=1'],
        ],
      },
    },
  ];
}

/** As preflights for a declared method that changes data; the request itself is never sent. */
function preflight(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  const method = resource.methods.find(one => !SAFE_METHODS.includes(one));
  const alone = safeMethodOf(resource) === undefined;
  if (method === undefined || !(alone || ['unrelated', 'null'].includes(attacker.kind))) return [];
  const own = unsafeHeaderNames(resource.headers);
  const simple = own.length === 0 && isSafelistedMethod(method);
  const headers = simple ? unsafeHeaderNames([['content-type', resource.contentType]]) : own;
  const { id, origin } = attacker;
  return [
    {
      id: `attacker-preflight/${slug(`${resource.name} ${id}`)}`,
      about: {
        ...infoOf(resource, { ask: 'attacker-preflights', origin, method, credentials: true, attacker }),
        headers,
      },
      must: MUST,
      request: {
        method: 'OPTIONS',
        url: urlFor(plan, resource.path),
        headers: preflightLines({ origin, method, headers }),
      },
    },
  ];
}

type Make<T> = (plan: PolicyPlan, resource: PolicyResource, attacker: Attacker) => T[];

const forEach = <T>(plan: PolicyPlan, make: Make<T>): T[] =>
  attacked(plan).flatMap(({ resource, attackers }) =>
    attackers.flatMap(attacker => make(plan, resource, attacker)),
  );

export const attackersAsk: Ask = {
  id: 'attackers',
  what: 'origins that the policy does not declare: any site, null, and look-alikes of the declared ones',
  attempts: plan => ({ cases: forEach(plan, page) }),
};

export const attackerCookiesAsk: Ask = {
  id: 'attacker-cookies',
  what: 'any site and null, with a cookie of the user',
  attempts: plan => ({ probes: forEach(plan, withCookie) }),
};

export const attackerPreflightsAsk: Ask = {
  id: 'attacker-preflights',
  what: 'undeclared origins, as preflights for methods that change data',
  attempts: plan => ({ probes: forEach(plan, preflight) }),
};
