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
import { follow, isRedirectStatus, locationUrl, type RedirectRefusal, whyNotFollowed } from './redirect.ts';
import { DEFAULT_REFERRER_POLICY, determineReferrer } from './referrer.ts';
import { unsafeRequestHeaderNames } from './request-headers.ts';
import { type FilteredResponse, filterResponse, isBlockedByCorp, opaqueRedirect } from './response.ts';
import { SPEC } from './spec.ts';
import { shown } from './trace.ts';
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
    trace.stop('bad-port', SPEC.badPort, `Port ${url.port} is blocked.`, { url: shown(url.href) });
    return NETWORK_ERROR;
  }
  if (isMixedContent(request.client.origin, url)) {
    trace.stop('mixed-content', SPEC.mixedContent, 'A secure page may not ask for an insecure URL.', {
      url: shown(url.href),
    });
    return NETWORK_ERROR;
  }
  request.referrerPolicy ||= request.client.referrerPolicy || DEFAULT_REFERRER_POLICY;
  request.referrer = determineReferrer(request);
  const values = { origin: shown(request.origin), url: shown(url.href), mode: request.mode };
  if ((sameOrigin(url.origin, request.origin) && request.tainting === 'basic') || url.protocol === 'data:') {
    trace.pass(
      'main.same-origin',
      SPEC.mainFetch,
      'The URL is same-origin: the CORS protocol plays no part.',
      values,
    );
    request.tainting = 'basic';
    return yield* schemeFetch(fetching, request, url);
  }
  if (request.mode === 'same-origin') {
    trace.stop(
      'main.mode-same-origin',
      SPEC.mainFetch,
      'Mode same-origin forbids a cross-origin URL.',
      values,
    );
    return NETWORK_ERROR;
  }
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow') {
      trace.stop(
        'main.no-cors-redirect',
        SPEC.mainFetch,
        'Mode no-cors needs the redirect mode follow.',
        values,
      );
      return NETWORK_ERROR;
    }
    trace.pass('main.no-cors', SPEC.mainFetch, 'Mode no-cors: the response will be opaque.', values);
    request.tainting = 'opaque';
    return yield* schemeFetch(fetching, request, url);
  }
  if (!isHttp(url)) {
    trace.stop('main.scheme', SPEC.mainFetch, 'A cross-origin URL needs the scheme http or https.', values);
    return NETWORK_ERROR;
  }
  request.tainting = 'cors';
  return yield* corsFetch(fetching, request, values);
}

/** Main fetch's last two cases: with a CORS-preflight, or without. */
function* corsFetch(
  fetching: Fetching,
  request: FetchRequest,
  values: Record<string, string>,
): Steps<Fetched> {
  const { trace, agent } = fetching;
  const unsafe = unsafeRequestHeaderNames(request.headers);
  if (isSafelistedMethod(request.method) && unsafe.length === 0 && !request.useCorsPreflight) {
    trace.pass(
      'main.cors',
      SPEC.mainFetch,
      'The URL is cross-origin, and nothing about the request calls for a preflight.',
      values,
    );
    return yield* httpFetch(fetching, request, null);
  }
  trace.pass(
    'main.cors-with-preflight',
    SPEC.mainFetch,
    'The URL is cross-origin, and the request is preflighted.',
    {
      origin: shown(request.origin),
      url: shown((request.urls[request.urls.length - 1] as URL).href),
      mode: request.mode,
      method: shown(request.method),
      'unsafe headers': shown(unsafe.join(', ')),
      'use-CORS-preflight flag': request.useCorsPreflight ? 'set' : 'unset',
    },
  );
  let failed = true;
  try {
    const fetched = yield* httpFetch(fetching, request, unsafe);
    failed = fetched.kind === 'network-error';
    return fetched;
  } finally {
    // An aborted or terminated fetch ends in a network error too.
    if (failed && agent.preflightCache.clear(cacheKey(request))) {
      trace.note(
        'preflight.cleared',
        SPEC.preflightCacheClear,
        'The failure clears the preflight cache of this URL.',
      );
    }
  }
}

