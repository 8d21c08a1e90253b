/** Known deviations of the redirect suites: one list, and so longer than other files. */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { corsCheck } from '../../harness/standard/cors-check.ts';
import { contains, get, valuesOf } from '../../harness/standard/header-list.ts';
import { isSafelistedMethod } from '../../harness/standard/methods.ts';
import { DEFAULT_USER_AGENT } from '../../harness/standard/network.ts';
import { sameOrigin, serializeRequestOrigin } from '../../harness/standard/origin.ts';
import { includesCredentials } from '../../harness/standard/redirect.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { setHeader } from './as-if.ts';
import {
  chromiumSource,
  FIREFOX_CORS,
  FIREFOX_HEADERS,
  firefoxSource,
  WEBKIT_LOAD_CHECKER,
  WEBKIT_SOUP_TASK,
  webkitSource,
} from './sources.ts';
import { chromium, firefox, webkit } from './versions.ts';

/** Redirects with several Location lines. */
const LOCATIONS = 'https://github.com/whatwg/fetch/issues/814';

/** A redirect removed the reason for a preflight, and the request is preflighted again all the same. */
const PREFLIGHTED_AGAIN = [
  'redir-302-post-json-no-second-preflight',
  'redir-303-put-no-second-preflight',
  'redir-authorization-stripped',
  'redir-authorization-back-home',
  'redirect-303-after-leaving',
];

