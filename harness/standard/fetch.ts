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
  REDIRECT_ERROR,
  type Steps,
} from './fetching.ts';
import { contains, get } from './header-list.ts';
import { forgetRefused } from './http-cache-use.ts';
import { keptLoad, validatedLoad } from './memory-cache-use.ts';
import { isSafelistedMethod } from './methods.ts';
import { isOverKeepaliveLimit, networkOrCacheFetch } from './network.ts';
import { fartherSite, sameOrigin, serializeRequestOrigin } from './origin.ts';
import { isBadPort, isMixedContent } from './ports.ts';
import { cacheKey, checkCors, checkPreflight, needsPreflight, preflightFor } from './preflight.ts';
import { type CorsEnd, NO_QUIRKS, type Quirks } from './quirks.ts';
import { follow, isCut, isRedirect, locationUrl, refusalOf } from './redirect.ts';
import { DEFAULT_REFERRER_POLICY, determineReferrer } from './referrer.ts';
import { unsafeRequestHeaderNames } from './request-headers.ts';
import { type FilteredResponse, filterResponse, isBlockedByCorp, opaqueRedirect } from './response.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, Header, ResponseReply } from './types.ts';

/** A response before main fetch has filtered it, or one that HTTP fetch has filtered already. */
type Fetched =
  | ResponseReply
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
  if (request.urls.length === 1 && fetching.agent.quirks !== NO_QUIRKS) {
    request.firstHeaders = [...request.headers];
    request.firstReferrer = request.referrer;
    request.unsafeAtFirst = namesNeedingPreflight(request, fetching.agent.quirks);
    const kept = keptLoad(fetching, request);
    if (kept) return kept;
  }
  if (request.tainting !== 'cors') return yield* httpFetch(fetching, request, null);
  const unsafe = namesToAskFor(fetching, request, url);
  const end = { failed: true, atPreflight: false, byRedirectMode: false, preflighted: unsafe !== null };
  try {
    const fetched = yield* httpFetch(fetching, request, unsafe);
    end.failed = fetched.kind === 'network-error';
    if (fetched.kind === 'network-error') {
      end.byRedirectMode = fetched.byRedirectMode === true;
      end.atPreflight = fetched.blockedAt === 'preflight';
    }
    return fetched;
  } finally {
    // An aborted or terminated fetch ends in a network error too.
    if (clearsPreflightCache(fetching.agent.quirks, end)) clear(fetching, request);
  }
}

/** Main fetch: a network error of a request with a preflight clears what is remembered. */
function clearsPreflightCache(quirks: Quirks, end: CorsEnd): boolean {
  const standard = end.preflighted && end.failed;
  return quirks.clearsPreflightCache ? quirks.clearsPreflightCache(standard, end) : standard;
}

function clear({ agent, trace }: Fetching, request: FetchRequest): void {
  const { preflightCache: cache, quirks } = agent;
  if (cache.size > 0 && cache.clear(cacheKey(request, quirks))) trace.note('preflight.cleared');
}

/** Main fetch, once it has a response: what the API gets of it. */
export function filtered(
  { trace, agent }: Fetching,
  request: FetchRequest,
  fetched: Fetched,
): FilteredResponse | NetworkError {
  if (fetched.kind === 'network-error') return fetched;
  if (fetched.kind === 'filtered') return fetched.response;
  const response = filterResponse(request, fetched, agent.quirks);
  if (response.type === 'opaque') trace.note('filter.opaque');
  else if (response.exposed === undefined) trace.note('filter.basic');
  else trace.note(`filter.cors-${response.exposed.kind}`, response.headers.length, fetched.headers.length);
  return response;
}

