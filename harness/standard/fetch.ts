/**
 * Main fetch, HTTP fetch and HTTP-redirect fetch (Fetch, 4.1, 4.4 and 4.6), composed as the Standard composes them.
 * What sends nothing is a plain function.
 */
import {
  BLOCKED_AT_RESPONSE,
  type Fetching,
  NETWORK_ERROR,
  type NetworkError,
  NotModelled,
  type Steps,
} from './fetching.ts';
import { contains } from './header-list.ts';
import { isSafelistedMethod } from './methods.ts';
import { networkOrCacheFetch } from './network.ts';
import { fartherSite, sameOrigin, serializeRequestOrigin } from './origin.ts';
import { isBadPort, isMixedContent } from './ports.ts';
import { cacheKey, checkCors, checkPreflight, needsPreflight, preflightFor } from './preflight.ts';
import { follow, isRedirectStatus, locationUrl, whyNotFollowed } from './redirect.ts';
import { DEFAULT_REFERRER_POLICY, determineReferrer } from './referrer.ts';
import { unsafeRequestHeaderNames } from './request-headers.ts';
import { type FilteredResponse, filterResponse, isBlockedByCorp, opaqueRedirect } from './response.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, Header, WireResponse } from './types.ts';

/** A response before main fetch has filtered it, or one that HTTP fetch has filtered already. */
type Fetched =
  | WireResponse
  | NetworkError
  | { readonly kind: 'filtered'; readonly response: FilteredResponse };

const ACCEPT: Header = ['Accept', '*/*'];

/**
 * Fetch: its step on headers. A request without Accept accepts anything. Accept-Language, which a user agent "should"
 * add at the same point, is left out: its value would count towards the 1,024 safelisted bytes.
 */
export function addDefaultHeaders(request: FetchRequest): void {
  if (!contains(request.headers, 'accept')) request.headers.push(ACCEPT);
}

/** Main fetch, everything but the filtering. */
export function* mainFetch(fetching: Fetching, request: FetchRequest): Steps<Fetched> {
  const url = request.urls[request.urls.length - 1] as URL;
  if (!admits(fetching, request, url)) return NETWORK_ERROR;
  const unsafe = request.tainting === 'cors' ? namesToAskFor(fetching, request, url) : null;
  if (unsafe === null) return yield* httpFetch(fetching, request, null);
  let failed = true;
  try {
    const fetched = yield* httpFetch(fetching, request, unsafe);
    failed = fetched.kind === 'network-error';
    return fetched;
  } finally {
    // An aborted or terminated fetch ends in a network error too.
    if (failed && fetching.agent.preflightCache.clear(cacheKey(request))) {
      fetching.trace.note('preflight.cleared');
    }
  }
}

/** Main fetch, once it has a response: what the API gets of it. */
export function filtered(
  { trace }: Fetching,
  request: FetchRequest,
  fetched: Fetched,
): FilteredResponse | NetworkError {
  if (fetched.kind === 'network-error') return fetched;
  if (fetched.kind === 'filtered') return fetched.response;
  const response = filterResponse(request, fetched);
  if (response.type === 'opaque') trace.note('filter.opaque');
  else if (response.exposed === undefined) trace.note('filter.basic');
  else trace.note(`filter.cors-${response.exposed.kind}`, response.headers.length, fetched.headers.length);
  return response;
}

/** Main fetch up to where it fetches: the request's response tainting is set, or the request stopped. */
function admits({ trace }: Fetching, request: FetchRequest, url: URL): boolean {
  if (isBadPort(url)) {
    trace.stop('bad-port', url);
    return false;
  }
  if (isMixedContent(request.client.origin, url)) {
    trace.stop('mixed-content', url);
    return false;
  }
  const { origin } = url;
  request.referrerPolicy ||= request.client.referrerPolicy || DEFAULT_REFERRER_POLICY;
  request.referrer = determineReferrer(request);
  request.site = fartherSite(request.site, request.origin, origin);
  if ((sameOrigin(origin, request.origin) && request.tainting === 'basic') || url.protocol === 'data:') {
    trace.pass('main.same-origin', request, url);
    request.tainting = 'basic';
    return hasKnownScheme(trace, request, url);
  }
  if (request.mode === 'same-origin') {
    trace.stop('main.mode-same-origin', request, url);
    return false;
  }
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow') {
      trace.stop('main.no-cors-redirect', request, url);
      return false;
    }
    trace.pass('main.no-cors', request, url);
    request.tainting = 'opaque';
    return hasKnownScheme(trace, request, url);
  }
  if (!isHttp(url)) {
    trace.stop('main.scheme', request, url);
    return false;
  }
  request.tainting = 'cors';
  return true;
}

