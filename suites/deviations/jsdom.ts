/**
 * Known deviations of jsdom, whose XMLHttpRequest front-end tests run in.
 * Longer than other files: one engine, one list.
 */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { get, type Header } from '../../harness/standard/header-list.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { lacking, setHeader } from './as-if.ts';
import { jsdom } from './versions.ts';

const source = (path: string): string => `https://github.com/jsdom/jsdom/blob/main/lib/jsdom/${path}`;
const XHR_UTILS = source('living/xhr/xhr-utils.js');
const XHR = source('living/xhr/XMLHttpRequest-impl.js');
const DISPATCHER = source('browser/resources/jsdom-dispatcher.js');

const FETCH_METADATA = new Set(['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-user']);
const NO_CACHE = new Set(['pragma', 'cache-control']);
const REFERER = new Set(['referer']);
const ACRH = new Set(['access-control-request-headers']);
/** Their values are never looked at, and nothing else is ever safelisted. */
const SAFE_NAMES = new Set(['accept', 'accept-language', 'content-language', 'content-type']);

/** The page's URL, without what a Referer never has. */
function pageUrl({ client }: FetchRequest): string {
  const url = new URL(client.url);
  url.hash = '';
  return url.href;
}

const isCrossOrigin = ({ urls, origin }: FetchRequest): boolean => urls.some(url => url.origin !== origin);

