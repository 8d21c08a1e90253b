/** Known deviations of the suites about simple requests and the request-header safelist. */
import { byteLowercase, utf8 } from '../../harness/standard/bytes.ts';
import { combineAll, type Header } from '../../harness/standard/header-list.ts';
import type { Client } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { changeValues, lacking } from './as-if.ts';
import { chromiumSource, FIREFOX_HEADERS, FIREFOX_SAFELIST, webkitSource } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

const CHROMIUM_CORS = chromiumSource('services/network/public/cpp/cors/cors.cc');
const CHROMIUM_RANGE = chromiumSource('net/http/partial_data.cc');
const WEBKIT_PARSERS = webkitSource('WebCore/platform/network/HTTPParsers.cpp');
const WEBKIT_SOUP = webkitSource('WebCore/platform/network/soup/ResourceRequestSoup.cpp');
const COMBINED = 'https://github.com/whatwg/fetch/issues/748';

/** Every range that is not simple but that these engines understand all the same. */
const LENIENT_RANGES = ['range-unit-case', 'range-sign-ff/plus-start', 'range-sign-ff/plus-end'];

const CLIENT_HINTS = new Set(['dpr', 'save-data', 'device-memory', 'width', 'viewport-width']);
const NETWORK_HINTS = new Set(['downlink', 'rtt', 'ect']);
/** Those that the permissions policy allows the page's own origin alone. */
const DROPPED_HINTS = new Set([...CLIENT_HINTS, ...NETWORK_HINTS].filter(name => name !== 'save-data'));
const USER_AGENT = new Set(['user-agent']);
const LENGTH = new Set(['content-length']);
const NOT_ASCII = /[\x80-\xff]/;

export const requestDeviations: readonly Deviation[] = [
  ...[
    { ...chromium, link: CHROMIUM_CORS },
    { ...firefox, link: FIREFOX_SAFELIST },
    { ...webkit, link: WEBKIT_PARSERS },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-range-of-machine-integers`,
      ...seen,
      cases: ['range-over-128/huge-number'],
      asIf: {
        safelists: (standard, name, value) => standard && !(name === 'range' && HUGE_NUMBER.test(value)),
      },
      what: 'A range with a number that no 64-bit integer holds is not safelisted.',
      link,
    }),
  ),
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-entries-combined`,
      ...seen,
      cases: [
        'ct-dup-entries-safelisted',
        'accept-dup-each-under-128/entries',
        'total-1024-exact',
        'total-over-1024-mixed',
        'ct-entries-judged-apart',
      ],
      asIf: { authorHeaders: combineAll },
      what: 'Entries of one name become one value before they are judged: a long one is not safelisted, and one that calls for a preflight can pass for a parameter of the one before.',
      link: COMBINED,
    }),
  ),
  ...[
    {
      id: 'chromium-client-hints-safelisted',
      ...chromium,
      hints: CLIENT_HINTS,
      cases: ['client-hints-not-safelisted', 'redirect-client-hint/other-origin', 'redirect-save-data'],
      what: 'Client hints set by script are still safelisted: Save-Data with the value on, the others with any.',
    },
    {
      id: 'chromium-network-hints-safelisted',
      ...chromiumIn('109-156'),
      hints: NETWORK_HINTS,
      cases: ['client-hints-not-safelisted'],
      what: 'The client hints Downlink, RTT and ECT, set by script, are safelisted.',
    },
  ].map(
    ({ hints, ...entry }): Deviation => ({
      ...entry,
      asIf: {
        safelists: (standard, name, value) =>
          standard || (hints.has(name) && (name !== 'save-data' || value.toLowerCase() === 'on')),
      },
      link: 'https://github.com/whatwg/fetch/issues/1383',
    }),
  ),
  {
    id: 'chromium-redirect-drops-client-hints',
    ...chromium,
    cases: ['redirect-client-hint/*'],
    asIf: {
      sent: (headers, { urls, client }) =>
        urls.slice(1).every(url => mayHaveHints(client, url)) ? headers : lacking(headers, DROPPED_HINTS),
    },
    what: 'A redirect drops client hints set by script, Save-Data apart, unless it leads a page, or a frame of its origin, to its own origin.',
    link: chromiumSource('third_party/blink/common/client_hints/client_hints.cc'),
  },
  {
    id: 'webkitgtk-empty-body-without-length',
    ...webkit,
    cases: ['empty-body-length/*'],
    asIf: {
      unmeasured: (_, { body, uploadListener }) =>
        uploadListener === 'before-send' ||
        uploadListener === 'object-only' ||
        (typeof body === 'object' && 'blob' in body),
      sent: (headers, { body, method }) =>
        body?.bytes === '' && body.unmeasured && method !== 'POST' && method !== 'PUT'
          ? lacking(headers, LENGTH)
          : headers,
    },
    what: 'The empty body of an XMLHttpRequest has no Content-Length if it is a Blob or script asked for the upload object before send(), unless it is that of a POST or PUT.',
    link: WEBKIT_SOUP,
  },
  {
    id: 'chromium-intervention-safelisted',
    ...chromium,
    cases: ['intervention-header'],
    asIf: { safelists: (standard, name) => standard || name === 'intervention' },
    what: 'The header Intervention is safelisted, because the browser itself may add it.',
    link: CHROMIUM_CORS,
  },
  {
    id: 'chromium-user-agent-ignored',
    ...chromium,
    cases: ['user-agent-author-set', 'preflight-ua-default-when-author-sets', 'redir-keeps-user-agent'],
    asIf: { authorHeaders: headers => lacking(headers, USER_AGENT) },
    checks: { 'request-header:user-agent': true, 'GET:user-agent': true, 'GET hop2:user-agent': true },
    what: 'A User-Agent set by script is dropped.',
    link: 'https://issues.chromium.org/issues/40450316',
  },
  {
    id: 'chromium-range-rewritten',
    ...chromium,
    cases: [...LENIENT_RANGES, 'range-whitespace', 'range-over-128/128'],
    asIf: {
      sent: (headers, { firstMethod }) =>
        firstMethod === 'GET' ? changeValues(headers, 'range', simpleRange) : headers,
    },
    what: 'The range of a GET is sent in its simplest form instead of as script wrote it, whether or not it was preflighted.',
    link: CHROMIUM_RANGE,
  },
  {
    id: 'webkit-range-lenient',
    ...webkit,
    cases: [...LENIENT_RANGES, 'range-sign-ff/form-feed', 'range-sign-ff/vertical-tab'],
    asIf: {
      safelists: (standard, name, value) =>
        standard || (name === 'range' && isLenientRange(value) && !HUGE_NUMBER.test(value)),
    },
    what: 'Ranges are parsed leniently (unit in any case, signs, trailing control characters), so malformed ones are safelisted.',
    link: WEBKIT_PARSERS,
  },
  {
    id: 'webkit-header-values-utf8',
    ...webkit,
    cases: [
      'ct-nonascii',
      'accept-nonascii',
      'accept-language-underscore/accept-language-nonascii',
      'content-language-charset/content-language-nonascii',
    ],
    asIf: { sent: headers => headers.map(([name, value]) => [name, asUtf8(value)]) },
    what: 'Header bytes from 0x80 are sent as UTF-8, so that one byte becomes two.',
    link: WEBKIT_SOUP,
  },
  {
    id: 'firefox-nonascii-unsafe',
    ...firefox,
    cases: ['ct-nonascii', 'accept-nonascii'],
    asIf: {
      safelists: (standard, name, value) =>
        standard && !((name === 'accept' || name === 'content-type') && NOT_ASCII.test(value)),
    },
    what: 'Bytes from 0x80 are treated as CORS-unsafe.',
    link: FIREFOX_SAFELIST,
  },
  {
    id: 'firefox-content-type-comma-unsafe',
    ...firefox,
    cases: ['ct-comma-in-parameter'],
    asIf: {
      safelists: (standard, name, value) => standard && !(name === 'content-type' && value.includes(',')),
    },
    what: 'A Content-Type with a comma is not safelisted, whatever its type.',
    link: FIREFOX_SAFELIST,
  },
  {
    id: 'firefox-content-type-first-only',
    ...firefox,
    cases: ['ct-dup-entries-safelisted', 'ct-dup-json-plain'],
    asIf: {
      sent: (headers, { body, urls }) => {
        const first = body !== null && urls.length === 1;
        const kept = first ? headers.findIndex(isContentType) : headers.findLastIndex(isContentType);
        return headers.filter((header, at) => at === kept || !isContentType(header));
      },
    },
    what: 'Of several Content-Type entries only one is sent, though all are judged: the first with a body, the last without one or after a redirect.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-entries-merged',
    ...firefox,
    cases: ['entries-with-empty', 'entries-authorization'],
    asIf: { sent: merged },
    what: 'Entries of one name are sent as one line; an empty one takes away those before it, and only the last Authorization is sent.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-no-total-limit',
    ...firefox,
    cases: ['total-over-1024', 'total-over-1024-mixed'],
    asIf: { noSafelistLimit: true },
    what: 'The total size of safelisted values is not limited.',
    link: FIREFOX_SAFELIST,
  },
];

