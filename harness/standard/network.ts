/** HTTP-network-or-cache fetch and HTTP-network fetch (Fetch, 4.7 and 4.8): the headers that go out, and retries. */
import { isCrossSiteRequest } from './cookies.ts';
import { basicAuthorization, includesCredentialsOf } from './credentials.ts';
import {
  type Fetching,
  NETWORK_ERROR,
  type NetworkError,
  NotModelled,
  received,
  type Steps,
  type UserAgent,
} from './fetching.ts';
import { contains, type Header, valuesOf } from './header-list.ts';
import { mayBeAnsweredFromCache, rememberInCache } from './http-cache.ts';
import { isPotentiallyTrustworthy, originHeader } from './origin.ts';
import { includesCredentials } from './redirect.ts';
import { serializeUrl } from './response.ts';
import type { FetchRequest, Role, WireResponse, WireSend } from './types.ts';

/** The most bytes that keepalive requests of one page may have under way. */
export const KEEPALIVE_LIMIT = 64 * 1024;

export const DEFAULT_USER_AGENT = 'Mozilla/5.0 (compatible; cors-conformance model)';

const DEST: Header = ['Sec-Fetch-Dest', 'empty'];
const CONDITIONAL = ['if-modified-since', 'if-none-match', 'if-unmodified-since', 'if-match', 'if-range'];

interface Retry {
  readonly authentication: boolean;
  readonly newConnection: boolean;
}

/** Runs both algorithms. Interim responses have been left out by whoever replies. */
export function* networkOrCacheFetch(
  fetching: Fetching,
  request: FetchRequest,
  role: Role,
  retry: Retry = { authentication: false, newConnection: false },
): Steps<WireResponse | NetworkError> {
  const { agent, trace } = fetching;
  const url = request.urls[request.urls.length - 1] as URL;
  const credentials = includesCredentialsOf(request);
  if (request.keepalive && request.body?.replayable && request.body.bytes.length > KEEPALIVE_LIMIT) {
    trace.stop('keepalive-limit', request.body.bytes.length, KEEPALIVE_LIMIT);
    return NETWORK_ERROR;
  }
  const { headers, cache } = compose(fetching, request, url, credentials, retry);
  if (mayBeAnsweredFromCache(agent.httpCache, request.method, url, cache)) {
    throw new NotModelled('the HTTP cache may hold a response for this URL');
  }
  if (cache === 'only-if-cached') {
    trace.stop('only-if-cached');
    return NETWORK_ERROR;
  }
  if (request.body && !request.body.replayable && agent.options.http !== '2') {
    trace.stop('stream-http1');
    return NETWORK_ERROR;
  }
  const send: WireSend = {
    role,
    method: request.method,
    url: serializeUrl(url),
    headers,
    credentials,
    body: request.body === null ? null : request.body.bytes,
    newConnection: retry.newConnection,
  };
  fetching.wire.push(send);
  const response = received(fetching, send, yield send);
  if (!response) {
    trace.stop('network-failure', url);
    return NETWORK_ERROR;
  }
  if (response.status < 200) throw new NotModelled('an interim (1xx) status as the last answer');
  if (credentials) storeCookies(fetching, request, url, response);
  rememberInCache(agent.httpCache, request.method, url, response);
  return RETRIED.has(response.status)
    ? yield* retried(fetching, request, role, retry, response, credentials)
    : response;
}

/** The statuses that HTTP-network-or-cache fetch answers by itself. */
const RETRIED = new Set([401, 407, 421]);

