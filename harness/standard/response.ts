/** Responses (Fetch, 2.2.6): their filtered forms, and how script sees them. */
import { basicFiltered, corsFiltered, type Exposed, exposedNames } from './expose.ts';
import { get, type Header, type HeaderList } from './header-list.ts';
import { sameOrigin, schemelesslySameSite } from './origin.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import type { FetchRequest, ResponseReply, ResponseType } from './types.ts';

const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304]);

/** Fetch, "ok status". */
export function isOkStatus(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Whether a server would rather not answer now (RFC 6585, 4; RFC 9110, 15.6.4): such an answer says nothing of the request. */
export const isPutOff = (status: number): boolean => status === 429 || status === 503;

/** Main fetch: a HEAD request's response, and one with a null body status, has no body, whatever came. */
function hasNullBody(method: string, status: number): boolean {
  return method === 'HEAD' || NULL_BODY_STATUSES.has(status);
}

/** A response as an API gets it. */
export interface FilteredResponse {
  readonly type: ResponseType;
  readonly status: number;
  readonly statusText: string;
  /** Null for opaque. */
  readonly url: URL | null;
  readonly redirected: boolean;
  readonly headers: readonly Header[];
  /** Isomorphic; null for a null body. */
  readonly body: string | null;
  readonly bodyEnd: 'complete' | 'cut' | 'hang';
  /** The body of the redirect behind an opaque-redirect filtered response: for quirks only. */
  readonly hidden?: string;
  /** How Access-Control-Expose-Headers was read; only for type cors. */
  readonly exposed: Exposed | undefined;
}

/** Main fetch's filtering, by the request's response tainting. */
export function filterResponse(
  request: FetchRequest,
  response: ResponseReply,
  quirks: Quirks = NO_QUIRKS,
): FilteredResponse {
  if (request.tainting === 'opaque') return emptied('opaque', null);
  const basic = request.tainting === 'basic';
  const exposed = basic ? undefined : exposedOf(response.headers, request, quirks);
  return {
    type: basic ? 'basic' : 'cors',
    status: response.status,
    statusText: response.reason ?? '',
    url: request.urls[request.urls.length - 1] as URL,
    redirected: request.urls.length > 1,
    headers: exposed ? corsFiltered(response.headers, exposed) : basicFiltered(response.headers),
    body: isBodyNull(request.method, response.status, quirks) ? null : (response.body ?? ''),
    bodyEnd: response.bodyEnd ?? 'complete',
    exposed,
  };
}

function exposedOf(headers: HeaderList, request: FetchRequest, { exposed }: Quirks): Exposed {
  const standard = exposedNames(headers, request.credentials);
  return exposed ? exposed(standard, headers, request) : standard;
}

function isBodyNull(method: string, status: number, { nullBody }: Quirks): boolean {
  const standard = hasNullBody(method, status);
  return nullBody ? nullBody(standard, method, status) : standard;
}

/** Fetch, "opaque-redirect filtered response": the URL stays visible, nothing else does. */
export function opaqueRedirect(request: FetchRequest, { body = '' }: ResponseReply): FilteredResponse {
  const url = request.urls[request.urls.length - 1] as URL;
  return { ...emptied('opaqueredirect', url), hidden: body };
}

function emptied(type: 'opaque' | 'opaqueredirect', url: URL | null): FilteredResponse {
  return {
    type,
    status: 0,
    statusText: '',
    url,
    redirected: false,
    headers: [],
    body: null,
    bodyEnd: 'complete',
    exposed: undefined,
  };
}

/** The URL serializer with exclude fragment: what Response.url and responseURL show. */
export function serializeUrl(url: URL): string {
  const hash = url.href.indexOf('#');
  return hash < 0 ? url.href : url.href.slice(0, hash);
}

/**
 * Fetch, "cross-origin resource policy check" for a page without an embedder policy; only opaque responses are held
 * against it.
 */
export function isBlockedByCorp(origin: string, url: URL, headers: HeaderList): boolean {
  const policy = get(headers, 'cross-origin-resource-policy');
  if (policy === 'same-origin') return !sameOrigin(origin, url.origin);
  if (policy !== 'same-site') return false;
  return !(
    schemelesslySameSite(origin, url.origin) &&
    (origin.startsWith('https:') || url.protocol !== 'https:')
  );
}
