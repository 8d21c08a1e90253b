/** What a policy is turned into: cases for pages in browsers and for the model, and requests that need no page. */
import type { Case, CaseRequest, Expectation, Step } from '../case/schema.ts';
import { utf8 } from '../standard/bytes.ts';
import { SPEC as LINKS } from '../standard/spec.ts';
import type { HeaderLine } from '../wire/exchange.ts';
import type { Attacker } from './attacker.ts';
import type { PolicyResource } from './config/read.ts';
import { unsafeHeaderNames } from './names.ts';
import type { PolicyPlan } from './plan.ts';

export { urlAt } from './plan.ts';

/** What the checks need to know about an attempt. */
export interface AttemptInfo {
  /** The question that it belongs to: the id of an Ask. */
  readonly ask: string;
  /** The name of the policy's resource, or `errors`. */
  readonly resource: string;
  readonly path: string;
  readonly origin: string | null;
  readonly method: string;
  /** Whether credentials are included. For an attacker: in the last step. */
  readonly credentials: boolean;
  /** Request headers that need permission, lower case and sorted. */
  readonly headers: readonly string[];
  /** Whether a body is sent. */
  readonly body?: boolean;
  readonly attacker?: Attacker;
  /** Cookies that the policy wants sent if credentials are included, as a Cookie header's value. */
  readonly cookie?: string;
  /** The policy does not speak of it; it is tried all the same, for information. */
  readonly unasked?: boolean;
  /** Of an error: the status that the policy declares. */
  readonly expects?: number;
  /** Headers that the policy sends and this request does not, so that it needs no preflight. */
  readonly without?: readonly string[];
}

/** A case with `about`. Its requests go to absolute URLs; it has no server script. */
export interface PageAttempt {
  readonly case: Case;
  readonly about: AttemptInfo;
}

/** A plain request that no page makes: sent once from Node, its exchange judged by the checks. */
export interface WireProbe {
  readonly id: string;
  readonly about: AttemptInfo;
  /** What must hold, one sentence. */
  readonly must: string;
  /** Nothing else is asked meanwhile, and those that stand alone are asked in their order. */
  readonly alone?: true;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HeaderLine[];
  };
}

export interface Attempts {
  readonly cases?: readonly PageAttempt[];
  readonly probes?: readonly WireProbe[];
}

/** The links of the checks, from the one table. */
export const CHECK_LINKS = {
  cors: LINKS.corsProtocol,
  check: LINKS.corsCheck,
  preflight: LINKS.preflightFetch,
  cache: LINKS.preflightCache,
  expose: LINKS.exposeHeaders,
  credentials: LINKS.corsAndCredentials,
  vary: LINKS.corsAndCaches,
  origin: LINKS.originHeader,
  redirect: LINKS.redirectFetch,
  network: LINKS.networkFetch,
  cookies: LINKS.cookies,
  privateNetwork: LINKS.privateNetworkAccess,
} as const;

/** The page of an origin: a sandboxed frame in an unrelated page for `null`. */
export function pageFor(origin: string): Pick<Case, 'page' | 'realm'> {
  return origin === 'null'
    ? { page: 'https://any-site.example', realm: 'sandboxed-frame' }
    : { page: origin };
}

const BODILESS = ['GET', 'HEAD', 'PROPFIND'];

/** Whether the policy has a body for this method. */
export const hasBody = (resource: PolicyResource, method: string): boolean =>
  resource.body !== undefined && !BODILESS.includes(method);

export interface RequestParts {
  readonly method: string;
  readonly credentials: boolean;
  readonly headers?: readonly HeaderLine[];
  /** Default: if the policy has a body for the method. */
  readonly body?: boolean;
}