/** Scheme fetch, as far as network schemes go. */
function hasKnownScheme(trace: Trace, request: FetchRequest, url: URL): boolean {
  if (isHttp(url)) return true;
  if (['about:', 'blob:', 'data:', 'file:'].includes(url.protocol)) {
    throw new NotModelled(`${url.protocol} URLs`);
  }
  trace.stop('main.unknown-scheme', request, url);
  return false;
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** Main fetch's last two cases: the CORS-unsafe names to ask for with a CORS-preflight, or null for no preflight. */
function namesToAskFor({ trace }: Fetching, request: FetchRequest, url: URL): string[] | null {
  const unsafe = unsafeRequestHeaderNames(request.headers);
  if (isSafelistedMethod(request.method) && unsafe.length === 0 && !request.useCorsPreflight) {
    trace.pass('main.cors', request, url);
    return null;
  }
  trace.pass('main.cors-with-preflight', request, url, request.method, unsafe);
  return unsafe;
}

/** HTTP fetch. `unsafe` are the CORS-unsafe names where makeCORSPreflight is true, else null. */
function* httpFetch(
  fetching: Fetching,
  request: FetchRequest,
  unsafe: readonly string[] | null,
): Steps<Fetched> {
  const { trace } = fetching;
  if (unsafe) {
    if (needsPreflight(fetching, request, unsafe)) {
      const preflight = preflightFor(fetching, request, unsafe);
      const answer = yield* networkOrCacheFetch(fetching, preflight, 'preflight');
      const failure =
        answer.kind === 'network-error' ? answer : checkPreflight(fetching, request, answer, unsafe);
      if (failure) return failure;
    } else trace.note('preflight.cached');
  }
  const url = request.urls[request.urls.length - 1] as URL;
  const response = yield* networkOrCacheFetch(fetching, request, 'actual');
  if (response.kind === 'network-error') return response;
  if (request.tainting === 'cors' && !checkCors(fetching, request, response, 'response')) {
    return BLOCKED_AT_RESPONSE;
  }
  if (request.tainting === 'opaque' && isBlockedByCorp(request.origin, url, response.headers)) {
    trace.stop('corp');
    return NETWORK_ERROR;
  }
  if (!isRedirectStatus(response.status)) return response;
  if (request.redirect === 'error') {
    trace.stop('redirect.error-mode');
    return NETWORK_ERROR;
  }
  if (request.redirect === 'manual') return { kind: 'filtered', response: opaqueRedirect(request) };
  return redirected(fetching, request, response, url) ?? (yield* mainFetch(fetching, request));
}

/** HTTP-redirect fetch up to main fetch: the result where there is one already, null where the redirect is followed. */
function redirected(
  { trace }: Fetching,
  request: FetchRequest,
  response: WireResponse,
  current: URL,
): WireResponse | NetworkError | null {
  const location = locationUrl(response.headers, current);
  if (location === null) return response;
  const refusal = whyNotFollowed(request, response.status, location);
  if (refusal !== null) {
    trace.stop(`redirect.${refusal}`, current, location);
    return refusal.startsWith('credentials') ? BLOCKED_AT_RESPONSE : NETWORK_ERROR;
  }
  const to = location as URL;
  const rewrite = follow(request, response.status, response.headers, to);
  const origin = serializeRequestOrigin(request.origin, request.urls);
  trace.note('redirect.followed', response.status, current, to, request.method, origin, rewrite);
  return null;
}
