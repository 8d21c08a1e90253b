/** CORS-preflight fetch (Fetch, 4.9): the OPTIONS request, and what its response must say. */
import { byteLowercase } from './bytes.ts';
import { corsCheck } from './cors-check.ts';
import { BLOCKED_AT_PREFLIGHT, type Fetching, type NetworkError } from './fetching.ts';
import {
  extractDeltaSeconds,
  extractTokens,
  FAILURE,
  type Header,
  type HeaderList,
  valuesOf,
} from './header-list.ts';
import { isSafelistedMethod } from './methods.ts';
import { cacheModeOf } from './network.ts';
import { sameOrigin, serializeRequestOrigin, siteOf } from './origin.ts';
import { type CacheKey, DEFAULT_MAX_AGE } from './preflight-cache.ts';
import type { Quirks } from './quirks.ts';
import { isRedirectStatus } from './redirect.ts';
import { NON_WILDCARD_NAMES } from './request-headers.ts';
import { isOkStatus } from './response.ts';
import type { FetchRequest, ResponseReply } from './types.ts';

/** What the CORS-preflight cache keeps a request's entries under. */
export function cacheKey(request: FetchRequest, quirks: Quirks): CacheKey {
  const { client, urls } = request;
  const partition = siteOf(client.topLevelOrigin ?? client.origin);
  return {
    partition: quirks.preflightPartition ? quirks.preflightPartition(partition, client) : partition,
    origin:
      request.origin === 'null' && quirks.forgetsOpaqueOrigins === 'tainted'
        ? `null ${client.url}`
        : preflightOrigin(request, quirks),
    url: (urls[urls.length - 1] as URL).href,
  };
}

/** The origin that a preflight names. */
function preflightOrigin({ origin, urls }: FetchRequest, quirks: Quirks): string {
  const tainted = serializeRequestOrigin(origin, urls);
  return tainted !== origin && quirks.taintedPreflightKeepsOrigin ? origin : tainted;
}

/** Whether HTTP fetch has to run a CORS-preflight fetch, by what the cache holds. `unsafe`: CORS-unsafe names. */
export function needsPreflight(
  fetching: Fetching,
  request: FetchRequest,
  unsafe: readonly string[],
): boolean {
  const { preflightCache: cache, quirks } = fetching.agent;
  if (cache.size === 0 || quirks.bypassesPreflightCache?.(false, request)) return true;
  const key = cacheKey(request, quirks);
  const include = request.credentials === 'include';
  const now = fetching.clock.now();
  if (quirks.anyAnswerServesSafelisted && !cache.holds(key, include, now)) return true;
  return (
    (methodNeedsEntry(request, unsafe, quirks) && !cache.matchesMethod(key, request.method, include, now)) ||
    unsafe.some(name => !cache.matchesHeader(key, name, include, now))
  );
}

function methodNeedsEntry(
  { method, useCorsPreflight }: FetchRequest,
  unsafe: readonly string[],
  quirks: Quirks,
): boolean {
  if (!isSafelistedMethod(method) || (quirks.headNeedsEntry && method === 'HEAD')) return true;
  // By the Standard, a preflight that is about no header is about the method, or forced.
  return (useCorsPreflight || unsafe.length === 0) && !quirks.anyAnswerServesSafelisted;
}

/** The preflight's own headers. ACRH joins with a bare comma, on purpose. */
function preflightHeaders(method: string, unsafe: readonly string[]): Header[] {
  const headers: Header[] = [
    ['Accept', '*/*'],
    ['Access-Control-Request-Method', method],
  ];
  if (unsafe.length > 0) headers.push(['Access-Control-Request-Headers', unsafe.join(',')]);
  return headers;
}

/**
 * CORS-preflight fetch up to where it sends: the preflight.
 *
 * @param unsafe the CORS-unsafe request-header names of the request
 */
export function preflightFor(
  { trace, agent }: Fetching,
  request: FetchRequest,
  unsafe: readonly string[],
): FetchRequest {
  const { quirks } = agent;
  const forgets = agent.preflightCache.size > 0 && quirks.forgetsOnPreflight;
  // Whoever goes around what is remembered leaves it as it is.
  if (forgets && !quirks.bypassesPreflightCache?.(false, request)) {
    agent.preflightCache.clear(cacheKey(request, quirks));
  }
  trace.note('preflight.sent', request.method, unsafe);
  const headers = preflightHeaders(request.method, unsafe);
  return {
    initiator: request.initiator,
    synchronous: request.synchronous,
    client: request.client,
    origin: request.origin,
    urls:
      request.urls.length > 1 && quirks.taintedPreflightKeepsOrigin ? request.urls.slice(-1) : request.urls,
    integrity: '',
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    method: 'OPTIONS',
    firstMethod: 'OPTIONS',
    headers: quirks.preflightHeaders ? quirks.preflightHeaders(headers, request) : headers,
    firstHeaders: [],
    body: null,
    mode: 'cors',
    credentials: 'same-origin',
    cache: preflightCacheMode(request, quirks),
    redirect: 'follow',
    keepalive: false,
    useCorsPreflight: false,
    useUrlCredentials: false,
    tainting: 'cors',
    site: request.site,
    unsafeAtFirst: null,
  };
}

function preflightCacheMode(request: FetchRequest, quirks: Quirks): string {
  const mode = cacheModeOf(request, quirks);
  return mode !== 'default' && quirks.preflightKeepsCacheMode ? mode : 'default';
}

