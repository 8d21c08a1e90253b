/** What a policy is turned into: cases for pages in browsers, and probes that need no page. */
import type { Case, CaseRequest, Expectation, Step } from '../case/schema.ts';
import { utf8 } from '../standard/bytes.ts';
import type { Attacker } from './attackers.ts';
import type { PolicyResource } from './read.ts';

/** What a derived case or probe checks. */
export type CheckId =
  | 'allowed'
  | 'allowed-header'
  | 'repeat'
  | 'max-age'
  | 'cache-ladder'
  | 'error-readable'
  | 'undeclared-method'
  | 'undeclared-header'
  | 'undeclared-credentials'
  | 'attacker'
  | 'no-origin'
  | 'private-network'
  | 'vary-injected'
  | 'attacker-cookie'
  | 'attacker-preflight';

export type DerivedSeverity = 'error' | 'warning' | 'note';

/** What the rules need to know about a derived case or probe. */
export interface About {
  readonly check: CheckId;
  /** The name of the policy's resource, or `errors`. */
  readonly resource: string;
  readonly path: string;
  readonly origin: string | null;
  readonly method: string;
  /** Whether credentials are included. For an attacker: in the second step. */
  readonly credentials: boolean;
  /** Request headers that need permission, lower case and sorted. */
  readonly headers: readonly string[];
  /** How bad it is when it does not hold. */
  readonly severity: DerivedSeverity;
  /** One sentence: what must hold. */
  readonly checks: string;
  readonly attacker?: Attacker;
  /** Cookies that the policy wants sent where credentials are included, as a Cookie header's value. */
  readonly cookie?: string;
}

/** A case with `about`. Its requests go to absolute URLs; it has no server script. */
export interface DerivedCase {
  readonly case: Case;
  readonly about: About;
}

/** A plain request that no page makes: sent once from Node, its exchange judged by the rules. */
export interface WireProbe {
  readonly id: string;
  readonly about: About;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
  };
}

export interface Derived {
  readonly cases: readonly DerivedCase[];
  readonly probes: readonly WireProbe[];
  /** Attackers that no page can be, and that are therefore not tried. */
  readonly left: readonly Attacker[];
}

export const SPEC = {
  cors: 'https://fetch.spec.whatwg.org/#http-cors-protocol',
  check: 'https://fetch.spec.whatwg.org/#cors-check',
  preflight: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  cache: 'https://fetch.spec.whatwg.org/#cors-preflight-cache',
  expose: 'https://fetch.spec.whatwg.org/#http-access-control-expose-headers',
  credentials: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  vary: 'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
  origin: 'https://fetch.spec.whatwg.org/#origin-header',
  privateNetwork: 'https://wicg.github.io/private-network-access/',
} as const;

/** The page of an origin: a sandboxed frame in an unrelated page for `null`. */
export function pageFor(origin: string): Pick<Case, 'page' | 'realm'> {
  return origin === 'null'
    ? { page: 'https://any-site.example', realm: 'sandboxed-frame' }
    : { page: origin };
}

/** Braces would be taken for placeholders, and no URL on the wire carries them raw. */
export const urlAt = (base: string, path: string): string =>
  `${base}${path.replaceAll('{', '%7B').replaceAll('}', '%7D')}`;

export interface RequestParts {
  readonly method: string;
  readonly credentials: boolean;
  readonly headers?: readonly (readonly [string, string])[];
}

const carriesBody = (resource: PolicyResource, method: string): boolean =>
  resource.body !== undefined && !['GET', 'HEAD', 'PROPFIND'].includes(method);

/** The headers that script sets: the samples, what a case adds, and the body's type where there is a body. */
export function headersOf(
  resource: PolicyResource,
  method: string,
  more: readonly (readonly [string, string])[] = [],
): [string, string][] {
  const headers = [...resource.headers, ...more].map(([n, v]): [string, string] => [n, v]);
  if (carriesBody(resource, method) && !headers.some(([n]) => n.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', resource.contentType]);
  return headers;
}

/** The request of a resource as script makes it: sample headers, sample body where the method carries one. */
export function requestOf(resource: PolicyResource, url: string, parts: RequestParts): CaseRequest {
  const headers = headersOf(resource, parts.method, parts.headers);
  return {
    url,
    method: parts.method,
    ...(headers.length > 0 && { headers }),
    ...(carriesBody(resource, parts.method) && { body: { buffer: utf8(resource.body as string) } }),
    credentials: parts.credentials ? 'include' : 'omit',
    cache: 'no-store',
  };
}

/** A step whose preflight may come from the cache: only the requests that `expect` names are judged. */
export const step = (request: CaseRequest, expect: Expectation, page?: string): Step => ({
  ...(page !== undefined && { page }),
  request,
  expect: { anyRequests: true, ...expect },
});
