/** Cases for what the policy declares: it must work. */
import type { Expectation, Step } from '../case/schema.ts';
import { isSafelistedMethod } from '../standard/methods.ts';
import { type About, type DerivedCase, headersOf, pageFor, requestOf, SPEC, step, urlAt } from './derived.ts';
import { unsafeHeaderNames } from './names.ts';
import { baseDomain } from './origins.ts';
import { originsOf, type Plan, safeMethodOf } from './plan.ts';
import { type PolicyResource, slug } from './read.ts';

type Pair = readonly [string, string];

/** A value that servers accept for a header of this name. */
function sampleValue(name: string): string {
  const values: Readonly<Record<string, string>> = {
    authorization: 'Bearer cors-conformance',
    'content-type': 'application/json',
    'if-none-match': '"cors-conformance"',
    'if-match': '*',
    'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
    range: 'bytes=0-0,2-2',
    'x-requested-with': 'XMLHttpRequest',
  };
  return values[name.toLowerCase()] ?? 'cors-conformance';
}

const cookieOf = (resource: PolicyResource): Pick<About, 'cookie'> => {
  const cookie = Object.entries(resource.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return cookie ? { cookie } : {};
};

const about = (
  resource: PolicyResource,
  own: Pick<About, 'check' | 'origin' | 'method' | 'credentials' | 'checks'>,
  extra: readonly Pair[] = [],
): About => ({
  ...own,
  resource: resource.name,
  path: resource.path,
  headers: unsafeHeaderNames(headersOf(resource, own.method, extra)),
  severity: 'error',
  ...cookieOf(resource),
});

const readable = (resource: PolicyResource, method: string): Expectation => {
  const status = resource.status(method);
  return { outcome: 'readable', actual: 'sent', ...(status !== undefined && { status }) };
};

const withWords = (credentials: boolean) => (credentials ? 'with credentials' : 'without credentials');

/** Every declared origin × method × credentials, every declared request header, and the same request four times. */
export function allowedCases(plan: Plan, resource: PolicyResource): DerivedCase[] {
  const url = urlAt(plan.base, resource.path);
  const cases: DerivedCase[] = [];
  const origins = originsOf(resource);
  for (const origin of origins)
    for (const method of resource.methods)
      for (const credentials of resource.credentials ? [false, true] : [false])
        cases.push({
          case: {
            id: `allowed/${slug(`${resource.name} ${method} ${origin} ${credentials ? 'credentials' : ''}`)}`,
            title: `${method} ${resource.path} is readable by ${origin} ${withWords(credentials)}`,
            spec: [SPEC.check, ...(credentials ? [SPEC.credentials] : [])],
            ...pageFor(origin),
            steps: [step(requestOf(resource, url, { method, credentials }), readable(resource, method))],
          },
          about: about(resource, {
            check: 'allowed',
            origin,
            method,
            credentials,
            checks: 'A declared origin and method must be readable.',
          }),
        });
  const first = origins[0];
  if (first === undefined) return cases;
  const method = safeMethodOf(resource) ?? (resource.methods[0] as string);
  for (const name of resource.requestHeaders.map(one => (one === '*' ? 'x-cors-conformance-any' : one))) {
    if (resource.headers.some(([own]) => own.toLowerCase() === name.toLowerCase())) continue;
    const extra: Pair[] = [[name, sampleValue(name)]];
    cases.push({
      case: {
        id: `header/${slug(`${resource.name} ${name}`)}`,
        title: `${method} ${resource.path} with ${name} is readable by ${first}`,
        spec: [SPEC.preflight],
        ...pageFor(first),
        steps: [
          step(requestOf(resource, url, { method, credentials: resource.credentials, headers: extra }), {
            outcome: 'readable',
            actual: 'sent',
          }),
        ],
      },
      about: about(
        resource,
        {
          check: 'allowed-header',
          origin: first,
          method,
          credentials: resource.credentials,
          checks: `The declared request header ${name} must be allowed.`,
        },
        extra,
      ),
    });
  }
  const safe = safeMethodOf(resource);
  if (safe)
    cases.push({
      case: {
        id: `repeat/${slug(resource.name)}`,
        title: `${safe} ${resource.path} is answered the same way four times in a row`,
        spec: [SPEC.check],
        ...pageFor(first),
        steps: Array.from({ length: 4 }, () =>
          step(
            requestOf(resource, url, { method: safe, credentials: resource.credentials }),
            readable(resource, safe),
          ),
        ),
      },
      about: about(resource, {
        check: 'repeat',
        origin: first,
        method: safe,
        credentials: resource.credentials,
        checks: 'The same request must get the same answer every time.',
      }),
    });
  return cases;
}

/** Longer than the five seconds for which a preflight without Access-Control-Max-Age may be remembered. */
const BEYOND_DEFAULT_MS = 6_500;

/** The preflight cache by counting preflights, and the HTTP cache by asking without CORS first. */
export function cacheCases(plan: Plan, resource: PolicyResource): DerivedCase[] {
  const url = urlAt(plan.base, resource.path);
  const [first, ...others] = originsOf(resource);
  if (first === undefined) return [];
  const cases: DerivedCase[] = [];
  const safe = safeMethodOf(resource);
  const { credentials, maxAge } = resource;

  const asks = preflighted(resource, maxAge === 0);
  if (maxAge !== undefined && asks && (maxAge === 0 || maxAge >= 10)) {
    const remembered = maxAge > 0;
    // Chromium leaves its preflight cache aside wherever the HTTP cache is bypassed or only validated, and the HTTP
    // cache must not answer the second request: it answers GET only.
    const cache = remembered || asks.method !== 'GET' ? ('default' as const) : ('no-cache' as const);
    const request = { ...requestOf(resource, url, { ...asks, credentials }), cache };
    const steps: Step[] = [
      step(request, { outcome: 'readable', preflight: 'sent', actual: 'sent' }),
      ...(remembered ? [{ wait: BEYOND_DEFAULT_MS }] : []),
      step(request, { outcome: 'readable', preflight: remembered ? 'not sent' : 'sent' }),
    ];
    cases.push({
      case: {
        id: `max-age/${slug(resource.name)}`,
        title: remembered
          ? `The preflight of ${asks.method} ${resource.path} is remembered for longer than the default`
          : `The preflight of ${asks.method} ${resource.path} is not remembered`,
        spec: [SPEC.cache],
        ...pageFor(first),
        fresh: true,
        steps,
      },
      about: about(
        resource,
        {
          check: 'max-age',
          origin: first,
          method: asks.method,
          credentials,
          checks: `The declared max-age of ${maxAge} seconds must take effect.`,
        },
        asks.headers,
      ),
    });
  }

  if (safe === 'GET' && unsafeHeaderNames(resource.headers).length === 0) {
    const cached = {
      ...requestOf(resource, url, { method: 'GET', credentials }),
      cache: 'default' as const,
    };
    const ladder = (id: string, title: string, steps: Step[]): DerivedCase => ({
      case: {
        id: `cache-ladder/${slug(`${resource.name} ${id}`)}`,
        title,
        spec: [SPEC.vary],
        ...pageFor(first),
        fresh: true,
        notModelled: 'The HTTP cache is not part of the model.',
        steps,
      },
      about: about(resource, {
        check: 'cache-ladder',
        origin: first,
        method: 'GET',
        credentials,
        checks: 'An answer in the HTTP cache must not break a later CORS request for the same URL.',
      }),
    });
    cases.push(
      ladder('', `GET ${resource.path} is readable after the same URL was loaded without CORS`, [
        step({ ...cached, mode: 'no-cors' }, { outcome: 'opaque' }),
        step(cached, { outcome: 'readable' }),
      ]),
    );
    const sibling = others.find(other => sameSite(first, other));
    if (sibling)
      cases.push(
        ladder('sibling', `GET ${resource.path} is readable by ${sibling} after ${first} has read it`, [
          step(cached, { outcome: 'readable' }),
          step(cached, { outcome: 'readable' }, sibling),
        ]),
      );
  }
  return cases;
}

/** Two sites share a part of the HTTP cache only where they are the same site. */
function sameSite(a: string, b: string): boolean {
  if (a === 'null' || b === 'null') return false;
  const [first, second] = [new URL(a), new URL(b)];
  return first.protocol === second.protocol && baseDomain(first.hostname) === baseDomain(second.hostname);
}

/**
 * A request of this resource that needs a preflight and may be repeated; undefined where it has none.
 * @param uncached rather one that the HTTP cache never answers
 */
function preflighted(
  resource: PolicyResource,
  uncached: boolean,
): { method: string; headers: Pair[] } | undefined {
  const safe = safeMethodOf(resource);
  const header = resource.requestHeaders.find(
    name => !['authorization', 'range', '*'].includes(name.toLowerCase()),
  );
  const other = resource.methods.find(
    one => !isSafelistedMethod(one) && ['PUT', 'DELETE', 'QUERY', 'PROPFIND', 'REPORT'].includes(one),
  );
  if (other !== undefined && uncached) return { method: other, headers: [] };
  if (safe && unsafeHeaderNames(resource.headers).length > 0) return { method: safe, headers: [] };
  if (safe && header) return { method: safe, headers: [[header, sampleValue(header)]] };
  return other === undefined ? undefined : { method: other, headers: [] };
}

/** Error answers must be readable too: the page has to learn what went wrong. */
export function errorCases(plan: Plan): DerivedCase[] {
  const { policy } = plan.config;
  const resource = plan.resources[0] as PolicyResource;
  const origin = originsOf(resource)[0];
  if (origin === undefined) return [];
  const paths = policy.errors.map(one => (typeof one === 'string' ? { path: one } : one));
  if (policy.unrouted !== false) paths.push({ path: policy.unrouted });
  return paths.map(({ path, ...rest }) => {
    const status = 'status' in rest ? rest.status : undefined;
    return {
      case: {
        id: `error/${slug(path)}`,
        title: `The error answer of GET ${path} is readable by ${origin}`,
        spec: [SPEC.check],
        ...pageFor(origin),
        steps: [
          step(
            requestOf(resource, urlAt(plan.base, path), { method: 'GET', credentials: resource.credentials }),
            { outcome: 'readable', ...(status !== undefined && { status }) },
          ),
        ],
      },
      about: {
        ...about(resource, {
          check: 'error-readable',
          origin,
          method: 'GET',
          credentials: resource.credentials,
          checks: 'A declared origin must be able to read error answers.',
        }),
        resource: 'errors',
        path,
      },
    };
  });
}
