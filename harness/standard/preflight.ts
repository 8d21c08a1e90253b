/** CORS-preflight fetch (Fetch, 4.9): the OPTIONS request, and what its response must say. */
import { byteLowercase } from './bytes.ts';
import { type CorsCheck, corsCheck } from './cors-check.ts';
import { BLOCKED_AT_PREFLIGHT, type Fetching, type NetworkError, type Steps } from './fetching.ts';
import { extractDeltaSeconds, extractTokens, FAILURE, get, type Header } from './header-list.ts';
import { isSafelistedMethod } from './methods.ts';
import { networkOrCacheFetch } from './network.ts';
import { serializeRequestOrigin, siteOf } from './origin.ts';
import { type CacheKey, DEFAULT_MAX_AGE } from './preflight-cache.ts';
import { isRedirectStatus } from './redirect.ts';
import { NON_WILDCARD_NAMES } from './request-headers.ts';
import { isOkStatus } from './response.ts';
import { SPEC } from './spec.ts';
import { shown } from './trace.ts';
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

/** @param unsafe the CORS-unsafe request-header names of the request */
export function* corsPreflightFetch(
  fetching: Fetching,
  request: FetchRequest,
  unsafe: readonly string[],
): Steps<WireResponse | NetworkError> {
  const preflight: FetchRequest = {
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
  };
  fetching.trace.note('preflight.sent', SPEC.preflightFetch, 'A preflight asks the server first.', {
    'Access-Control-Request-Method': shown(request.method),
    'Access-Control-Request-Headers': unsafe.length > 0 ? shown(unsafe.join(',')) : '(absent)',
  });
  const response = yield* networkOrCacheFetch(fetching, preflight, 'preflight');
  return response.kind === 'network-error' ? response : check(fetching, request, response, unsafe);
}

function check(
  fetching: Fetching,
  request: FetchRequest,
  response: WireResponse,
  unsafe: readonly string[],
): WireResponse | NetworkError {
  if (!checkCors(fetching, request, response, 'preflight')) return BLOCKED_AT_PREFLIGHT;
  const { trace } = fetching;
  const { status, headers } = response;
  if (!isOkStatus(status)) {
    const redirect = isRedirectStatus(status);
    trace.stop(
      redirect ? 'preflight.redirect' : 'preflight.status',
      SPEC.preflightFetch,
      redirect
        ? `The preflight is answered with the redirect ${status}, and a preflight follows no redirect.`
        : `The preflight is answered with status ${status}, and only 200 to 299 will do.`,
      { status: String(status) },
    );
    return BLOCKED_AT_PREFLIGHT;
  }
  trace.pass('preflight.status', SPEC.preflightFetch, `The preflight's status ${status} is an ok status.`);
  const methods = extractTokens(headers, 'access-control-allow-methods');
  const names = extractTokens(headers, 'access-control-allow-headers');
  if (methods === FAILURE || names === FAILURE) {
    const header = methods === FAILURE ? 'Access-Control-Allow-Methods' : 'Access-Control-Allow-Headers';
    trace.stop(
      'preflight.list-invalid',
      SPEC.extractHeaderListValues,
      `The preflight's ${header} is no list of names, so it fails as a whole.`,
      { header, value: shown(get(headers, header.toLowerCase())) },
    );
    return BLOCKED_AT_PREFLIGHT;
  }
  const forced = methods === null && request.useCorsPreflight;
  const allowed = { methods: forced ? [request.method] : (methods ?? []), headers: names ?? [] };
  if (!allows(fetching, request, allowed, headers, unsafe)) return BLOCKED_AT_PREFLIGHT;
  store(fetching, request, allowed, response);
  return response;
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
  const values = {
    method: shown(method),
    'Access-Control-Allow-Methods': shown(get(list, 'access-control-allow-methods')),
    'credentials mode': request.credentials,
  };
  const listed = allowed.methods.includes(method);
  if (!listed && !isSafelistedMethod(method) && (include || !allowed.methods.includes('*'))) {
    trace.stop(
      'preflight.method',
      SPEC.preflightFetch,
      `The preflight's Access-Control-Allow-Methods does not allow ${shown(method)}.`,
      values,
    );
    return false;
  }
  trace.pass('preflight.method', SPEC.preflightFetch, `The method ${shown(method)} may be used.`, values);
  const names = new Set(allowed.headers.map(byteLowercase));
  const wildcard = !include && names.has('*');
  const missing = unsafe.filter(name => !names.has(name) && (NON_WILDCARD_NAMES.has(name) || !wildcard));
  const headerValues = {
    headers: shown(unsafe.join(', ')),
    'Access-Control-Allow-Headers': shown(get(list, 'access-control-allow-headers')),
    'credentials mode': request.credentials,
  };
  if (missing.length > 0) {
    trace.stop(
      'preflight.header',
      SPEC.preflightFetch,
      `The preflight's Access-Control-Allow-Headers does not allow ${shown(missing.join(', '))}.`,
      { ...headerValues, missing: shown(missing.join(', ')) },
    );
    return false;
  }
  if (unsafe.length > 0) {
    trace.pass(
      'preflight.header',
      SPEC.preflightFetch,
      'Every CORS-unsafe header may be sent.',
      headerValues,
    );
  }
  return true;
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
  trace.note(
    'preflight.stored',
    SPEC.preflightCache,
    `The preflight's answer may be kept for ${maxAge} seconds.`,
    {
      'Access-Control-Max-Age': shown(get(headers, 'access-control-max-age')),
    },
  );
}

/** The CORS check, with its step in the trace. */
export function checkCors(
  { trace }: Fetching,
  request: FetchRequest,
  response: WireResponse,
  at: 'preflight' | 'response',
): boolean {
  const origin = serializeRequestOrigin(request.origin, request.urls);
  const result = corsCheck(origin, request.credentials, response.headers);
  const values = checkValues(result, origin, request, response, at);
  if (result.ok) {
    trace.pass(`${at}.cors-check`, SPEC.corsCheck, `The ${at} may be shared with ${shown(origin)}.`, values);
  } else {
    trace.stop(`cors.${result.failure}`, SPEC.corsCheck, `The CORS check of the ${at} fails.`, values);
  }
  return result.ok;
}

function checkValues(
  { allowOrigin, allowCredentials }: CorsCheck,
  origin: string,
  request: FetchRequest,
  response: WireResponse,
  at: string,
): Record<string, string> {
  const values: Record<string, string> = {
    at,
    url: shown((request.urls[request.urls.length - 1] as URL).href),
    status: String(response.status),
    origin: shown(origin),
    'page origin': shown(request.origin),
    'Access-Control-Allow-Origin': shown(allowOrigin),
    'credentials mode': request.credentials,
  };
  if (allowCredentials !== undefined) values['Access-Control-Allow-Credentials'] = shown(allowCredentials);
  return values;
}