export const redirectDeviations: readonly Deviation[] = [
  {
    id: 'firefox-tainted-preflight-real-origin',
    ...firefox,
    cases: [
      'redir-tainted-preflight-origin',
      'redir-tainted-preflight-cross-to-page',
      'cache-key-null-origin',
    ],
    asIf: { taintedPreflightKeepsOrigin: true },
    what: "The preflight after a tainting redirect carries the page's real Origin, and its answer is remembered for that origin; only the request after it says null.",
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-preflight-outlives-its-reason',
    ...firefox,
    cases: PREFLIGHTED_AGAIN,
    asIf: {
      preflightFor: (standard, request) => {
        const names = askedFor(standard, request) ?? (neededAtFirst(request) ? [] : null);
        return names && dropsImpliedType(request) ? [TYPE] : names;
      },
    },
    what: "A request that was preflighted, or that script gave an unsafe header, is preflighted again after a redirect that removed the reason for it; where one had been for the type of an XMLHttpRequest's body and no other header, the preflight after the redirect that takes the body off still asks for that type.",
    link: firefoxSource('netwerk/protocol/http/HttpBaseChannel.cpp'),
  },
  {
    id: 'firefox-removed-headers-come-back',
    ...firefox,
    cases: ['redirect-removed-headers-stay-away/*'],
    asIf: { removedHeadersComeBack: true },
    what: 'A header that a redirect removed is sent again after the next redirect; one about the body is only asked for by the preflight if that redirect would have removed it, too.',
    link: firefoxSource('netwerk/protocol/http/HttpBaseChannel.cpp'),
  },
  {
    id: 'webkit-removed-headers-come-back',
    ...webkit,
    cases: ['redirect-removed-headers-stay-away/*'],
    asIf: {
      sent: (headers, { urls, droppedAt, firstHeaders }, role) => {
        const removed = role === 'actual' && droppedAt !== undefined && droppedAt < urls.length;
        const back = firstHeaders.filter(
          ([name]) => isRequestBodyHeader(byteLowercase(name)) && !contains(headers, byteLowercase(name)),
        );
        return removed ? [...headers, ...back] : headers;
      },
    },
    what: 'A header about the body that a redirect removed is sent again after the next redirect.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-synchronous-keeps-body-headers',
    ...webkit,
    cases: ['redirect-synchronous-body-headers/*'],
    asIf: {
      sent: (headers, { synchronous, client, droppedAt, firstHeaders, urls, origin }, role) => {
        const removed = role === 'actual' && droppedAt !== undefined;
        if (!removed || !synchronous || client.global === 'worker') return headers;
        const left = urls.some(url => !sameOrigin(url.origin, origin));
        const back = firstHeaders.filter(([name]) => {
          const lower = byteLowercase(name);
          return isRequestBodyHeader(lower) && (left || lower !== TYPE) && !contains(headers, lower);
        });
        return [...headers, ...back];
      },
    },
    what: "A redirect that makes a synchronous XMLHttpRequest of a page a GET leaves the headers about the body in place; at the page's own origin it takes off Content-Type alone.",
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-preflight-outlives-its-reason',
    ...webkit,
    cases: PREFLIGHTED_AGAIN,
    asIf: {
      preflightFor: (standard, request) => {
        const { unsafeAtFirst } = request;
        // Without a preflight so far, only what script set is a reason for one.
        const isReason = unsafeAtFirst !== null && (unsafeAtFirst.length > 0 || leftWithMethod(request));
        return isReason ? unsafeAtFirst : standard;
      },
    },
    what: 'A request that needed a preflight at first is preflighted again after a redirect that removed the reason for it, and asks for the headers that script set at first.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'webkit-redirect-after-leaving-needs-credentials',
    ...webkit,
    cases: ['redir-same-cross-same', 'redir-same-cross-cross/same-origin'],
    asIf: {
      checkedCredentials: (mode, { urls, origin, unsafeAtFirst }, { status, headers }, at) => {
        const left = urls.length > 1 && sameOrigin((urls[0] as URL).origin, origin);
        const again = at === 'response' && status >= 300 && status < 400 && contains(headers, 'location');
        return mode === 'same-origin' && left && again && unsafeAtFirst === null ? 'include' : mode;
      },
      stopsAfterPreflight: (stops, { credentials, urls, origin, unsafeAtFirst }, redirect) => {
        if (stops || redirect === null || unsafeAtFirst === null || credentials !== 'same-origin')
          return stops;
        const before = urls.slice(0, -1);
        const left =
          sameOrigin((urls[0] as URL).origin, origin) && !sameOrigin((before.at(-1) as URL).origin, origin);
        return left && !corsCheck(serializeRequestOrigin(origin, before), 'include', redirect.headers).ok;
      },
    },
    what: 'A request in credentials mode same-origin that a redirect led to a foreign origin is held to the rules for credentials when that origin redirects again: a redirect without Access-Control-Allow-Credentials is blocked, but only after the next preflight, if there is one.',
    link: webkitSource('WebKit/NetworkProcess/NetworkResourceLoader.cpp'),
  },
  {
    id: 'webkit-same-origin-get-keeps-origin',
    ...webkit,
    cases: ['redir-origin-after-post-to-get-same-origin'],
    asIf: {
      origin: (value, { origin, firstMethod, urls: [first, ...rest] }) => {
        const stayed = rest.length > 0 && rest.every(url => url.origin === first?.origin);
        return value === null && stayed && firstMethod !== 'GET' && firstMethod !== 'HEAD' ? origin : value;
      },
    },
    what: 'A POST that redirects within one origin turn into a GET keeps its Origin header.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'chromium-empty-location-not-followed',
    ...chromium,
    cases: ['redir-empty-location', 'redir-empty-location/sync', 'cache-empty-location'],
    asIf: { locations: lines => (lines[0] === '' ? [] : lines) },
    what: 'A redirect with an empty Location is not followed, and script sees it as a response.',
    link: chromiumSource('net/http/http_response_headers.cc'),
  },
  {
    id: 'webkitgtk-empty-location-error',
    ...webkit,
    cases: ['redir-empty-location', 'redir-empty-location/sync'],
    asIf: {
      locations: (lines, request) => {
        if (lines[0] !== '') return lines;
        const shows =
          request?.redirect === 'error' ||
          (request?.synchronous && request.client.global !== 'worker' && lines.length === 1);
        return shows ? [] : [INVALID];
      },
    },
    what: 'A redirect with an empty Location is a network error, but a synchronous XMLHttpRequest of a page and redirect mode error show it as a response.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-cut-redirect-not-followed',
    ...webkit,
    cases: ['cut-body-redirect/*'],
    asIf: { cutRedirectFails: true },
    what: 'A redirect whose body ends early is a network error.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-cut-unauthorized-fails',
    ...webkit,
    cases: ['cut-body-unauthorized'],
    asIf: { cutUnauthorizedFails: true },
    what: 'A response with status 401 whose body ends early is a network error.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-event-source-empty-location',
    ...webkit,
    cases: ['es-redirect/empty-location'],
    asIf: {
      seen: (view, { script, answered, request }) =>
        script.api === 'eventsource' &&
        answered &&
        get(answered.headers, 'location') === '' &&
        request !== null &&
        (request.tainting !== 'cors' ||
          corsCheck(
            serializeRequestOrigin(request.origin, request.urls),
            request.credentials,
            answered.headers,
          ).ok) &&
        view.result === 'error'
          ? { outcome: 'timeout', settled: 'unsettled' }
          : view,
    },
    what: 'An EventSource that is redirected to an empty Location by an answer that allows it is never told that it failed.',
    link: WEBKIT_SOUP_TASK,
  },
  ...[chromium, firefox].map(
    (seen): Deviation => ({
      id: `${seen.engine}-equal-locations-followed`,
      ...seen,
      cases: ['redir-two-locations-same'],
      asIf: { locations: lines => (new Set(lines).size === 1 ? lines.slice(0, 1) : lines) },
      what: 'Several Location lines are followed if they agree.',
      link: LOCATIONS,
    }),
  ),
  ...[
    { ...chromium, link: chromiumSource('net/http/http_stream_parser.cc') },
    { ...firefox, link: FIREFOX_HEADERS },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-differing-locations-are-no-response`,
      ...seen,
      cases: ['redir-two-locations-no-redirect/*', 'cache-differing-locations'],
      asIf: {
        refusesHeaders: (standard, headers) => standard || new Set(valuesOf(headers, 'location')).size > 1,
      },
      what: 'Location lines that differ make any response a network error, whatever its status and the redirect mode, and it is not stored.',
      link,
    }),
  ),
  {
    id: 'webkitgtk-locations-joined',
    ...webkit,
    cases: ['redir-two-locations-same', 'redir-two-locations-differ'],
    asIf: { locations: lines => (lines.length > 1 ? [lines.join(', ')] : lines) },
    what: 'Several Location lines are joined into one URL, which is followed.',
    link: WEBKIT_SOUP_TASK,
  },
  ...[
    { ...chromium, link: SPEC.httpFetch },
    { ...webkit, link: WEBKIT_LOAD_CHECKER },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-error-mode-without-location`,
      ...seen,
      cases: ['redir-no-location/error-mode', 'redir-empty-location-mode/error'],
      asIf: { errorModeNeedsLocation: true },
      what: 'In redirect mode error, a redirect status without Location, or with an empty one, is not an error.',
      link,
    }),
  ),
  {
    id: 'chromium-manual-mode-parses-location',
    ...chromium,
    cases: ['redir-invalid-location-manual'],
    asIf: { manualModeParses: true },
    what: 'In redirect mode manual, a Location that is no URL is a network error.',
    link: chromiumSource('net/url_request/url_request_job.cc'),
  },
  {
    id: 'webkit-redirect-drops-user-agent',
    ...webkit,
    cases: ['redir-keeps-user-agent'],
    asIf: {
      sent: (headers, { origin, tainting, urls }, role) =>
        role === 'actual' &&
        urls.length > 1 &&
        tainting === 'basic' &&
        sameOrigin(origin, (urls.at(-1) as URL).origin)
          ? setHeader(headers, 'User-Agent', DEFAULT_USER_AGENT)
          : headers,
    },
    checks: { 'GET hop2:user-agent': true },
    what: "A same-origin redirect replaces a User-Agent set by script by the browser's.",
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-location-latin1',
    ...webkit,
    cases: ['redir-location-utf8', 'redir-location-non-utf8'],
    checks: { url: true, 'target:GET hop2': true },
    what: 'Bytes of Location from 0x80 are read as Latin-1, and each is percent-encoded as UTF-8.',
    link: 'https://github.com/whatwg/fetch/issues/883',
  },
  {
    id: 'webkitgtk-escapes-in-upper-case',
    ...webkit,
    cases: ['redir-location-escapes'],
    asIf: {
      locations: lines => lines.map(line => line.replace(/%[0-9a-f]{2}/gi, octet => octet.toUpperCase())),
    },
    what: 'Percent-encoded bytes of a Location are sent in upper case.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-elements-follow-data-redirects',
    ...webkit,
    cases: [
      'redir-bad-scheme/data-image',
      'redir-bad-scheme/data-script',
      'redir-bad-scheme/data-stylesheet',
    ],
    checks: { result: true },
    what: 'An element without crossorigin follows a redirect to a data: URL.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-manual-mode-without-location',
    ...webkit,
    cases: ['redir-no-location/manual-mode', 'redir-empty-location-mode/manual'],
    asIf: { manualModeNeedsLocation: true },
    what: 'Redirect mode manual shows the body of a redirect status without Location, or with an empty one.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'webkitgtk-follows-unknown-3xx',
    ...webkit,
    cases: ['redir-non-redirect-3xx/309', 'redir-non-redirect-3xx/399'],
    asIf: {
      redirects: (standard, status, headers) =>
        standard ||
        (status > 300 && status < 400 && ![304, 305, 306].includes(status) && contains(headers, 'location')),
    },
    what: 'Any 3xx status with a Location is followed, except 300, 304, 305 and 306.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'chromium-credentialed-subresource-url',
    ...chromium,
    cases: ['redir-userinfo-same-origin/*-fetch'],
    asIf: {
      redirectRefusal: (refusal, location, { initiator }) =>
        refusal === null && initiator === 'fetch' && includesCredentials(location)
          ? 'credentials-cross-origin'
          : refusal,
    },
    what: "fetch() does not follow a redirect to a URL with credentials, even within the page's origin; XMLHttpRequest does.",
    link: 'https://chromestatus.com/feature/5669008342777856',
  },
  {
    id: 'webkit-userinfo-refused-after-preflight',
    ...webkit,
    cases: ['redir-userinfo-cross/preflighted'],
    asIf: {
      redirectRefusal: (refusal, _, request) =>
        refusal === 'credentials-cross-origin' && comesFromHome(request) ? null : refusal,
      stopsAfterPreflight: (stops, request) =>
        stops ||
        (includesCredentials(request.urls.at(-1) as URL) &&
          comesFromHome({ ...request, urls: request.urls.slice(0, -1) }) &&
          !sameOrigin((request.urls.at(-1) as URL).origin, request.origin)),
    },
    what: "A redirect from the page's origin to a URL with credentials at another is refused only after the preflight there.",
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'webkitgtk-cross-origin-delete-becomes-get',
    ...webkit,
    cases: ['redirect-delete-stays-delete/*', 'redirect-delete-from-home'],
    asIf: { redirectBecomesGet: (standard, method, leaves) => standard || (method === 'DELETE' && leaves) },
    what: 'A redirect that leads a DELETE to another origin makes it a GET, whatever the status; on the way from the page itself no preflight asks for it.',
    link: WEBKIT_SOUP_TASK,
  },
];

