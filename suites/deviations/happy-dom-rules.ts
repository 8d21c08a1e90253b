/** Cases in which happy-dom goes by rules of its own that no small change to the model makes: all that they show is listed. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { happyDomFetchSeen } from './happy-dom-fetch-seen.ts';
import { happyDomSeen } from './happy-dom-seen.ts';
import { happyDom } from './versions.ts';

const source = (path: string): string =>
  `https://github.com/capricorn86/happy-dom/blob/master/packages/happy-dom/src/${path}`;
const FETCH = source('fetch/Fetch.ts');
const XHR = source('xml-http-request/XMLHttpRequest.ts');
const REQUEST_HEADERS = source('fetch/utilities/FetchRequestHeaderUtility.ts');

const allSeen = { ...happyDomSeen, ...happyDomFetchSeen };

const rule = (id: keyof typeof allSeen, what: string, link: string): Deviation => ({
  id,
  ...happyDom,
  cases: Object.keys(allSeen[id]),
  seen: allSeen[id],
  what,
  link,
});

export const happyDomRules: readonly Deviation[] = [
  rule(
    'happy-dom-redirects',
    'Redirects are followed by rules of its own: each hop is a new request of the page that is preflighted again, and a preflight is redirected too.',
    FETCH,
  ),
  rule(
    'happy-dom-cookies',
    'Cookies and passwords are sent by rules of its own: script can set Set-Cookie, and a user and a password given to open() become an Authorization header at once.',
    REQUEST_HEADERS,
  ),
  rule(
    'happy-dom-elements',
    'Scripts, stylesheets and beacons are fetched with fetch() as it is here: preflighted, and blocked without an answer to that.',
    source('fetch/ResourceFetch.ts'),
  ),
  rule(
    'happy-dom-methods',
    'Any Access-Control-Allow-Methods has to list the method, GET, HEAD and POST too, and nothing that was remembered counts for it.',
    FETCH,
  ),
  rule(
    'happy-dom-xhr',
    'XMLHttpRequest fires no upload events, leaves a Content-Type without charset as it is, and goes its own way in synchronous requests.',
    XHR,
  ),
  rule(
    'happy-dom-lists',
    'Lists in the answer to a preflight are not parsed: a malformed one counts for what it names, unless a control character makes it no answer at all, and a Content-Type is never looked for.',
    FETCH,
  ),
  rule(
    'happy-dom-values-unchecked',
    'A Headers object takes a value with a NUL, and an empty method is preflighted.',
    REQUEST_HEADERS,
  ),
  rule(
    'happy-dom-statuses',
    'A 101, 407 or 421 in answer to its own preflight ends a request, and a 304 to a condition of script never ends it.',
    FETCH,
  ),
  rule(
    'happy-dom-cut-bodies',
    'A body that is cut short fails with an EncodingError, and XMLHttpRequest shows status and URL all the same.',
    FETCH,
  ),
  rule(
    'happy-dom-aborts',
    'A preflight that is not answered goes on for ever: neither an abort nor a timeout ends fetch() meanwhile; XMLHttpRequest keeps no timeout, and has events of its own when it is aborted.',
    FETCH,
  ),
  rule(
    'happy-dom-xhr-get-body',
    'XMLHttpRequest with the method GET or HEAD and a body sends nothing and never ends.',
    XHR,
  ),
  rule(
    'happy-dom-page-urls',
    'A blob: URL of the page itself cannot be fetched, and the response of a data: URL has no URL.',
    FETCH,
  ),
  rule(
    'happy-dom-control-characters',
    'A header value with a control character is asked for by the preflight, and refused only after it, with an error that is none of the page.',
    FETCH,
  ),
  rule('happy-dom-star-method', 'The method "*" is refused: Node sends none of that name.', FETCH),
  rule(
    'happy-dom-other-errors',
    "A URL or a range that cannot be fetched fails with an error that is none of the page's own.",
    FETCH,
  ),
  rule(
    'happy-dom-modes',
    'What a mode alone forbids or allows is left out: cache mode only-if-cached goes by rules of its own, and data: URLs are readable in any mode.',
    FETCH,
  ),
  rule(
    'happy-dom-buffers-have-type',
    'An ArrayBuffer has a Content-Type, which the preflight asks for.',
    source('fetch/utilities/FetchBodyUtility.ts'),
  ),
];
