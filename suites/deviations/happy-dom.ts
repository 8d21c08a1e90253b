/** Known deviations of happy-dom, whose fetch() and XMLHttpRequest front-end tests run in. */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { get, type Header, type HeaderList } from '../../harness/standard/header-list.ts';
import type { FetchRequest, ScriptRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { lacking, setHeader, unforbidden } from './as-if.ts';
import { happyDom } from './versions.ts';

const source = (path: string): string =>
  `https://github.com/capricorn86/happy-dom/blob/master/packages/happy-dom/src/${path}`;
const FETCH = source('fetch/Fetch.ts');
const REQUEST_HEADERS = source('fetch/utilities/FetchRequestHeaderUtility.ts');
const XHR = source('xml-http-request/XMLHttpRequest.ts');

const FETCH_METADATA = new Set(['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-user']);
const NO_CACHE = new Set(['pragma', 'cache-control']);
const REFERRERS = new Set(['referer']);
const REQUESTED = new Set(['access-control-request-headers']);
const CORS_ANSWERS = new Set(['access-control-allow-origin', 'access-control-allow-credentials']);
const ALLOW_METHODS = new Set(['access-control-allow-methods', 'access-control-allow-headers']);

/** Another origin than the page's. */
const isAway = ({ urls, client }: FetchRequest): boolean => (urls.at(-1) as URL).origin !== client.origin;

/** Puts what the CORS check would look at out of its sight. */
const ASIDE = 'aside-';
const aside = ([name, value]: Header): Header => [
  CORS_ANSWERS.has(byteLowercase(name)) ? ASIDE + name : name,
  value,
];

/** The answer to a preflight as it is understood: methods in upper case, all of them where none is listed. */
function leniently(headers: HeaderList): Header[] {
  const methods = get(headers, 'access-control-allow-methods');
  const listed =
    methods === null || methods === '*' ? '*, PUT, DELETE, PATCH, OPTIONS' : methods.toUpperCase();
  return [...lacking(headers, ALLOW_METHODS), ['Access-Control-Allow-Methods', listed]];
}

const isBuffer = ({ body }: ScriptRequest): boolean => typeof body === 'object' && 'buffer' in body;

/** What is sent with the method of a request that has a body, and, as 0, with other methods that have none. */
const LENGTHS = new Set(['content-length']);
const NOT_FORBIDDEN = new Set(['set-cookie', 'x-http-method', 'x-http-method-override', 'x-method-override']);
/** Of an XMLHttpRequest that fails, and of a call that was aborted. */
const OWN_ERRORS = new Set(['error', 'AbortError']);
const BODILESS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT']);

export const happyDomDeviations: readonly Deviation[] = [
  {
    id: 'happy-dom-preflights-everything',
    ...happyDom,
    cases: ['simple-get', 'acao-missing', 'acao-star'],
    asIf: {
      preflightFor: (_, request) => (isAway(request) ? [] : null),
      preflightHeaders: (headers, { headers: author }) => {
        const names = author
          .filter(([name, value]) => !(name === 'Accept' && value === '*/*'))
          .map(([name]) => byteLowercase(name))
          .sort();
        const others = lacking(headers, REQUESTED);
        return names.length === 0
          ? others
          : [...others, ['Access-Control-Request-Headers', [...new Set(names)].join(',')] as Header];
      },
    },
    what: 'Every request to another origin is preflighted, a plain GET too: a server that answers OPTIONS with an error cannot be read.',
    link: FETCH,
  },
  {
    id: 'happy-dom-headers-unchecked',
    ...happyDom,
    cases: ['preflight-acah-missing', 'preflight-acam-missing'],
    asIf: { received: (headers, role) => (role === 'preflight' ? leniently(headers) : headers) },
    what: 'A preflight need not allow any header, nor a method if it names none; methods are compared in upper case.',
    link: FETCH,
  },
  {
    id: 'happy-dom-responses-unchecked',
    ...happyDom,
    cases: ['acao-not-reflected-by-preflight'],
    asIf: {
      received: (headers, role) =>
        role === 'actual' ? [...headers.map(aside), ['Access-Control-Allow-Origin', '*'] as Header] : headers,
      checkedCredentials: () => 'same-origin',
    },
    what: 'Only the answer to a preflight is checked: the response itself is readable without Access-Control-Allow-Origin, and Access-Control-Allow-Credentials is never asked for.',
    link: FETCH,
  },
  {
    id: 'happy-dom-responses-unfiltered',
    ...happyDom,
    cases: ['type-basic-cors-opaque'],
    asIf: {
      seen: (view, { received, script }) => {
        if (view.settled !== 'resolved' || !received) return view;
        // getAllResponseHeaders() has the names as they were received.
        const shownName = script.api === 'xhr' ? (name: string) => name : byteLowercase;
        const shown = received
          .filter(([name]) => name !== 'Access-Control-Allow-Origin')
          .map(([name, value]): Header => [shownName(name.replace(ASIDE, '')), value])
          .filter(([name]) => !byteLowercase(name).startsWith('set-cookie'));
        return {
          ...view,
          headers: shown,
          ...(view.type === 'cors' && { type: 'basic' as const }),
        };
      },
    },
    what: 'A response from another origin has type basic, and all of its headers are readable.',
    link: FETCH,
  },
  {
    id: 'happy-dom-no-fetch-metadata',
    ...happyDom,
    cases: ['simple-get'],
    asIf: {
      sent: (headers, { firstHeaders }, role) =>
        setHeader(
          lacking(headers, FETCH_METADATA).filter(
            ([name]) =>
              !NO_CACHE.has(byteLowercase(name)) ||
              (role !== 'preflight' && firstHeaders.some(([own]) => own === name)),
          ),
          'accept-encoding',
          'gzip, deflate, br',
        ),
    },
    what: "Requests carry no Sec-Fetch-Site, Sec-Fetch-Mode or Sec-Fetch-Dest, and no Cache-Control or Pragma of the browser's own; a Range accepts compressed answers.",
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-origin-of-the-page',
    ...happyDom,
    cases: ['origin-hdr-same-origin-post'],
    asIf: { origin: (_, request) => (isAway(request) ? request.client.origin : null) },
    what: 'The Origin is always that of the page, never null, and is left out of a same-origin POST.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-error-names',
    ...happyDom,
    cases: ['acao-missing/fetch'],
    asIf: {
      seen: view =>
        view.settled === 'rejected' && view.error?.name === 'TypeError'
          ? { ...view, error: { ...view.error, name: 'NetworkError' } }
          : view,
    },
    what: 'fetch() rejects with a DOMException NetworkError where the Standard says TypeError.',
    link: FETCH,
  },
  {
    id: 'happy-dom-foreign-errors',
    ...happyDom,
    cases: ['method-forbidden', 'method-invalid-token/*', 'non-http-cors/*'],
    asIf: {
      seen: (view, { last }) =>
        view.error && last === undefined && !OWN_ERRORS.has(view.error.name)
          ? { ...view, error: { ...view.error, name: 'object' } }
          : view,
    },
    what: "An error for a method, a URL or a header value that is refused is none of the page's own: it is no instance of the Error of its window.",
    link: FETCH,
  },
  {
    id: 'happy-dom-buffers-as-text',
    ...happyDom,
    cases: ['simple-post-arraybuffer', 'ct-json'],
    asIf: {
      asks: script => (isBuffer(script) ? { ...script, body: { buffer: '[object ArrayBuffer]' } } : script),
    },
    what: 'An ArrayBuffer of the page is sent as the text "object ArrayBuffer" in brackets.',
    link: source('fetch/utilities/FetchBodyUtility.ts'),
  },
  {
    id: 'happy-dom-modes-ignored',
    ...happyDom,
    cases: ['mode-nocors-opaque', 'mode-nocors-method/*', 'mode-same-origin-cross'],
    asIf: { asks: ({ mode, ...script }) => script },
    what: 'The modes no-cors, same-origin and navigate are ignored: each request to another origin is preflighted and blocked as in mode cors.',
    link: FETCH,
  },
  {
    id: 'happy-dom-no-preflight-cache',
    ...happyDom,
    cases: ['cache-key-fragment', 'cache-key-url', 'maxage-expiry'],
    asIf: { bypassesPreflightCache: () => true },
    what: 'No preflight is remembered: each request sends one.',
    link: FETCH,
  },
  {
    id: 'happy-dom-methods-upper-cased',
    ...happyDom,
    cases: ['method-custom-case', 'preflight-acrm/patch-lower'],
    asIf: {
      asks: ({ method, ...script }) => ({ ...script, ...(method && { method: method.toUpperCase() }) }),
    },
    what: 'A method is sent in upper case.',
    link: FETCH,
  },
  {
    id: 'happy-dom-safelisted-methods-listed',
    ...happyDom,
    cases: ['method-safelisted-never-in-acam', 'preflight-get-custom-header'],
    asIf: {
      allowsMethod: (standard, method, listed) =>
        standard && (listed.length === 0 || listed.includes(method) || listed[0] === '*'),
    },
    what: 'An Access-Control-Allow-Methods has to list the method, GET, HEAD and POST too.',
    link: FETCH,
  },
  {
    id: 'happy-dom-headers-not-forbidden',
    ...happyDom,
    cases: ['method-override-headers', 'set-cookie-request-header'],
    asIf: {
      authorHeaders: unforbidden(NOT_FORBIDDEN),
    },
    what: 'Fewer headers are forbidden to script, Set-Cookie and those that name a method not among them: a preflight asks for them, and they are sent.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-chunked-uploads',
    ...happyDom,
    cases: ['example-json-post/xhr', 'example-put-between-sites/xhr'],
    asIf: {
      sent: (headers, { body, initiator }, role) =>
        role === 'actual' && initiator === 'xmlhttprequest' && body !== null
          ? [...lacking(headers, LENGTHS), ['Transfer-Encoding', 'chunked'] as Header]
          : headers,
    },
    what: 'XMLHttpRequest sends a body in chunks, without Content-Length.',
    link: XHR,
  },
  {
    id: 'happy-dom-no-body-has-length',
    ...happyDom,
    cases: ['star-methods/fetch-patch', 'preflight-acrm/patch'],
    asIf: {
      sent: (headers, { body, method }, role) =>
        role === 'actual' && body === null && !BODILESS.has(method)
          ? [...headers, ['Content-Length', '0'] as Header]
          : headers,
    },
    what: 'A PATCH, or a method of its own, without a body has Content-Length: 0.',
    link: FETCH,
  },
  {
    id: 'happy-dom-preflight-referrer',
    ...happyDom,
    cases: ['preflight-referer', 'origin-hdr-cors-ignores-policy'],
    asIf: {
      sent: (headers, { client }, role) =>
        role === 'preflight'
          ? [...lacking(headers, REFERRERS), ['Referer', `${client.origin}/`] as Header]
          : headers,
    },
    what: "The Referer of a preflight is the page's origin, whatever the referrer policy.",
    link: FETCH,
  },
  {
    id: 'happy-dom-xhr-events',
    ...happyDom,
    cases: ['simple-get/xhr'],
    asIf: { seen: view => (view.events ? { ...view, events: eventsOf(view.settled, view.events) } : view) },
    what: 'XMLHttpRequest says readyState 3 in place of 1, leaves 3 out later, and tells of 4 only after an error and loadend.',
    link: XHR,
  },
];

/** The events of a request that was sent, in the order of this library. */
function eventsOf(settled: string, events: readonly string[]): readonly string[] {
  if (!events.includes('loadstart')) return events;
  if (settled === 'resolved')
    return ['readystatechange:3', 'loadstart', 'readystatechange:2', 'readystatechange:4', 'load', 'loadend'];
  return ['readystatechange:3', 'loadstart', events.at(-2) ?? 'error', 'loadend', 'readystatechange:4'];
}