/** The permissions policy of a page goes for its origin, with its frames; workers have none. */
const mayHaveHints = ({ global, origin, topLevelOrigin = origin }: Client, url: URL): boolean =>
  global !== 'worker' && origin === topLevelOrigin && url.origin === origin;

/** nsHttpHeaderArray::MergeHeader: an empty value clears, and what comes after it stands alone. */
function merged(headers: Header[]): Header[] {
  const values = new Map<string, Header>();
  for (const [name, value] of headers) {
    const lower = byteLowercase(name);
    const before = values.get(lower)?.[1];
    const joins = before !== undefined && before !== '' && value !== '' && lower !== 'authorization';
    values.set(lower, [name, joins ? `${before}, ${value}` : value]);
  }
  return [...values.values()];
}

const isContentType = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'content-type';

const asUtf8 = (value: string): string => (NOT_ASCII.test(value) ? utf8(value) : value);

/** Twenty digits or more, leading zeros apart. */
const HUGE_NUMBER = /[1-9][0-9]{19}/;

/** A range with its unit in any case, signs before its numbers, or a control character after it. */
function isLenientRange(value: string): boolean {
  const match = /^bytes=\+?([0-9]+)-(?:\+?([0-9]+))?[\v\f]?$/i.exec(value);
  return match !== null && (match[2] === undefined || Number(match[1]) <= Number(match[2]));
}

function simpleRange(value: string): string {
  const match = /^bytes[ \t]*=[ \t]*\+?([0-9]+)[ \t]*-[ \t]*\+?([0-9]+)?[ \t]*$/i.exec(value);
  if (!match) return value;
  const number = (digits: string) => digits.replace(/^0+(?=[0-9])/, '');
  return `bytes=${number(match[1] as string)}-${match[2] === undefined ? '' : number(match[2])}`;
}
