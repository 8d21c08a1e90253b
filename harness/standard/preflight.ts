/** CORS-preflight fetch (Fetch, 4.9): the OPTIONS request, and what its response must say. */
import { byteLowercase } from './bytes.ts';
import { corsCheck } from './cors-check.ts';
import { BLOCKED_AT_PREFLIGHT, type Fetching, type NetworkError } from './fetching.ts';
import { extractDeltaSeconds, extractTokens, FAILURE, type Header } from './header-list.ts';
import { isSafelistedMethod } from './methods.ts';
import { serializeRequestOrigin, siteOf } from './origin.ts';
import { type CacheKey, DEFAULT_MAX_AGE } from './preflight-cache.ts';
import { isRedirectStatus } from './redirect.ts';
import { NON_WILDCARD_NAMES } from './request-headers.ts';
import { isOkStatus } from './response.ts';
import type { FetchRequest, WireResponse } from './types.ts';

/** What the CORS-preflight cache keeps a request's entries under. */
export function cacheKey({ client, origin, urls }: FetchRequest): CacheKey {
  return {
    partition: siteOf(client.topLevelOrigin ?? client.origin),
    origin: serializeRequestOrigin(origin, urls),
    url: (urls[urls.length - 1] as URL).href,
  };
}

/** Whether HTTP fetch has to run a CORS-preflight fetch, by what the cache holds. `unsafe`: CORS-unsafe names. */
export function needsPreflight(
  fetching: Fetching,
  request: FetchRequest,
  unsafe: readonly string[],
): boolean {
  const cache = fetching.agent.preflightCache;
  if (cache.size === 0) return true;
  const key = cacheKey(request);
  const include = request.credentials === 'include';
  const now = fetching.clock.now();
  const methodAsks = request.useCorsPreflight || !isSafelistedMethod(request.method);
  return (
    (methodAsks && !cache.matchesMethod(key, request.method, include, now)) ||
    unsafe.some(name => !cache.matchesHeader(key, name, include, now))
  );
}

/** The preflight's own headers. ACRH joins with a bare comma, on purpose. */
export function preflightHeaders(method: string, unsafe: readonly string[]): Header[] {
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
  { trace }: Fetching,
  request: FetchRequest,
  unsafe: readonly string[],
): FetchRequest {
  trace.note('preflight.sent', request.method, unsafe);
  return {
    client: request.client,
    origin: request.origin,
    urls: request.urls,
    integrity: '',
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    method: 'OPTIONS',
    headers: preflightHeaders(request.method, unsafe),
    body: null,
    mode: 'cors',
    credentials: 'same-origin',
    cache: 'default',
    redirect: 'follow',
    keepalive: false,
    useCorsPreflight: false,
    useUrlCredentials: false,
    tainting: 'cors',
    site: request.site,
  };
}

/** The rest of CORS-preflight fetch: null where the preflight's answer allows the request. */
export function checkPreflight(
  fetching: Fetching,
  request: FetchRequest,
  response: WireResponse,
  unsafe: readonly string[],
): NetworkError | null {
  if (!checkCors(fetching, request, response, 'preflight')) return BLOCKED_AT_PREFLIGHT;
  const { trace } = fetching;
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
  const forced = methods === null && request.useCorsPreflight;
  const allowed = { methods: forced ? [request.method] : (methods ?? []), headers: names ?? [] };
  if (!allows(fetching, request, allowed, headers, unsafe)) return BLOCKED_AT_PREFLIGHT;
  store(fetching, request, allowed, response);
  return null;
}

interface Allowed {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

function allows(
  { trace }: Fetching,
  request: FetchRequest,
  allowed: Allowed,
  list: WireResponse['headers'],
  unsafe: readonly string[],
): boolean {
  const include = request.credentials === 'include';
  const { method } = request;
  const listed = allowed.methods.includes(method);
  if (!listed && !isSafelistedMethod(method) && (include || !allowed.methods.includes('*'))) {
    trace.stop('preflight.method', request, method, list);
    return false;
  }
  trace.pass('preflight.method', request, method, list);
  const missing = hasInOrder(allowed.headers, unsafe) ? [] : missingFrom(allowed.headers, unsafe, include);
  if (missing.length > 0) {
    trace.stop('preflight.header', request, unsafe, list, missing);
    return false;
  }
  if (unsafe.length > 0) trace.pass('preflight.header', request, unsafe, list);
  return true;
}

/** Whether `listed` has all of `names` in their order: most servers repeat what was asked, and that is quickly told. */
function hasInOrder(listed: readonly string[], names: readonly string[]): boolean {
  let at = 0;
  for (const name of listed) if (name === names[at]) at++;
  return at === names.length;
}

function missingFrom(listed: readonly string[], unsafe: readonly string[], include: boolean): string[] {
  const names = new Set(listed.map(byteLowercase));
  const wildcard = !include && names.has('*');
  return unsafe.filter(name => !names.has(name) && (NON_WILDCARD_NAMES.has(name) || !wildcard));
}

function store(fetching: Fetching, request: FetchRequest, allowed: Allowed, { headers }: WireResponse): void {
  const { agent, clock, trace } = fetching;
  const extracted = extractDeltaSeconds(headers, 'access-control-max-age');
  const maxAge = extracted === FAILURE || extracted === null ? DEFAULT_MAX_AGE : extracted;
  agent.preflightCache.store(
    cacheKey(request),
    allowed,
    maxAge,
    request.credentials === 'include',
    clock.now(),
  );
  trace.note('preflight.stored', maxAge, headers);
}

/** The CORS check, with its step in the trace. */
export function checkCors(
  { trace }: Fetching,
  request: FetchRequest,
  response: WireResponse,
  at: 'preflight' | 'response',
): boolean {
  const origin = serializeRequestOrigin(request.origin, request.urls);
  const check = corsCheck(origin, request.credentials, response.headers);
  const url = request.urls[request.urls.length - 1] as URL;
  const checked = { at, url, status: response.status, origin, request, check };
  if (check.failure === undefined) trace.pass(`${at}.cors-check`, checked);
  else trace.stop(`cors.${check.failure}`, checked);
  return check.ok;
}