export const jsdomDeviations: readonly Deviation[] = [
  {
    id: 'jsdom-no-fetch-metadata',
    ...jsdom,
    cases: ['*/xhr', 'xhr-*'],
    asIf: { sent: headers => lacking(headers, FETCH_METADATA) },
    what: 'Requests carry no Sec-Fetch-Site, Sec-Fetch-Mode or Sec-Fetch-Dest.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-whole-referrer',
    ...jsdom,
    cases: ['*/xhr', 'xhr-*'],
    asIf: {
      referrer: (_, request) => pageUrl(request),
      sent: (headers, _, role) => (role === 'preflight' ? lacking(headers, REFERER) : headers),
    },
    what: 'The whole URL of the page is sent as Referer, to other origins too, and none with a preflight.',
    link: XHR,
  },
  {
    id: 'jsdom-no-http-cache',
    ...jsdom,
    cases: ['cache-validated/headers-replaced-xhr'],
    asIf: { noHttpCache: true },
    what: 'There is no HTTP cache, which a user agent need not have: every request goes to the server.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-empty-location-not-followed',
    ...jsdom,
    cases: ['redir-empty-location/sync'],
    asIf: { locations: lines => (lines[0] === '' ? [] : lines) },
    what: 'A redirect with an empty Location is not followed, and script sees it as a response.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-no-cache-mode',
    ...jsdom,
    cases: ['conditional-headers/*-xhr', 'status-304-*'],
    asIf: {
      sent: (headers, { firstHeaders }) =>
        headers.filter(
          ([name]) => !NO_CACHE.has(byteLowercase(name)) || firstHeaders.some(([own]) => own === name),
        ),
    },
    what: 'The browser adds no Pragma and no Cache-Control: not for a conditional header, nor beside one that script sets.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-safelists-by-name',
    ...jsdom,
    cases: ['*/xhr', '*-xhr', 'xhr-*'],
    asIf: { safelists: (_, name) => SAFE_NAMES.has(name) },
    what: 'Accept, Accept-Language, Content-Language and Content-Type need no preflight, whatever their value: JSON is posted without one. A Range always needs one.',
    link: XHR_UTILS,
  },
  {
    id: 'jsdom-request-headers-as-written',
    ...jsdom,
    cases: ['*/xhr', '*-xhr', 'xhr-*'],
    asIf: {
      preflightHeaders: (headers, { headers: author }) => {
        const unsafe = author.map(([name]) => name).filter(name => !SAFE_NAMES.has(byteLowercase(name)));
        const others = lacking(headers, ACRH);
        return unsafe.length === 0
          ? others
          : [...others, ['Access-Control-Request-Headers', unsafe.join(', ')] as Header];
      },
    },
    what: 'Access-Control-Request-Headers has the names as script wrote them, in their order, with a space after each comma.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-no-preflight-cache',
    ...jsdom,
    cases: ['*/xhr'],
    asIf: { bypassesPreflightCache: () => true },
    what: 'No preflight is remembered: each request that needs one sends one.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-star-with-credentials',
    ...jsdom,
    cases: ['cred-include-star/xhr', 'redir-cred-star-hop2/xhr', 'folklore-star-with-credentials/xhr'],
    asIf: {
      checkedCredentials: (standard, _, response) =>
        get(response.headers, 'access-control-allow-origin') === '*' &&
        get(response.headers, 'access-control-allow-credentials') === 'true'
          ? 'same-origin'
          : standard,
    },
    what: 'Access-Control-Allow-Origin: * allows requests with credentials.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-exposed-star-with-credentials',
    ...jsdom,
    cases: ['aceh-star-creds/xhr'],
    asIf: {
      exposed: standard =>
        standard.kind === 'literal' ? { ...standard, all: true, kind: 'wildcard' } : standard,
    },
    what: 'Access-Control-Expose-Headers: * exposes everything, also to a request with credentials.',
    link: XHR_UTILS,
  },
  {
    id: 'jsdom-redirects-unpreflighted',
    ...jsdom,
    cases: ['redir-*'],
    asIf: { preflightFor: (standard, { urls }) => (urls.length > 1 ? null : standard) },
    what: 'After a redirect no request is preflighted.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-no-origin-same-origin',
    ...jsdom,
    cases: ['same-origin-never-preflights/xhr', 'origin-hdr-same-origin-post/*'],
    asIf: { origin: (standard, request) => (isCrossOrigin(request) ? standard : null) },
    what: 'A same-origin POST, PUT or DELETE carries no Origin.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-headers-as-received',
    ...jsdom,
    cases: ['header-lines-combined/*-xhr', 'xhr-getallresponseheaders', 'aceh-*', 'dup-*', 'exposed-*'],
    asIf: {
      seen: (view, { received }) => {
        if (!view.headers || !received) return view;
        const shown = new Set(view.headers.map(([name]) => name));
        const lines = received.map(([name, value]): Header => [byteLowercase(name), value]);
        return { ...view, headers: lines.filter(([name]) => shown.has(name)) };
      },
    },
    what: 'getAllResponseHeaders() lists header lines as they were received: neither sorted nor combined.',
    link: XHR,
  },
  {
    id: 'jsdom-methods-unchecked',
    ...jsdom,
    cases: ['preflight-acam-missing/xhr', 'star-with-creds-literal', 'xhr-preflight-error'],
    asIf: { allowsMethod: () => true },
    what: 'Access-Control-Allow-Methods is not looked at: any method is allowed once the preflight names the origin and the headers.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-patch-has-length',
    ...jsdom,
    cases: ['method-patch-not-normalized/upper-by-upper-xhr', 'star-methods/xhr-patch'],
    asIf: {
      sent: (headers, { body, method }, role) =>
        role === 'actual' && body === null && method === 'PATCH'
          ? [...headers, ['Content-Length', '0'] as Header]
          : headers,
    },
    what: 'A PATCH without a body has Content-Length: 0.',
    link: DISPATCHER,
  },
  {
    id: 'jsdom-urlsearchparams-as-text',
    ...jsdom,
    cases: ['simple-post-urlsearchparams/xhr', 'folklore-side-effects-are-preflighted/xhr'],
    asIf: {
      impliedType: (standard, { body }) =>
        typeof body === 'object' && 'urlencoded' in body ? 'text/plain;charset=UTF-8' : standard,
    },
    what: 'A URLSearchParams body is sent as text/plain.',
    link: XHR,
  },
  {
    id: 'jsdom-range-compressed',
    ...jsdom,
    cases: ['range-suffix/xhr'],
    asIf: { sent: headers => setHeader(headers, 'accept-encoding', 'gzip, deflate') },
    what: 'A request with a Range accepts compressed answers.',
    link: DISPATCHER,
  },
];