/** Scheme fetch, as far as network schemes go. */
function* schemeFetch(fetching: Fetching, request: FetchRequest, url: URL): Steps<Fetched> {
  if (isHttp(url)) return yield* httpFetch(fetching, request, null);
  if (['about:', 'blob:', 'data:', 'file:'].includes(url.protocol)) {
    throw new NotModelled(`${url.protocol} URLs`);
  }
  fetching.trace.stop('main.scheme', SPEC.mainFetch, 'Nothing can be fetched by this scheme.', {
    url: shown(url.href),
  });
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
    } else {
      trace.note(
        'preflight.cached',
        SPEC.preflightCache,
        'The preflight cache allows it: no preflight is sent.',
      );
    }
  }
  const url = request.urls[request.urls.length - 1] as URL;
  const response = yield* networkOrCacheFetch(fetching, request, 'actual');
  if (response.kind === 'network-error') return response;
  if (request.tainting === 'cors' && !checkCors(fetching, request, response, 'response')) {
    return BLOCKED_AT_RESPONSE;
  }
  if (request.tainting === 'opaque' && isBlockedByCorp(request.origin, url, response.headers)) {
    trace.stop('corp', SPEC.corp, 'Cross-Origin-Resource-Policy keeps the response from this origin.');
    return NETWORK_ERROR;
  }
  if (!isRedirectStatus(response.status)) return response;
  if (request.redirect === 'error') {
    trace.stop('redirect.error-mode', SPEC.httpFetch, 'Redirect mode error: a redirect is a failure.');
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
    trace.stop(`redirect.${refusal}`, SPEC.redirectFetch, REFUSALS[refusal], {
      from: shown(current.href),
      to: location === 'failure' ? '(invalid)' : shown(location.href),
    });
    return refusal.startsWith('credentials') ? BLOCKED_AT_RESPONSE : NETWORK_ERROR;
  }
  const to = location as URL;
  const rewrite = follow(request, response.status, response.headers, to);
  const origin = serializeRequestOrigin(request.origin, request.urls);
  trace.note('redirect.followed', SPEC.redirectFetch, `The redirect ${response.status} is followed.`, {
    from: shown(current.href),
    to: shown(to.href),
    method: shown(request.method),
    origin: shown(origin),
    dropped: [
      ...(rewrite.methodDropped ? ['method and body'] : []),
      ...(rewrite.authorizationDropped ? ['Authorization'] : []),
    ].join(', '),
  });
  return yield* recursiveMainFetch(fetching, request);
}

const REFUSALS: Record<RedirectRefusal, string> = {
  'location-invalid': 'The redirect has two Location lines, or one that is no URL.',
  scheme: 'A redirect must lead to http or https.',
  'too-many': 'A request follows 20 redirects at most.',
  'credentials-cross-origin': 'A redirect to another origin may not have a user name or password in its URL.',
  'credentials-tainted':
    'After a cross-origin request, a redirect may not have a user name or password in its URL.',
  'stream-body': 'A stream cannot be sent a second time, so only 303 can redirect it.',
};

function noteFilter({ trace }: Fetching, response: FilteredResponse, { headers }: WireResponse): void {
  if (response.type === 'opaque') {
    trace.note(
      'filter.opaque',
      SPEC.opaqueFilter,
      'Script sees an opaque response: nothing of it is readable.',
    );
  } else if (response.type === 'basic') {
    trace.note('filter.basic', SPEC.basicFilter, 'Script sees every header but Set-Cookie.');
  } else {
    trace.note(
      `filter.cors-${response.exposed?.kind}`,
      SPEC.corsFilter,
      'Script sees the exposed headers only.',
      {
        'headers seen': `${response.headers.length} of ${headers.length}`,
      },
    );
  }
}
