/** Requests at random: what script asks for. */
import type { CaseRequest } from '../harness/case/schema.ts';
import type { Draw } from './draw.ts';
import { INTEGRITIES, METHODS, POLICIES, REFERRERS, REQUEST_HEADERS, SUFFIXES } from './values.ts';

type Line = [name: string, value: string];

const BODIES: readonly NonNullable<CaseRequest['body']>[] = [
  'text',
  '',
  { urlencoded: [['a', 'b']] },
  { multipart: [['a', 'b']] },
  { buffer: 'bytes' },
  { blob: 'blob', type: 'application/json' },
  { blob: 'blob', type: '' },
];

/** Without what a request of its kind cannot have. */
export function tidy({ body, ...rest }: CaseRequest): CaseRequest {
  const bodiless = /^(get|head)$/i.test(rest.method ?? 'GET') && rest.api !== 'xhr';
  return body === undefined || bodiless ? rest : { ...rest, body };
}

/** Whether cookies and the like go with the request, as its API says it. */
export const credentialsOf = (draw: Draw, api: CaseRequest['api']): Partial<CaseRequest> =>
  api === 'xhr' || api === 'eventsource'
    ? { withCredentials: draw.chance(50) }
    : { credentials: draw.pick(['omit', 'same-origin', 'include', 'include'] as const) };

/** The same request with whatever credentials its API can attach. */
export const withAllCredentials = (request: CaseRequest): CaseRequest =>
  request.api === 'xhr' || request.api === 'eventsource'
    ? { ...request, withCredentials: true }
    : { ...request, credentials: 'include' };

/** A request of script's, by any API that the model knows. */
export function makeRequest(draw: Draw): CaseRequest {
  if (draw.chance(6)) return makeEventSource(draw);
  const api = draw.chance(35) ? 'xhr' : 'fetch';
  const method = draw.pick(draw.chance(20) ? METHODS.odd : METHODS.usual);
  const headers = draw
    .some(REQUEST_HEADERS.usual, 0, 2)
    .concat(draw.chance(25) ? draw.some(REQUEST_HEADERS.odd, 1, 2) : [])
    .concat(draw.chance(5) ? draw.some(REQUEST_HEADERS.types, 2, 3) : []);
  const request = tidy({
    api,
    method,
    ...(draw.chance(4) && { suffix: draw.pick(SUFFIXES) }),
    ...(headers.length > 0 && { headers: headers.map(([n, v]): Line => [n, v]) }),
    ...(draw.chance(40) && { body: draw.pick(BODIES) }),
    ...(draw.chance(35) && credentialsOf(draw, api)),
    ...(api === 'xhr' ? xhrOptions(draw) : fetchOptions(draw)),
  });
  const { uploadListener: _listener, ...rest } = request;
  const end = endOf(draw, request);
  // Whether the end of an upload has been told by the time of an abort is chance.
  const told = typeof end.abort === 'object' && end.abort.when === 'actual';
  return { ...(told ? rest : request), ...end };
}

const CACHE_MODES = ['default', 'default', 'no-cache', 'reload', 'no-store', 'force-cache'] as const;

/** A request that an HTTP cache may answer, and now and then one that makes it forget. */
export function makeCacheable(draw: Draw): CaseRequest {
  const api = draw.chance(30) ? 'xhr' : 'fetch';
  const method = draw.chance(88) ? 'GET' : draw.pick(['POST', 'PUT', 'PATCH', 'DELETE']);
  return {
    api,
    ...(method !== 'GET' && { method }),
    // Whether an unsafe request has a body makes a difference to what caches do.
    ...(method !== 'GET' && draw.chance(50) && { body: draw.pick(BODIES) }),
    ...(draw.chance(20) && { headers: [['X-A', draw.pick(['1', '2'])]] }),
    ...(draw.chance(35) && credentialsOf(draw, api)),
    ...(api === 'fetch' && draw.chance(50) && { cache: draw.pick(CACHE_MODES) }),
    ...(api === 'fetch' && method === 'GET' && draw.chance(15) && { mode: 'no-cors' }),
  };
}

/** A request that an HTTP cache may validate a response for. */
export function makeValidating(draw: Draw): CaseRequest {
  const api = draw.chance(30) ? 'xhr' : 'fetch';
  return {
    api,
    ...(draw.chance(20) && { headers: [['X-A', draw.pick(['1', '2'])]] }),
    ...(api === 'fetch' && draw.chance(40) && { cache: draw.pick(['no-cache', 'force-cache'] as const) }),
  };
}

function makeEventSource(draw: Draw): CaseRequest {
  return {
    api: 'eventsource',
    ...(draw.chance(40) && credentialsOf(draw, 'eventsource')),
    ...(draw.chance(4) && { suffix: draw.pick(SUFFIXES) }),
  };
}

function fetchOptions(draw: Draw): Partial<CaseRequest> {
  return {
    ...(draw.chance(25) && { headersAs: 'object' as const }),
    ...(draw.chance(6) && { mode: draw.pick(['no-cors', 'no-cors', 'same-origin', 'cors', 'navigate']) }),
    ...(draw.chance(8) && { redirect: draw.pick(['error', 'manual'] as const) }),
    ...(draw.chance(8) && { cache: draw.pick(['no-store', 'reload', 'no-cache', 'force-cache'] as const) }),
    ...(draw.chance(3) && { keepalive: true }),
    ...(draw.chance(4) && { referrer: draw.pick(REFERRERS) }),
    ...(draw.chance(8) && { referrerPolicy: draw.pick(POLICIES.request) }),
    ...(draw.chance(2) && { integrity: draw.pick(INTEGRITIES) }),
    ...(draw.chance(3) && { reads: draw.pick(['clone', 'body', 'write-headers'] as const) }),
  };
}

function xhrOptions(draw: Draw): Partial<CaseRequest> {
  return {
    ...(draw.chance(12) && {
      uploadListener: draw.pick(['before-send', 'after-send', 'object-only'] as const),
    }),
    ...(draw.chance(4) && { sync: true }),
    ...(draw.chance(5) && { responseType: draw.pick(['text', 'json', 'blob', 'arraybuffer']) }),
    ...(draw.chance(2) && { withCredentialsAfterSend: true }),
  };
}

/** Long enough for a preflight on a slow machine. */
const TIMEOUT_MS = 2000;

/** Whether script gives the request up once it is under way. */
export const givesUp = ({ abort, timeoutMs }: CaseRequest): boolean =>
  typeof abort === 'object' || timeoutMs !== undefined;

/** A request that script gives up, in some: whoever makes its answers lets that one hang which it is given up at. */
function endOf(draw: Draw, { api, sync }: CaseRequest): Partial<CaseRequest> {
  if (sync || !draw.chance(6)) return {};
  switch (draw.pick(['before', 'preflight', 'actual', 'actual', 'timeout', 'timeout'])) {
    case 'before':
      return api === 'fetch' ? { abort: 'before' } : {};
    case 'preflight':
      return { abort: { when: 'preflight' } };
    case 'actual':
      return { abort: { when: 'actual' } };
    default:
      return { timeoutMs: TIMEOUT_MS };
  }
}