/** The request has reached its last URL without leaving the page's origin. */
const comesFromHome = ({ origin, urls }: Pick<FetchRequest, 'origin' | 'urls'>): boolean =>
  urls.length > 0 && urls.every(url => sameOrigin(url.origin, origin));

/** The request has been at another origin than the page's before a redirect made it a GET. */
const leftWithMethod = ({ origin, urls, droppedAt = urls.length + 1 }: FetchRequest): boolean =>
  urls.slice(0, droppedAt - 1).some(url => !sameOrigin(url.origin, origin));

const TYPE = 'content-type';

const isRequestBodyHeader = (name: string): boolean =>
  /^content-(?:encoding|language|location|type)$/.test(name);

/** The redirect that came last took a body off whose type script had not set, and which alone was preflighted for. */
const dropsImpliedType = (request: FetchRequest): boolean =>
  request.typeImplied === true &&
  request.droppedAt === request.urls.length &&
  request.unsafeAtFirst?.join() === TYPE &&
  leftWithMethod(request);

/** Without the type of a body that a redirect took off before anyone had asked for it. */
function askedFor(names: readonly string[] | null, request: FetchRequest): readonly string[] | null {
  const { typeImplied, droppedAt, method, useCorsPreflight } = request;
  if (!names?.includes(TYPE) || !typeImplied || droppedAt === undefined || leftWithMethod(request))
    return names;
  const others = names.filter(name => name !== TYPE);
  return others.length > 0 || useCorsPreflight || !isSafelistedMethod(method) ? others : null;
}

/** Script set a header that calls for a preflight, or the request was preflighted before a redirect made it a GET. */
function neededAtFirst(request: FetchRequest): boolean {
  const { unsafeAtFirst, typeImplied } = request;
  if (unsafeAtFirst === null) return false;
  return unsafeAtFirst.some(name => !(typeImplied && name === TYPE)) || leftWithMethod(request);
}

/** No URL at all. */
const INVALID = 'http://';
