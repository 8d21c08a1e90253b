/** HTTP-redirect fetch (Fetch, 4.6): what a redirect does to the request. */
import { type HeaderList, valuesOf, without } from './header-list.ts';
import { sameOrigin } from './origin.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { redirectReferrerPolicy } from './referrer.ts';
import { BODY_HEADER_NAMES, NON_WILDCARD_NAMES } from './request-headers.ts';
import type { FetchRequest, ResponseReply } from './types.ts';
import { parseUrl } from './url.ts';

/** The most redirects that a request follows. */
const REDIRECT_LIMIT = 20;

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** Fetch, "redirect status". */
export function isRedirectStatus(status: number): boolean {
  return REDIRECT_STATUSES.has(status);
}

export function isRedirect({ redirects }: Quirks, { status, headers }: ResponseReply): boolean {
  const standard = isRedirectStatus(status);
  return redirects ? redirects(standard, status, headers) : standard;
}

/** Whether a body that ends early keeps script from a response as a whole, which it does by no standard. */
export function isCut(quirks: Quirks, response: ResponseReply): boolean {
  if (response.bodyEnd !== 'cut') return false;
  if (isRedirect(quirks, response)) return quirks.cutRedirectFails === true;
  return response.status === 401 && quirks.cutUnauthorizedFails === true;
}

/**
 * Fetch, "location URL" of a response with a redirect status: null for no Location, failure for two lines or a
 * value that does not parse. The value is not held against its ABNF first: that step is open (whatwg/fetch#814),
 * and URLs with spaces and non-ASCII bytes are followed.
 */
export function locationUrl(
  headers: HeaderList,
  base: URL,
  { locations }: Quirks = NO_QUIRKS,
  request: FetchRequest | null = null,
): URL | 'failure' | null {
  const given = valuesOf(headers, 'location');
  const lines = locations ? locations(given, request) : given;
  const value = lines[0];
  if (value === undefined) return null;
  const url = lines.length > 1 ? null : parseUrl(value, base);
  if (!url) return 'failure';
  if (!hasFragment(url) && hasFragment(base)) url.hash = base.hash;
  return url;
}

function hasFragment(url: URL): boolean {
  return url.href.includes('#');
}

/** URL, "includes credentials". */
export function includesCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

/** Why a redirect is not followed. */
export type RedirectRefusal =
  | 'location-invalid'
  | 'scheme'
  | 'too-many'
  | 'credentials-cross-origin'
  | 'credentials-tainted'
  | 'stream-body';

/** The checks of HTTP-redirect fetch, in its order; null where the redirect is followed. */
function whyNotFollowed(
  request: FetchRequest,
  status: number,
  location: URL | 'failure',
): RedirectRefusal | null {
  if (location === 'failure') return 'location-invalid';
  if (location.protocol !== 'http:' && location.protocol !== 'https:') return 'scheme';
  if (request.urls.length - 1 >= REDIRECT_LIMIT) return 'too-many';
  const withCredentials = includesCredentials(location);
  if (request.mode === 'cors' && withCredentials && !sameOrigin(request.origin, location.origin)) {
    return 'credentials-cross-origin';
  }
  if (request.tainting === 'cors' && withCredentials) return 'credentials-tainted';
  return status !== 303 && request.body && !request.body.replayable ? 'stream-body' : null;
}

/** The same, once quirks have had their say. */
export function refusalOf(
  { redirectRefusal }: Quirks,
  request: FetchRequest,
  status: number,
  location: URL | 'failure',
): RedirectRefusal | null {
  const standard = whyNotFollowed(request, status, location);
  return redirectRefusal && location !== 'failure' ? redirectRefusal(standard, location, request) : standard;
}

/** Whether a redirect with this status makes a request with this method a GET without a body. */
const becomesGet = (status: number, method: string): boolean =>
  ((status === 301 || status === 302) && method === 'POST') ||
  (status === 303 && method !== 'GET' && method !== 'HEAD');

/** The headers that come back only for the preflight: a type that script did not set, and what it would lose again. */
function keptBack({ firstMethod, body, typeImplied }: FetchRequest, status: number): ReadonlySet<string> {
  if (becomesGet(status, firstMethod)) return BODY_HEADER_NAMES;
  return typeImplied && body === null ? TYPE : NOTHING;
}

const TYPE: ReadonlySet<string> = new Set(['content-type']);
const NOTHING: ReadonlySet<string> = new Set();

/** What following changed: for the trace. */
export interface Rewrite {
  /** The method became GET, and the body and its headers went. */
  readonly methodDropped: boolean;
  /** Authorization went, because the origin changed. */
  readonly authorizationDropped: boolean;
}

/** The rest of HTTP-redirect fetch: changes the request so that it is ready for main fetch at `location`. */
export function follow(
  request: FetchRequest,
  { status, headers }: Pick<ResponseReply, 'status' | 'headers'>,
  location: URL,
  { redirectBecomesGet, removedHeadersComeBack, keepsOnRedirect }: Quirks = NO_QUIRKS,
): Rewrite {
  if (removedHeadersComeBack) request.headers = [...request.firstHeaders];
  const { method } = request;
  const current = request.urls[request.urls.length - 1] as URL;
  const leaves = !sameOrigin(current.origin, location.origin);
  const removed = (names: ReadonlySet<string>): ReadonlySet<string> =>
    keepsOnRedirect
      ? new Set([...names].filter(name => !keepsOnRedirect(false, name, request, leaves)))
      : names;
  const standard = becomesGet(status, method);
  const methodDropped = redirectBecomesGet ? redirectBecomesGet(standard, method, leaves) : standard;
  if (methodDropped) {
    request.method = 'GET';
    request.body = null;
    // An engine that drops the method where the Standard keeps it leaves the headers as they are.
    if (standard) request.headers = without(request.headers, removed(BODY_HEADER_NAMES));
  }
  if (removedHeadersComeBack) request.keptBack = keptBack(request, status);
  let authorizationDropped = false;
  if (leaves) {
    const kept = without(request.headers, removed(NON_WILDCARD_NAMES));
    authorizationDropped = kept.length < request.headers.length;
    request.headers = kept;
  }
  request.urls = [...request.urls, location];
  if (methodDropped) request.droppedAt = request.urls.length;
  request.referrerPolicy = redirectReferrerPolicy(headers) ?? request.referrerPolicy;
  return { methodDropped, authorizationDropped };
}
