/** Known deviations of the suites about simple requests and the request-header safelist. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import { chromiumSource, FIREFOX_HEADERS, FIREFOX_SAFELIST, webkitSource } from './sources.ts';

const CHROMIUM_CORS = chromiumSource('services/network/public/cpp/cors/cors.cc');
const CHROMIUM_RANGE = chromiumSource('net/http/partial_data.cc');
const WEBKIT_PARSERS = webkitSource('WebCore/platform/network/HTTPParsers.cpp');
const WEBKIT_SOUP = webkitSource('WebCore/platform/network/soup/ResourceRequestSoup.cpp');
const COMBINED = 'https://github.com/whatwg/fetch/issues/748';

/** What fails where a request that should go out at once is preflighted, and refused for want of permission. */
const ASKED = {
  outcome: 'blocked',
  preflight: 'sent',
  actual: 'not sent',
  status: true,
  'request-header:*': '(no such request)',
} as const;

/** What fails where a request that should be preflighted goes out at once. */
const NOT_ASKED = {
  preflight: 'not sent',
  'access-control-request-method': '(absent)',
  'access-control-request-headers': '(no preflight)',
} as const;

/** Every range that is not simple but that these engines understand all the same. */
const LENIENT_RANGES = ['range-unit-case', 'range-sign-ff/plus-start', 'range-sign-ff/plus-end'];

export const requestDeviations: readonly Deviation[] = [
  ...[chromium, webkit].flatMap((seen): Deviation[] => [
    {
      id: `${seen.engine}-entries-combined`,
      ...seen,
      cases: ['ct-dup-entries-safelisted', 'accept-dup-each-under-128/entries', 'total-1024-exact'],
      checks: ASKED,
      what: 'Entries of one name become one value before they are judged, and the combined value is not safelisted.',
      link: COMBINED,
    },
    {
      id: `${seen.engine}-total-without-combined`,
      ...seen,
      cases: ['total-over-1024-mixed'],
      checks: { 'access-control-request-headers': 'accept,x-a' },
      what: 'Entries of one name become one value, too long to be safelisted, so the others alone stay under 1,024 bytes.',
      link: COMBINED,
    },
  ]),
  {
    id: 'chromium-client-hints-safelisted',
    ...chromium,
    cases: ['client-hints-not-safelisted'],
    checks: NOT_ASKED,
    what: 'Client hints that script sets are still safelisted.',
    link: 'https://github.com/whatwg/fetch/issues/1383',
  },
  {
    id: 'chromium-intervention-safelisted',
    ...chromium,
    cases: ['intervention-header'],
    checks: NOT_ASKED,
    what: 'Intervention is safelisted, because the browser itself may add it.',
    link: CHROMIUM_CORS,
  },
  {
    id: 'chromium-user-agent-ignored',
    ...chromium,
    cases: ['user-agent-author-set', 'preflight-ua-default-when-author-sets'],
    checks: { ...NOT_ASKED, 'request-header:user-agent': true },
    what: 'A User-Agent that script sets is dropped.',
    link: 'https://issues.chromium.org/issues/40450316',
  },
  {
    id: 'chromium-range-rewritten',
    ...chromium,
    cases: [...LENIENT_RANGES, 'range-whitespace', 'range-over-128/128'],
    checks: { 'request-header:range': 'bytes=0-5' },
    what: 'A range that is not simple is preflighted, but then sent in its simple form instead of as script wrote it.',
    link: CHROMIUM_RANGE,
  },
  {
    id: 'webkit-range-lenient',
    ...webkit,
    cases: [...LENIENT_RANGES, 'range-sign-ff/form-feed', 'range-sign-ff/vertical-tab'],
    checks: NOT_ASKED,
    what: 'Ranges are read leniently (unit in any case, signs, trailing control characters) and so are safelisted.',
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
    checks: { 'request-header:*': true },
    what: 'Header values from 0x80 on are sent as UTF-8, so that one byte becomes two.',
    link: WEBKIT_SOUP,
  },
  {
    id: 'firefox-nonascii-unsafe',
    ...firefox,
    cases: ['ct-nonascii', 'accept-nonascii'],
    checks: ASKED,
    what: 'Bytes from 0x80 on count as CORS-unsafe.',
    link: FIREFOX_SAFELIST,
  },
  {
    id: 'firefox-content-type-first-only',
    ...firefox,
    cases: ['ct-dup-entries-safelisted', 'ct-dup-json-plain'],
    checks: { 'request-header:content-type': true },
    what: 'Of several Content-Type entries only the first is sent, though all are judged.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-no-total-limit',
    ...firefox,
    cases: ['total-over-1024'],
    checks: NOT_ASKED,
    what: 'Safelisted values have no limit in all.',
    link: FIREFOX_SAFELIST,
  },
  {
    id: 'firefox-no-total-limit-mixed',
    ...firefox,
    cases: ['total-over-1024-mixed'],
    checks: { 'access-control-request-headers': 'x-a' },
    what: 'Safelisted values have no limit in all.',
    link: FIREFOX_SAFELIST,
  },
];
