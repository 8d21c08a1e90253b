/** Main fetch, HTTP fetch and HTTP-redirect fetch (Fetch, 4.1, 4.4 and 4.6), composed as the Standard composes them. */
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
import { sameOrigin, serializeRequestOrigin } from './origin.ts';
import { isBadPort, isMixedContent } from './ports.ts';
import { cacheKey, checkCors, corsPreflightFetch, needsPreflight } from './preflight.ts';
import { follow, isRedirectStatus, locationUrl, whyNotFollowed } from './redirect.ts';
import { DEFAULT_REFERRER_POLICY, determineReferrer } from './referrer.ts';
import { unsafeRequestHeaderNames } from './request-headers.ts';
import { type FilteredResponse, filterResponse, isBlockedByCorp, opaqueRedirect } from './response.ts';
import type { FetchRequest, WireResponse } from './types.ts';

/** A response before main fetch has filtered it, or one that HTTP fetch has filtered already. */
type Fetched =
  | WireResponse
  | NetworkError
  | { readonly kind: 'filtered'; readonly response: FilteredResponse };

/**
 * Fetch, and main fetch. A request without Accept accepts anything. Accept-Language, which a user agent
 * "should" add at the same point, is left out: its value would count towards the 1,024 safelisted bytes.
 */
export function* mainFetch(
  fetching: Fetching,
  request: FetchRequest,
): Steps<FilteredResponse | NetworkError> {
  if (!contains(request.headers, 'accept')) request.headers.push(['Accept', '*/*']);
  const fetched = yield* recursiveMainFetch(fetching, request);
  if (fetched.kind === 'network-error') return fetched;
  if (fetched.kind === 'filtered') return fetched.response;
  const response = filterResponse(request, fetched);
  noteFilter(fetching, response, fetched);
  return response;
}

/** Main fetch with recursive true: everything but the filtering. */
function* recursiveMainFetch(fetching: Fetching, request: FetchRequest): Steps<Fetched> {
  const { trace } = fetching;
  const url = request.urls[request.urls.length - 1] as URL;
  if (isBadPort(url)) {
    trace.stop('bad-port', url);
    return NETWORK_ERROR;
  }
  if (isMixedContent(request.client.origin, url)) {
    trace.stop('mixed-content', url);
    return NETWORK_ERROR;
  }
  request.referrerPolicy ||= request.client.referrerPolicy || DEFAULT_REFERRER_POLICY;
  request.referrer = determineReferrer(request);
  if ((sameOrigin(url.origin, request.origin) && request.tainting === 'basic') || url.protocol === 'data:') {
    trace.pass('main.same-origin', request, url);
    request.tainting = 'basic';
    return yield* schemeFetch(fetching, request, url);
  }
  if (request.mode === 'same-origin') {
    trace.stop('main.mode-same-origin', request, url);
    return NETWORK_ERROR;
  }
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow') {
      trace.stop('main.no-cors-redirect', request, url);
      return NETWORK_ERROR;
    }
    trace.pass('main.no-cors', request, url);
    request.tainting = 'opaque';
    return yield* schemeFetch(fetching, request, url);
  }
  if (!isHttp(url)) {
    trace.stop('main.scheme', request, url);
    return NETWORK_ERROR;
  }
  request.tainting = 'cors';
  return yield* corsFetch(fetching, request, url);
}

/** Main fetch's last two cases: with a CORS-preflight, or without. */
function* corsFetch(fetching: Fetching, request: FetchRequest, url: URL): Steps<Fetched> {
  const { trace, agent } = fetching;
  const unsafe = unsafeRequestHeaderNames(request.headers);
  if (isSafelistedMethod(request.method) && unsafe.length === 0 && !request.useCorsPreflight) {
    trace.pass('main.cors', request, url);
    return yield* httpFetch(fetching, request, null);
  }
  trace.pass('main.cors-with-preflight', request, url, request.method, unsafe);
  let failed = true;
  try {
    const fetched = yield* httpFetch(fetching, request, unsafe);
    failed = fetched.kind === 'network-error';
    return fetched;
  } finally {
    // An aborted or terminated fetch ends in a network error too.
    if (failed && agent.preflightCache.clear(cacheKey(request))) trace.note('preflight.cleared');
  }
}

/** Scheme fetch, as far as network schemes go. */
function* schemeFetch(fetching: Fetching, request: FetchRequest, url: URL): Steps<Fetched> {
  if (isHttp(url)) return yield* httpFetch(fetching, request, null);
  if (['about:', 'blob:', 'data:', 'file:'].includes(url.protocol)) {
    throw new NotModelled(`${url.protocol} URLs`);
  }
  fetching.trace.stop('main.unknown-scheme', request, url);
  return NETWORK_ERROR;
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
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
      const preflight = yield* corsPreflightFetch(fetching, request, unsafe);
      if (preflight.kind === 'network-error') return preflight;
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
  return yield* redirectFetch(fetching, request, response, url);
}

/** HTTP-redirect fetch. */
function* redirectFetch(
  fetching: Fetching,
  request: FetchRequest,
  response: WireResponse,
  current: URL,
): Steps<Fetched> {
  const { trace } = fetching;
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
  return yield* recursiveMainFetch(fetching, request);
}

function noteFilter({ trace }: Fetching, response: FilteredResponse, { headers }: WireResponse): void {
  if (response.type === 'opaque') trace.note('filter.opaque');
  else if (response.exposed === undefined) trace.note('filter.basic');
  else trace.note(`filter.cors-${response.exposed.kind}`, response.headers.length, headers.length);
}