/** Main fetch up to where it fetches: the request's response tainting is set, or the request stopped. */
function admits({ trace, agent: { quirks } }: Fetching, request: FetchRequest, url: URL): boolean {
  if (isBadPort(url)) {
    trace.stop('bad-port', url);
    return false;
  }
  const mixed = isMixedContent(request.client, url);
  if (quirks.mixedContent ? quirks.mixedContent(mixed, url, request) : mixed) {
    trace.stop('mixed-content', url);
    return false;
  }
  if (isOverKeepaliveLimit(request) && quirks.keepaliveLimitFirst) return false;
  const { origin } = url;
  request.referrerPolicy ||= policyOf(request, quirks);
  const referrer = determineReferrer(request);
  request.referrer = quirks.referrer ? quirks.referrer(referrer, request) : referrer;
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

function policyOf(request: FetchRequest, { clientPolicy }: Quirks): string {
  const { client } = request;
  const standard = client.referrerPolicy || DEFAULT_REFERRER_POLICY;
  return clientPolicy ? clientPolicy(standard, client, request) : standard;
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

function namesNeedingPreflight(request: FetchRequest, quirks: Quirks): readonly string[] | null {
  const unsafe = unsafeRequestHeaderNames(request.headers, quirks);
  const simple = isSafelistedMethod(request.method) && unsafe.length === 0 && !request.useCorsPreflight;
  return simple ? null : unsafe;
}

/** Main fetch's last two cases: the CORS-unsafe names to ask for with a CORS-preflight, or null for no preflight. */
function namesToAskFor(
  { trace, agent: { quirks } }: Fetching,
  request: FetchRequest,
  url: URL,
): readonly string[] | null {
  const standard = namesNeedingPreflight(request, quirks);
  const names = quirks.preflightFor ? quirks.preflightFor(standard, request) : standard;
  if (names === null) {
    trace.pass('main.cors', request, url);
    return null;
  }
  trace.pass('main.cors-with-preflight', request, url, request.method, names);
  return names;
}

/** HTTP fetch. `unsafe` are the CORS-unsafe names where makeCORSPreflight is true, else null. */
function* httpFetch(
  fetching: Fetching,
  request: FetchRequest,
  unsafe: readonly string[] | null,
): Steps<Fetched> {
  if (unsafe !== null && asksFirst(fetching, request, unsafe)) {
    const preflight = preflightFor(fetching, request, unsafe);
    const answer = yield* networkOrCacheFetch(fetching, preflight, 'preflight');
    const refusal =
      answer.kind === 'network-error' ? answer : checkPreflight(fetching, request, answer, unsafe);
    if (refusal) return refusal;
  }
  const redirect = request.urls.length > 1 ? (fetching.answers.at(-1) ?? null) : null;
  if (fetching.agent.quirks.stopsAfterPreflight?.(false, request, redirect)) return NETWORK_ERROR;
  const url = request.urls[request.urls.length - 1] as URL;
  const response = yield* networkOrCacheFetch(fetching, request, 'actual');
  if (response.kind === 'network-error') return response;
  return answered(fetching, request, response, url) ?? (yield* mainFetch(fetching, request));
}

/** HTTP fetch, once it has an answer: the result where there is one already, null where a redirect is followed. */
function answered(
  fetching: Fetching,
  request: FetchRequest,
  response: ResponseReply,
  url: URL,
): Fetched | null {
  const { trace, agent } = fetching;
  fetching.answers.push(response);
  const stillValid = validatedLoad(fetching, request, response);
  if (stillValid) return stillValid;
  if (request.tainting === 'cors' && isRefused(fetching, request, response)) return BLOCKED_AT_RESPONSE;
  if (request.tainting === 'opaque' && corpBlocks(agent.quirks, request, url, response)) {
    trace.stop('corp');
    return NETWORK_ERROR;
  }
  if (isCut(agent.quirks, response)) return NETWORK_ERROR;
  if (!isRedirect(agent.quirks, response)) return response;
  return redirectResult(fetching, request, response, url);
}

/** Whether HTTP fetch makes a CORS-preflight fetch first, or what is remembered does. */
function asksFirst(fetching: Fetching, request: FetchRequest, unsafe: readonly string[]): boolean {
  if (needsPreflight(fetching, request, unsafe)) return true;
  fetching.trace.note('preflight.cached');
  return false;
}

/** HTTP fetch's CORS check of the response. */
function isRefused(fetching: Fetching, request: FetchRequest, response: ResponseReply): boolean {
  if (fetching.agent.quirks.skipsCorsCheck?.(false, request, response)) return false;
  const passes = checkCors(fetching, request, response, 'response');
  if (!passes) forgetRefused(fetching, request, response);
  return !passes;
}

function corpBlocks(
  { corp }: Quirks,
  { origin }: FetchRequest,
  url: URL,
  { headers }: ResponseReply,
): boolean {
  const standard = isBlockedByCorp(origin, url, headers);
  return corp ? corp(standard, origin, headers) : standard;
}

/** HTTP fetch on a redirect status, by the request's redirect mode: null where the redirect is followed. */
function redirectResult(
  fetching: Fetching,
  request: FetchRequest,
  response: ResponseReply,
  url: URL,
): Fetched | null {
  const { trace, agent } = fetching;
  // For quirks: an empty Location is none.
  const located = Boolean(get(response.headers, 'location'));
  if (request.redirect === 'error' && (located || !agent.quirks.errorModeNeedsLocation)) {
    trace.stop('redirect.error-mode');
    return REDIRECT_ERROR;
  }
  if (request.redirect === 'manual') {
    const location =
      agent.quirks.manualModeParses && locationUrl(response.headers, url, agent.quirks, request);
    if (location === 'failure') return NETWORK_ERROR;
    const filtered = opaqueRedirect(request, response);
    const shown = !located && agent.quirks.manualModeNeedsLocation;
    return { kind: 'filtered', response: shown ? { ...filtered, body: response.body ?? '' } : filtered };
  }
  return redirected(fetching, request, response, url);
}

/** HTTP-redirect fetch up to main fetch: the result where there is one already, null where the redirect is followed. */
function redirected(
  fetching: Fetching,
  request: FetchRequest,
  response: ResponseReply,
  current: URL,
): ResponseReply | NetworkError | null {
  const { trace, agent } = fetching;
  const { quirks } = agent;
  const location = locationUrl(response.headers, current, quirks, request);
  if (location === null) return response;
  const refusal = refusalOf(quirks, request, response.status, location);
  if (refusal !== null) {
    trace.stop(`redirect.${refusal}`, current, location);
    forgetRefused(fetching, request, response);
    return refusal.startsWith('credentials') ? BLOCKED_AT_RESPONSE : NETWORK_ERROR;
  }
  const to = location as URL;
  const rewrite = follow(request, response, to, quirks);
  const origin = serializeRequestOrigin(request.origin, request.urls);
  trace.note('redirect.followed', response.status, current, to, request.method, origin, rewrite);
  return null;
}
