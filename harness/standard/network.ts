/** HTTP-network-or-cache fetch and HTTP-network fetch (Fetch, 4.7 and 4.8): the headers that go out, and retries. */
import { byteLowercase, NameSet } from './bytes.ts';
import { appendCredentials, basicAuthorization, includesCredentialsOf, storeCookies } from './credentials.ts';
import {
  type Fetching,
  NETWORK_ERROR,
  type NetworkError,
  NotModelled,
  received,
  type Steps,
  waitForever,
} from './fetching.ts';
import { contains, containsOneOf, type Header, type HeaderList } from './header-list.ts';
import type { CacheRequest } from './http-cache.ts';
import { cachePartition, conditions, storedFor } from './http-cache-use.ts';
import { isPotentiallyTrustworthy, originHeaderValue } from './origin.ts';
import type { Quirks } from './quirks.ts';
import { serializeUrl } from './response.ts';
import type { FetchRequest, RequestRole, ResponseReply, WireReply, WireSend } from './types.ts';

/** The most bytes that keepalive requests of one page may have under way. */
const KEEPALIVE_LIMIT = 64 * 1024;

export const DEFAULT_USER_AGENT = 'Mozilla/5.0 (compatible; cors-conformance model)';

const DEST: Header = ['Sec-Fetch-Dest', 'empty'];
const CONDITIONAL = new NameSet([
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'if-match',
  'if-range',
]);

interface Retry {
  readonly authentication: boolean;
  readonly newConnection: boolean;
}

const FIRST: Retry = { authentication: false, newConnection: false };

/** A keepalive request may have so many bytes and no more. */
export function isOverKeepaliveLimit({ keepalive, body }: FetchRequest): boolean {
  return keepalive && body?.replayable === true && body.bytes.length > KEEPALIVE_LIMIT;
}

/** Runs both algorithms. Interim responses have been left out by whoever replies. */
export function* networkOrCacheFetch(
  fetching: Fetching,
  request: FetchRequest,
  role: RequestRole,
  retry: Retry = FIRST,
): Steps<ResponseReply | NetworkError> {
  const { agent, trace } = fetching;
  if (isOverKeepaliveLimit(request)) {
    trace.stop('keepalive-limit', request.body?.bytes.length ?? 0, KEEPALIVE_LIMIT);
    return NETWORK_ERROR;
  }
  const url = request.urls[request.urls.length - 1] as URL;
  const cache = cacheModeOf(request, agent.quirks);
  const serialized = serializeUrl(url);
  const credentials = includesCredentialsOf(request);
  const composing = { url, serialized, role, credentials, cache, retry };
  const partition = cachePartition(agent, request);
  const caching: CacheRequest = {
    partition: partition ?? '',
    method: request.method,
    url: serialized,
    headers: compose(fetching, request, composing),
    mode: partition === null ? 'no-store' : cache,
    hasBody: request.body !== null,
  };
  const stored = storedFor(fetching, caching);
  fetching.answeredByCache = stored?.use === 'at once';
  if (stored?.use === 'at once') {
    trace.note('cache.used');
    return stored.response;
  }
  if (refused(fetching, request, cache)) return NETWORK_ERROR;
  const headers = validated(caching.headers, conditions(fetching, role, stored));
  const send = wireSend(fetching, request, composing, headers);
  fetching.wire.push(send);
  const response = networkResponse(fetching, request, send, yield send);
  if (response.kind === 'network-error') return response;
  if (stored && response.status === 304) {
    trace.note('cache.validated');
    fetching.answeredByCache = true;
    return agent.httpCache.freshen(caching, response, fetching.clock.now());
  }
  agent.httpCache.store(caching, response, fetching.clock.now());
  const again = RETRIED.has(response.status) ? nextTry(fetching, request, { role, retry, response }) : null;
  if (again === null) return response;
  if ('kind' in again) return again;
  const answer = yield* networkOrCacheFetch(fetching, request, role, again);
  if (again.authentication && answer.kind === 'response') {
    agent.authenticate(url.origin, basicAuthorization(url));
  }
  return answer;
}

/** The headers of a request with those that validate what is stored. */
const validated = (headers: HeaderList, conditions: readonly Header[]): HeaderList =>
  conditions.length === 0 ? headers : [...headers, ...conditions];

/** HTTP-network fetch: what goes out. */
function wireSend(
  { agent: { quirks } }: Fetching,
  request: FetchRequest,
  { serialized, role, credentials, retry }: Composing,
  headers: HeaderList,
): WireSend {
  return {
    role,
    method: request.method,
    url: serialized,
    headers: quirks.sent ? quirks.sent([...headers], request, role) : headers,
    credentials,
    body: request.body === null ? null : request.body.bytes,
    newConnection: retry.newConnection && !quirks.retriesOnSameConnection,
  };
}

/** HTTP-network fetch: what comes in. */
function networkResponse(
  fetching: Fetching,
  request: FetchRequest,
  send: WireSend,
  reply: WireReply,
): ResponseReply | NetworkError {
  const url = request.urls[request.urls.length - 1] as URL;
  const response = received(fetching, send, reply);
  fetching.unanswered = null;
  if (!response) {
    if (send.role === 'actual') fetching.unanswered = reply.kind === 'failure' ? 'ended' : 'refused';
    fetching.trace.stop('network-failure', url);
    return NETWORK_ERROR;
  }
  if (response.status >= 100 && response.status < 200)
    throw new NotModelled('an interim (1xx) status as the last answer');
  if (send.credentials) storeCookies(fetching, request, url, response);
  return response;
}

