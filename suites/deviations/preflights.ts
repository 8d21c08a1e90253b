/** Known deviations of the suites about the preflight's shape and its answer. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import { CHROMIUM_PREFLIGHTS, FIREFOX_CORS, WEBKIT_ACCESS, webkitSource } from './sources.ts';

const WEBKIT_PREFLIGHT = webkitSource('WebKit/NetworkProcess/NetworkCORSPreflightChecker.cpp');

export const preflightDeviations: readonly Deviation[] = [
  ...[
    { ...chromium, link: CHROMIUM_PREFLIGHTS },
    { ...firefox, link: FIREFOX_CORS },
  ].map(
    ({ engine, versions, link }): Deviation => ({
      id: `${engine}-preflight-has-cache-mode`,
      engine,
      versions,
      cases: ['preflight-no-cache-headers'],
      checks: { 'preflight-header:pragma': 'no-cache', 'preflight-header:cache-control': 'no-cache' },
      what: "The request's cache mode is also that of its preflight, which then carries Pragma and Cache-Control.",
      link,
    }),
  ),
  {
    id: 'firefox-repeated-names',
    ...firefox,
    cases: ['preflight-acrh-sorted-lower/each-once'],
    checks: { 'access-control-request-headers': 'x-a,x-b,x-b' },
    what: 'A header that was set twice is asked for twice.',
    link: FIREFOX_CORS,
  },
  {
    id: 'webkit-author-user-agent-on-preflight',
    ...webkit,
    cases: ['preflight-ua-default-when-author-sets'],
    checks: { 'preflight-header:user-agent': 'zz' },
    what: 'A User-Agent that script sets is on the preflight too.',
    link: WEBKIT_ACCESS,
  },
  {
    id: 'webkit-preflight-body-awaited',
    ...webkit,
    cases: ['preflight-unterminated-body'],
    checks: { outcome: true, actual: 'not sent', status: true },
    what: 'The request waits for the end of the body of its preflight answer.',
    link: WEBKIT_PREFLIGHT,
  },
  {
    id: 'firefox-upgrade-skips-preflight',
    ...firefox,
    cases: ['preflight-csp-upgrade/still-asked'],
    checks: { wire: 'PUT' },
    what: 'On a page that upgrades insecure requests, an http: URL of its own host counts as same-origin even where it is not upgraded: no preflight.',
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-upgrade-skips-cors-check',
    ...firefox,
    cases: ['preflight-csp-upgrade/still-checked'],
    checks: { outcome: 'readable', 'blocked-at': '(absent)' },
    what: 'On a page that upgrades insecure requests, an http: answer of its own host is readable without permission, whatever its port.',
    link: FIREFOX_CORS,
  },
];