function* retried(
  fetching: Fetching,
  request: FetchRequest,
  role: Role,
  retry: Retry,
  response: WireResponse,
  credentials: boolean,
): Steps<WireResponse | NetworkError> {
  const { agent, trace } = fetching;
  const { status } = response;
  const window = request.client.global !== 'worker';
  const asked = status === 401 && contains(response.headers, 'www-authenticate');
  if (asked && request.tainting !== 'cors' && credentials && window) {
    if (request.body && !request.body.replayable) {
      trace.stop('authenticate.stream');
      return NETWORK_ERROR;
    }
    if (!request.useUrlCredentials || retry.authentication) {
      throw new NotModelled('the user is asked for a name and a password');
    }
    trace.note('authenticate');
    const url = request.urls[request.urls.length - 1] as URL;
    const answer = yield* networkOrCacheFetch(fetching, request, role, { ...retry, authentication: true });
    if (answer.kind === 'response') agent.authentication.set(url.origin, basicAuthorization(url));
    return answer;
  }
  if (status === 407) {
    if (window && role === 'actual') throw new NotModelled('the user is asked for proxy credentials');
    trace.stop('proxy-authentication');
    return NETWORK_ERROR;
  }
  if (status === 421 && !retry.newConnection && (request.body === null || request.body.replayable)) {
    trace.note('misdirected');
    return yield* networkOrCacheFetch(fetching, request, role, { ...retry, newConnection: true });
  }
  return response;
}

/** The header list of the HTTP request, in the order in which the Standard appends. */
function compose(
  { agent, clock }: Fetching,
  request: FetchRequest,
  url: URL,
  credentials: boolean,
  retry: Retry,
): { headers: Header[]; cache: string } {
  const headers: Header[] = [...request.headers];
  const { body, method } = request;
  if (body?.replayable) headers.push(['Content-Length', String(body.bytes.length)]);
  else if (body === null && (method === 'POST' || method === 'PUT')) headers.push(['Content-Length', '0']);
  if (request.referrer !== 'no-referrer') headers.push(['Referer', request.referrer]);
  const origin = originHeader(request);
  if (origin !== null) headers.push(['Origin', origin]);
  if (isPotentiallyTrustworthy(url)) {
    headers.push(DEST, ['Sec-Fetch-Mode', request.mode], ['Sec-Fetch-Site', request.site]);
  }
  if (!contains(request.headers, 'user-agent')) {
    headers.push(['User-Agent', agent.options.userAgent ?? DEFAULT_USER_AGENT]);
  }
  let { cache } = request;
  if (cache === 'default' && CONDITIONAL.some(name => contains(request.headers, name))) cache = 'no-store';
  const cacheControl = contains(request.headers, 'cache-control');
  if (cache === 'no-cache' && !cacheControl) headers.push(['Cache-Control', 'max-age=0']);
  if (cache === 'no-store' || cache === 'reload') {
    if (!contains(request.headers, 'pragma')) headers.push(['Pragma', 'no-cache']);
    if (!cacheControl) headers.push(['Cache-Control', 'no-cache']);
  }
  if (contains(request.headers, 'range')) headers.push(['Accept-Encoding', 'identity']);
  if (credentials) {
    const crossSite = isCrossSiteRequest(request);
    const cookies = cookiesAllowed(agent.options.thirdPartyCookies, crossSite)
      ? agent.cookies.header(url, crossSite, clock.now())
      : null;
    if (cookies !== null) headers.push(['Cookie', cookies]);
    const authorization = contains(request.headers, 'authorization')
      ? null
      : authorizationOf(agent, request, url, retry);
    if (authorization !== null) headers.push(['Authorization', authorization]);
  }
  return { headers, cache };
}

/** The authentication entry, or the URL's own user name and password once the server has asked. */
function authorizationOf(agent: UserAgent, request: FetchRequest, url: URL, retry: Retry): string | null {
  const ownCredentials = request.useUrlCredentials && includesCredentials(url);
  if (ownCredentials) return retry.authentication ? basicAuthorization(url) : null;
  return agent.authentication.get(url.origin) ?? null;
}

function storeCookies(
  { agent, clock }: Fetching,
  request: FetchRequest,
  url: URL,
  response: WireResponse,
): void {
  const crossSite = isCrossSiteRequest(request);
  if (!cookiesAllowed(agent.options.thirdPartyCookies, crossSite)) return;
  for (const value of valuesOf(response.headers, 'set-cookie')) {
    agent.cookies.store(value, url, crossSite, clock.now());
  }
}

function cookiesAllowed(thirdParty: boolean | undefined, crossSite: boolean): boolean {
  return thirdParty !== false || !crossSite;
}
