/**
 * Plain requests, for what no page can show or may try: a request without Origin, an attacker with a cookie of
 * the user's, and preflights whose actual request would change data and is therefore never sent.
 */

import { isSafelistedMethod } from '../standard/methods.ts';
import type { Attacker } from './attackers.ts';
import { type About, urlAt, type WireProbe } from './derived.ts';
import { SAFE_METHODS, unsafeHeaderNames } from './names.ts';
import { originsOf, type Plan, safeMethodOf } from './plan.ts';
import { type PolicyResource, slug } from './read.ts';

type Pair = readonly [string, string];

const cookieLine = (resource: PolicyResource): string =>
  Object.entries(resource.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ') || 'cors-conformance=1';

function probe(
  plan: Plan,
  resource: PolicyResource,
  id: string,
  own: Pick<About, 'check' | 'origin' | 'method' | 'credentials' | 'checks' | 'severity'> & {
    attacker?: Attacker;
  },
  method: string,
  headers: readonly Pair[],
  asked: readonly string[] = unsafeHeaderNames(resource.headers),
): WireProbe {
  return {
    id: `${own.check}/${slug(`${resource.name} ${id}`)}`,
    about: { ...own, resource: resource.name, path: resource.path, headers: asked },
    request: { method, url: urlAt(plan.base, resource.path), headers },
  };
}

function preflight(
  origin: string,
  method: string,
  headers: readonly string[],
  more: readonly Pair[] = [],
): Pair[] {
  return [
    ['Accept', '*/*'],
    ['Origin', origin],
    ['Access-Control-Request-Method', method],
    ...(headers.length > 0 ? [['Access-Control-Request-Headers', headers.join(',')] as const] : []),
    ...more,
  ];
}

/** Methods that browsers must not get past a preflight unless they are declared. */
const CHANGING_METHODS = ['PUT', 'PATCH', 'DELETE'];

/** Without Origin, with a private-network question, and for undeclared methods that change data. */
export function plainProbes(plan: Plan, resource: PolicyResource): WireProbe[] {
  const probes: WireProbe[] = [];
  const safe = safeMethodOf(resource);
  const origin = originsOf(resource)[0];
  const { credentials } = resource;
  if (safe)
    probes.push(
      probe(
        plan,
        resource,
        'plain',
        {
          check: 'no-origin',
          origin: null,
          method: safe,
          credentials,
          severity: 'error',
          checks: 'A request without Origin is no CORS request and must be served as ever.',
        },
        safe,
        [
          ...resource.headers,
          ...(Object.keys(resource.cookies).length > 0 ? [['Cookie', cookieLine(resource)] as const] : []),
        ],
      ),
    );
  if (origin === undefined) return probes;
  if (safe)
    probes.push(
      probe(
        plan,
        resource,
        'vary',
        {
          check: 'vary-injected',
          origin,
          method: safe,
          credentials,
          severity: 'warning',
          checks: 'A Vary header of the request must not be copied into the answer.',
        },
        safe,
        [...resource.headers, ['Origin', origin], ['Vary', 'X-Cors-Conformance']],
      ),
    );
  const allowed = new Set([...resource.methods, ...plan.config.policy.methods]);
  const headers = unsafeHeaderNames(resource.headers);
  for (const method of CHANGING_METHODS.filter(one => !allowed.has(one)))
    probes.push(
      probe(
        plan,
        resource,
        method,
        {
          check: 'undeclared-method',
          origin,
          method,
          credentials,
          severity: 'warning',
          checks: 'A method that the policy does not declare must not pass the preflight.',
        },
        'OPTIONS',
        preflight(origin, method, headers),
      ),
    );
  const declared = resource.methods.find(one => !isSafelistedMethod(one)) ?? resource.methods[0];
  const asked = headers.length > 0 ? headers : resource.requestHeaders.filter(one => one !== '*').slice(0, 1);
  probes.push(
    probe(
      plan,
      resource,
      'preflight',
      {
        check: 'private-network',
        origin,
        method: declared as string,
        credentials,
        severity: 'warning',
        checks: resource.privateNetwork
          ? 'The declared access from public sites to a private network must be answered.'
          : 'Access from public sites to a private network must not be granted unless declared.',
      },
      'OPTIONS',
      preflight(origin, declared as string, asked, [['Access-Control-Request-Private-Network', 'true']]),
    ),
  );
  return probes;
}

/** Attackers where a page could do harm: with a cookie, and as preflights for declared methods that change data. */
export function attackerProbes(
  plan: Plan,
  resource: PolicyResource,
  attackers: readonly Attacker[],
): WireProbe[] {
  const probes: WireProbe[] = [];
  const safe = safeMethodOf(resource);
  const anonymous = attackers.filter(one => one.kind === 'unrelated' || one.kind === 'null');
  const common = {
    credentials: true,
    severity: 'error',
    checks: 'An origin that the policy does not declare must not be allowed.',
  } as const;
  if (safe)
    for (const attacker of anonymous)
      probes.push(
        probe(
          plan,
          resource,
          attacker.id,
          { ...common, check: 'attacker-cookie', origin: attacker.origin, method: safe, attacker },
          safe,
          [...resource.headers, ['Origin', attacker.origin], ['Cookie', cookieLine(resource)]],
        ),
      );
  const changing = resource.methods.find(method => !SAFE_METHODS.includes(method));
  if (changing === undefined) return probes;
  const headers = unsafeHeaderNames(resource.headers);
  const asked =
    headers.length > 0 || !isSafelistedMethod(changing)
      ? headers
      : unsafeHeaderNames([['content-type', resource.contentType]]);
  for (const attacker of safe ? anonymous : attackers)
    probes.push(
      probe(
        plan,
        resource,
        attacker.id,
        { ...common, check: 'attacker-preflight', origin: attacker.origin, method: changing, attacker },
        'OPTIONS',
        preflight(attacker.origin, changing, asked),
        asked,
      ),
    );
  return probes;
}