/** The request's cache mode, once conditional headers of script's have had their effect. */
export function cacheModeOf(request: FetchRequest, { cacheMode }: Quirks): string {
  const { cache, headers } = request;
  const conditional = cache === 'default' && containsOneOf(headers, CONDITIONAL);
  const standard = conditional ? 'no-store' : cache;
  return cacheMode ? cacheMode(standard, request) : standard;
}

/** Whether the request ends in a network error before anything is sent. */
function refused({ agent, trace }: Fetching, request: FetchRequest, cache: string): boolean {
  if (cache === 'only-if-cached' && !agent.quirks.fetchesOnlyIfCached) {
    trace.stop('only-if-cached');
    return true;
  }
  if (request.body && !request.body.replayable && agent.options.http !== '2') {
    trace.stop('stream-http1');
    return true;
  }
  return false;
}

/** The statuses that HTTP-network-or-cache fetch answers by itself. */
const RETRIED = new Set([401, 407, 421]);

interface Answered {
  readonly role: RequestRole;
  readonly retry: Retry;
  readonly response: ResponseReply;
}

/** How the request is made again: null where it is not, and the response stands. */
function nextTry(fetching: Fetching, request: FetchRequest, answered: Answered): Retry | NetworkError | null {
  const { trace } = fetching;
  const { role, retry, response } = answered;
  if (response.status === 401) return authenticated(fetching, request, retry, response);
  if (response.status === 407) {
    const window = request.client.global !== 'worker';
    if (window && role === 'actual') throw new NotModelled('the user is asked for proxy credentials');
    trace.stop('proxy-authentication');
    return NETWORK_ERROR;
  }
  if (retry.newConnection || (request.body !== null && !request.body.replayable)) return null;
  trace.note('misdirected');
  return { ...retry, newConnection: true };
}

function authenticated(
  fetching: Fetching,
  request: FetchRequest,
  retry: Retry,
  response: ResponseReply,
): Retry | NetworkError | null {
  const { trace, agent } = fetching;
  const asked =
    contains(response.headers, 'www-authenticate') &&
    includesCredentialsOf(request) &&
    request.client.global !== 'worker';
  if (!asked) return null;
  const ownCredentials = request.useUrlCredentials && !retry.authentication;
  if (request.tainting === 'cors') {
    if (ownCredentials && agent.quirks.authenticatesCrossOrigin) return { ...retry, authentication: true };
    if (agent.quirks.asksUserCrossOrigin && !request.useUrlCredentials) waitForever(fetching);
    return null;
  }
  if (request.body && !request.body.replayable) {
    trace.stop('authenticate.stream');
    return NETWORK_ERROR;
  }
  if (!ownCredentials) throw new NotModelled('the user is asked for a name and a password');
  trace.note('authenticate');
  return { ...retry, authentication: true };
}

interface Composing {
  readonly url: URL;
  /** As it goes out. */
  readonly serialized: string;
  readonly role: RequestRole;
  readonly credentials: boolean;
  readonly cache: string;
  readonly retry: Retry;
}

/** The header list of the HTTP request, in the order in which the Standard appends. */
function compose(fetching: Fetching, request: FetchRequest, composing: Composing): Header[] {
  const { quirks, options } = fetching.agent;
  const { keptBack } = request;
  const headers: Header[] = keptBack
    ? request.headers.filter(([name]) => !keptBack.has(byteLowercase(name)))
    : [...request.headers];
  appendLength(headers, request);
  if (request.referrer !== 'no-referrer') headers.push(['Referer', request.referrer]);
  const standard = originHeaderValue(request);
  const origin = quirks.origin ? quirks.origin(standard, request) : standard;
  if (origin !== null) headers.push(['Origin', origin]);
  if (isPotentiallyTrustworthy(composing.url)) {
    headers.push(DEST, ['Sec-Fetch-Mode', request.mode], ['Sec-Fetch-Site', request.site]);
  }
  if (!contains(request.headers, 'user-agent')) {
    headers.push(['User-Agent', options.userAgent ?? DEFAULT_USER_AGENT]);
  }
  appendCaching(headers, request, composing.cache);
  if (contains(request.headers, 'range')) headers.push(['Accept-Encoding', 'identity']);
  if (composing.credentials) appendCredentials(fetching, headers, request, composing);
  return headers;
}

function appendLength(headers: Header[], { body, method }: FetchRequest): void {
  if (body?.replayable) headers.push(['Content-Length', String(body.bytes.length)]);
  else if (body === null && (method === 'POST' || method === 'PUT')) headers.push(['Content-Length', '0']);
}

function appendCaching(headers: Header[], request: FetchRequest, cache: string): void {
  const cacheControl = contains(request.headers, 'cache-control');
  if (cache === 'no-cache' && !cacheControl) headers.push(['Cache-Control', 'max-age=0']);
  if (cache !== 'no-store' && cache !== 'reload') return;
  if (!contains(request.headers, 'pragma')) headers.push(['Pragma', 'no-cache']);
  if (!cacheControl) headers.push(['Cache-Control', 'no-cache']);
}