/** The headers that script sets: the samples, what an attempt adds, and the body's type if there is a body. */
export function headersOf(resource: PolicyResource, parts: Omit<RequestParts, 'credentials'>): HeaderLine[] {
  const { method, headers: more = [], body = hasBody(resource, method) } = parts;
  const headers: HeaderLine[] = [...resource.headers, ...more];
  if (body && !headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', resource.contentType]);
  return headers;
}

/** The request of a resource as script makes it: sample headers, sample body if the method carries one. */
export function requestOf(resource: PolicyResource, url: string, parts: RequestParts): CaseRequest {
  const { method, body = hasBody(resource, method) } = parts;
  const headers = headersOf(resource, parts).map(([name, value]): [string, string] => [name, value]);
  return {
    url,
    method,
    ...(headers.length > 0 && { headers }),
    ...(body && { body: { buffer: utf8(resource.body as string) } }),
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

/** The Cookie header's value that the policy wants sent with credentials. */
export const cookieOf = (resource: PolicyResource): string | undefined =>
  Object.entries(resource.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ') || undefined;

/** The same as a header line; none if there are no cookies. */
export function cookieLine(resource: PolicyResource): HeaderLine[] {
  const cookie = cookieOf(resource);
  return cookie === undefined ? [] : [['Cookie', cookie]];
}

type OwnInfo = Pick<AttemptInfo, 'ask' | 'origin' | 'method' | 'credentials'> &
  Partial<Pick<AttemptInfo, 'attacker' | 'body' | 'unasked' | 'expects' | 'without'>>;

/** What the checks need to know of a resource's attempt. */
export function infoOf(
  resource: PolicyResource,
  own: OwnInfo,
  extra: readonly HeaderLine[] = [],
): AttemptInfo {
  const cookie = cookieOf(resource);
  const parts = { method: own.method, headers: extra, ...(own.body !== undefined && { body: own.body }) };
  return {
    ...own,
    resource: resource.name,
    path: resource.path,
    headers: unsafeHeaderNames(headersOf(resource, parts)),
    ...(cookie !== undefined && { cookie }),
  };
}

/**
 * A resource as a page can ask for it without a preflight: a server may refuse the preflight of an origin, and answer
 * the plain request that needs none.
 * @returns the resource with its safelisted headers alone, and the names of the others; null if there are none
 */
export function withoutPreflight(
  resource: PolicyResource,
): { readonly resource: PolicyResource; readonly without: readonly string[] } | null {
  const unsafe = unsafeHeaderNames(resource.headers);
  if (unsafe.length === 0) return null;
  const isUnsafe = ([name]: HeaderLine): boolean => unsafe.includes(name.toLowerCase());
  return {
    resource: { ...resource, headers: resource.headers.filter(line => !isUnsafe(line)) },
    without: resource.headers.filter(isUnsafe).map(([name]) => name),
  };
}

export interface PreflightQuestion {
  readonly origin: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly more?: readonly HeaderLine[];
}

/** The header lines of a preflight as browsers send it. */
export function preflightLines({ origin, method, headers, more = [] }: PreflightQuestion): HeaderLine[] {
  return [
    ['Accept', '*/*'],
    ['Origin', origin],
    ['Access-Control-Request-Method', method],
    ...(headers.length > 0 ? [['Access-Control-Request-Headers', headers.join(',')] as const] : []),
    ...more,
  ];
}

/** A question that a policy is asked: the attempts that come of it. Several checks may read the same answers. */
export interface Ask {
  readonly id: string;
  /** What it asks, for people who read what would be sent: "every declared method, from every declared origin". */
  readonly what: string;
  attempts(plan: PolicyPlan): Attempts;
  /** Requests that what was answered so far calls for. */
  followUps?(plan: PolicyPlan, seen: SeenAnswers): readonly WireProbe[];
}

/** What has been answered on the wire so far. */
export interface SeenAnswers {
  /** The value of a response header of the latest whole GET answer for a resource, from this origin; null if absent. */
  header(resource: string, origin: string, name: string): string | null;
  /** Whom the answers to a question allow; of redirects the last one. */
  allowedBy(ask: string): readonly { readonly about: AttemptInfo; readonly allowOrigin: string | null }[];
  /** The header lines of a preflight for a resource that got a status that is not ok; undefined if none did. */
  refusedPreflight(resource: string): readonly HeaderLine[] | undefined;
  /** Whether a preflight let an undeclared origin make this request with credentials. */
  isPermitted(request: Pick<AttemptInfo, 'resource' | 'origin' | 'method' | 'headers'>): boolean;
  /** Whether a declared page of a resource was served with the policy's login, and refused with it another time. */
  isRefusedNow(resource: string): boolean;
}
