/**
 * What pages in browsers have to confirm. The wire decides what the Standard decides; a page is opened for what could
 * differ by engine, for every origin that the wire calls readable, and for one origin of each kind.
 */
import type { AttemptInfo, PageAttempt } from './attempts.ts';
import { CHECKS } from './checks/index.ts';
import type { Derived } from './derive.ts';
import type { PolicyEvidence } from './evidence.ts';
import { sortOut } from './findings/causes.ts';
import { isOpenable } from './plan.ts';

/** Kinds of attackers that stand for what an engine could treat apart: another site, an opaque origin, the same site, a port, a scheme. */
const KINDS_OF_PAGE = ['unrelated', 'null', 'prefix', 'sibling', 'port', 'scheme'];

/** Attempts that mean the same to an engine have the same key; the first of them is enough. Null: the wire is enough. */
function keyOf({ about }: PageAttempt, evidence: PolicyEvidence): string | null {
  const { ask, attacker, method, credentials, body, headers } = about;
  const resource = evidence.resource(about.resource);
  const first = about.resource === evidence.plan.resources[0]?.name;
  switch (ask) {
    case 'attackers':
      return attacker && KINDS_OF_PAGE.includes(attacker.kind) ? keyOfAttack(attacker.kind, about) : null;
    case 'allowed': {
      // Another resource from the same origin differs by its method and by what it needs a preflight for.
      const strongest = credentials === resource?.credentials && body !== false;
      if (first) return `allowed ${about.origin} ${method} ${credentials} ${body}`;
      return strongest || !resource?.body ? `allowed ${about.resource} ${method} ${credentials}` : null;
    }
    case 'header':
      return `header ${headers.length > 1} ${resource?.requestHeaders.join()} ${credentials}`;
    case 'max-age':
      return `max-age ${resource?.maxAge}`;
    case 'repeat':
      return null;
    // No cache keeps what never ends, and a browser may hold a second request back until it does.
    case 'cache':
      return evidence.isStream(about.resource) ? null : ask;
    default:
      return ask;
  }
}

/** A form shows an engine no more than any plain request does; the fewer POSTs, the better. */
function keyOfAttack(kind: string, { method, without }: AttemptInfo): string | null {
  if (method === 'POST') return kind === 'unrelated' ? `attackers ${kind}` : null;
  return `attackers ${kind}${without ? ' plain' : ''}`;
}

/** The cases that showed on the wire what a finding is about: one for each check and resource, and every origin let in. */
function telling(evidence: PolicyEvidence): ReadonlySet<string> {
  const seen = new Set<string>();
  const cases = new Set<string>();
  for (const { check, symptom } of sortOut(CHECKS, evidence).causes) {
    if (symptom.case === undefined) continue;
    const { attacker, resource, place } = symptom;
    const key = attacker ? `${attacker.origin} ${resource} ${place}` : `${check.id} ${resource}`;
    if (!seen.has(key)) cases.add(symptom.case);
    seen.add(key);
  }
  return cases;
}

/**
 * The attempts for browsers, in their order.
 * @param evidence what the wire has shown
 * @param everyPage every attempt that a page can make
 */
export function confirmations(derived: Derived, evidence: PolicyEvidence, everyPage = false): PageAttempt[] {
  const possible = derived.cases.filter(({ about }) => about.origin === null || isOpenable(about.origin));
  if (everyPage) return possible;
  const wanted = telling(evidence);
  const seen = new Set<string>();
  return possible.filter(one => {
    const key = keyOf(one, evidence);
    const isNew = key !== null && !seen.has(key);
    if (key !== null) seen.add(key);
    return isNew || wanted.has(one.case.id);
  });
}