/** The rest of CORS-preflight fetch: null where the preflight's answer allows the request. */
export function checkPreflight(
  fetching: Fetching,
  request: FetchRequest,
  response: ResponseReply,
  unsafe: readonly string[],
): NetworkError | null {
  if (!checkCors(fetching, request, response, 'preflight')) return BLOCKED_AT_PREFLIGHT;
  const { trace, agent } = fetching;
  const { status, headers } = response;
  if (!isOkStatus(status)) {
    trace.stop(isRedirectStatus(status) ? 'preflight.redirect' : 'preflight.status', status);
    return BLOCKED_AT_PREFLIGHT;
  }
  trace.pass('preflight.status', status);
  const methods = extractTokens(headers, 'access-control-allow-methods');
  const names = extractTokens(headers, 'access-control-allow-headers');
  if (methods === FAILURE || names === FAILURE) {
    const header = methods === FAILURE ? 'Access-Control-Allow-Methods' : 'Access-Control-Allow-Headers';
    trace.stop('preflight.list-invalid', header, headers);
    return BLOCKED_AT_PREFLIGHT;
  }
  const forced = methods === null && request.useCorsPreflight && !agent.quirks.forcedPreflightNeedsMethod;
  const allowed = { methods: forced ? [request.method] : (methods ?? []), headers: names ?? [] };
  const allows = allowsRequest(fetching, request, allowed, { unsafe, lines: headers });
  if (allows || agent.quirks.storesRefusals) store(fetching, request, allowed, response);
  return allows ? null : BLOCKED_AT_PREFLIGHT;
}

/** What a preflight's answer lists. */
interface AllowLists {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

/**
 * Whether the lists allow a method (CORS-preflight fetch, step 7.5).
 *
 * @param include whether the request's credentials mode is include: "*" is no wildcard then
 */
export function allowsMethod(methods: readonly string[], method: string, include: boolean): boolean {
  return methods.includes(method) || isSafelistedMethod(method) || (!include && methods.includes('*'));
}

/** The CORS-unsafe names that these Access-Control-Allow-Headers do not cover (CORS-preflight fetch, 7.6 and 7.7). */
export function missingFrom(
  listed: readonly string[],
  unsafe: readonly string[],
  include: boolean,
  nonWildcard: ReadonlySet<string> = NON_WILDCARD_NAMES,
): string[] {
  if (hasInOrder(listed, unsafe)) return [];
  const names = new Set(listed.map(byteLowercase));
  const wildcard = !include && names.has('*');
  return unsafe.filter(name => !names.has(name) && (nonWildcard.has(name) || !wildcard));
}

function allowsRequest(
  { trace, agent: { quirks } }: Fetching,
  request: FetchRequest,
  allowed: AllowLists,
  { unsafe, lines }: { readonly unsafe: readonly string[]; readonly lines: HeaderList },
): boolean {
  const include = request.credentials === 'include';
  const { method } = request;
  const standard = allowsMethod(allowed.methods, method, include);
  if (!(quirks.allowsMethod ? quirks.allowsMethod(standard, method, allowed.methods, include) : standard)) {
    trace.stop('preflight.method', request, method, lines);
    return false;
  }
  trace.pass('preflight.method', request, method, lines);
  const covered = unsafe.some(name => NON_WILDCARD_NAMES.has(name)) && quirks.starCoversAuthorization;
  const nonWildcard = covered ? NO_NAMES : NON_WILDCARD_NAMES;
  const missing = missingFrom(allowed.headers, unsafe, include, nonWildcard);
  if (missing.length > 0) {
    trace.stop('preflight.header', request, unsafe, lines, missing);
    return false;
  }
  if (unsafe.length > 0) trace.pass('preflight.header', request, unsafe, lines);
  return true;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Whether `listed` has all of `names` in their order: most servers repeat what was asked, and that is quickly told. */
function hasInOrder(listed: readonly string[], names: readonly string[]): boolean {
  let at = 0;
  for (const name of listed) if (name === names[at]) at++;
  return at === names.length;
}

function store(
  fetching: Fetching,
  request: FetchRequest,
  allowed: AllowLists,
  { headers }: ResponseReply,
): void {
  const { agent, clock, trace } = fetching;
  const maxAge = maxAgeOf(headers, agent.quirks);
  if (maxAge === null) return;
  const include = request.credentials === 'include';
  agent.preflightCache.store(cacheKey(request, agent.quirks), allowed, { maxAge, include, now: clock.now() });
  trace.note('preflight.stored', maxAge, headers);
}

/** Null where the answer is not remembered at all, which no answer is by the Standard. */
function maxAgeOf(headers: HeaderList, { maxAge }: Quirks): number | null {
  const extracted = extractDeltaSeconds(headers, 'access-control-max-age');
  const standard = extracted === FAILURE || extracted === null ? DEFAULT_MAX_AGE : extracted;
  return maxAge ? maxAge(standard, valuesOf(headers, 'access-control-max-age')) : standard;
}

/** The CORS check, with its step in the trace. */
export function checkCors(
  { trace, agent: { quirks } }: Fetching,
  request: FetchRequest,
  response: ResponseReply,
  at: 'preflight' | 'response',
): boolean {
  const origin =
    at === 'preflight'
      ? preflightOrigin(request, quirks)
      : serializeRequestOrigin(request.origin, request.urls);
  const credentials = quirks.checkedCredentials
    ? quirks.checkedCredentials(request.credentials, request, response, at)
    : request.credentials;
  // Whoever preflights its own origin, as the Standard never does, has nothing to check.
  if (at === 'preflight' && sameOrigin(request.urls.at(-1)?.origin ?? '', origin)) return true;
  const check = corsCheck(origin, credentials, response.headers);
  const url = request.urls[request.urls.length - 1] as URL;
  const checked = { at, url, status: response.status, origin, request, check };
  if (check.failure === undefined) trace.pass(`${at}.cors-check`, checked);
  else trace.stop(`cors.${check.failure}`, checked);
  return check.ok;
}
