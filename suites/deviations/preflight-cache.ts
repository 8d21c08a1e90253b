/** Known deviations of the suites about Max-Age and the CORS-preflight cache. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import {
  CHROMIUM_PREFLIGHTS,
  chromiumSource,
  FIREFOX_CORS,
  WEBKIT_ACCESS,
  WEBKIT_PREFLIGHT_CACHE,
} from './sources.ts';

const CHROMIUM_RESULT = chromiumSource('services/network/cors/preflight_result.cc');

const NOT_ASKED = 'not sent';

export const preflightCacheDeviations: readonly Deviation[] = [
  {
    id: 'chromium-max-age-plus',
    ...chromium,
    cases: ['maxage-plus/expires'],
    checks: { '2.preflight': NOT_ASKED },
    what: 'A plus sign in Access-Control-Max-Age is accepted: the value is read by a general integer parser.',
    link: CHROMIUM_RESULT,
  },
  {
    id: 'webkit-max-age-plus',
    ...webkit,
    cases: ['maxage-plus/expires'],
    checks: { '2.preflight': NOT_ASKED },
    what: 'A plus sign in Access-Control-Max-Age is accepted; the source says that it probably should not be.',
    link: WEBKIT_PREFLIGHT_CACHE,
  },
  {
    id: 'webkit-cached-star-authorization',
    ...webkit,
    cases: ['cache-star-header-not-authorization'],
    checks: { '2.preflight': NOT_ASKED, '2.access-control-request-headers': '(no preflight)' },
    what: 'A remembered "*" in Access-Control-Allow-Headers lets Authorization through without asking again.',
    link: 'https://github.com/whatwg/fetch/issues/1919',
  },
  {
    id: 'firefox-null-origin-preflight-cached',
    ...firefox,
    cases: ['cache-key-null-origin'],
    checks: {
      '1.OPTIONS far:origin': true,
      '2.wire': 'PUT far',
      '2.OPTIONS far:origin': '(no such request)',
    },
    what: 'The preflight that follows a tainting redirect names the page’s origin, and its answer is remembered for that origin.',
    link: FIREFOX_CORS,
  },
  ...[
    { ...chromium, link: CHROMIUM_RESULT },
    { ...firefox, link: FIREFOX_CORS },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].map(({ engine, versions, link }) => ({
    id: `${engine}-safelisted-method-needs-no-entry`,
    engine,
    versions,
    cases: ['cache-forced-preflight-acam-other'],
    checks: { '2.preflight': NOT_ASKED },
    what: 'A remembered answer serves every safelisted method, listed or not, even where an upload listener demands a preflight.',
    link,
  })),
  ...[
    { ...chromium, link: CHROMIUM_PREFLIGHTS },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].map(({ engine, versions, link }) => ({
    id: `${engine}-failure-clears-nothing`,
    engine,
    versions,
    cases: ['cache-cleared-on-failure'],
    checks: { '3.preflight': NOT_ASKED },
    what: 'An actual response that fails its CORS check leaves the remembered answer in place.',
    link,
  })),
  {
    id: 'webkit-refusal-clears-nothing',
    ...webkit,
    cases: ['cache-cleared-by-failed-preflight/method'],
    checks: { '3.preflight': NOT_ASKED },
    what: 'An answer that refuses the request is remembered for what it lists, so a method it lists is not asked for again.',
    link: WEBKIT_ACCESS,
  },
  {
    id: 'webkit-refusal-stored',
    ...webkit,
    cases: ['cache-failed-preflight-not-stored/method', 'cache-failed-preflight-not-stored/header'],
    checks: { '2.preflight': NOT_ASKED },
    what: 'An answer that refuses the request is remembered all the same for what it lists.',
    link: WEBKIT_ACCESS,
  },
  {
    id: 'firefox-max-age-zero-updates-nothing',
    ...firefox,
    cases: ['cache-update-max-age'],
    checks: { '3.preflight': NOT_ASKED },
    what: 'An answer with Max-Age 0 is not looked at, so it does not shorten what an earlier one set.',
    link: FIREFOX_CORS,
  },
];
