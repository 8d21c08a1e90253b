/** Known deviations of the suites about the preflight's shape and its answer. */
import { get } from '../../harness/standard/header-list.ts';
import { fartherSite } from '../../harness/standard/origin.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { rawUnlessBrotli, setHeader } from './as-if.ts';
import {
  CHROMIUM_PREFLIGHTS,
  chromiumSource,
  FIREFOX_CORS,
  WEBKIT_ACCESS,
  WEBKIT_PREFLIGHT_CACHE,
  webkitSource,
} from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

const WEBKIT_PREFLIGHT = webkitSource('WebKit/NetworkProcess/NetworkCORSPreflightChecker.cpp');

/** Whether "*" may stand for Authorization. */
const STAR_AUTHORIZATION = 'https://github.com/whatwg/fetch/issues/1919';

export const preflightDeviations: readonly Deviation[] = [
  ...[
    { ...chromium, link: CHROMIUM_PREFLIGHTS },
    { ...firefox, link: FIREFOX_CORS },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-preflight-has-cache-mode`,
      ...seen,
      cases: ['preflight-no-cache-headers'],
      asIf: { preflightKeepsCacheMode: true },
      what: "A preflight has its request's cache mode, and so carries Pragma and Cache-Control.",
      link,
    }),
  ),
  {
    id: 'firefox-repeated-names',
    ...firefox,
    cases: ['preflight-acrh-sorted-lower/each-once'],
    asIf: { asksForEachEntry: true },
    what: 'A header that was set twice is listed twice in Access-Control-Request-Headers.',
    link: FIREFOX_CORS,
  },
  {
    id: 'webkit-author-user-agent-on-preflight',
    ...webkit,
    cases: ['preflight-ua-default-when-author-sets'],
    asIf: {
      preflightHeaders: (headers, request) => {
        const value = get(request.headers, 'user-agent');
        return value === null ? headers : [...headers, ['User-Agent', value]];
      },
    },
    what: 'A User-Agent set by script is sent on the preflight too.',
    link: WEBKIT_ACCESS,
  },
  {
    id: 'webkit-preflight-body-awaited',
    ...webkit,
    cases: ['preflight-unterminated-body'],
    asIf: { awaitsPreflightBody: true },
    what: "The request waits for the end of the preflight response's body.",
    link: WEBKIT_PREFLIGHT,
  },
  {
    id: 'webkit-preflight-body-broken',
    ...webkit,
    cases: ['preflight-body-garbled/br', 'preflight-body-cut'],
    asIf: {
      brokenPreflightBodyFails: true,
      undecodableIsRaw: rawUnlessBrotli,
    },
    what: "The request fails if the preflight response's body ends early or cannot be decoded.",
    link: WEBKIT_PREFLIGHT,
  },
  ...[
    { ...chromium, link: chromiumSource('services/network/cors/preflight_result.cc') },
    { ...firefox, link: FIREFOX_CORS },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].flatMap(({ link, ...seen }): Deviation[] => [
    {
      id: `${seen.engine}-star-covers-authorization`,
      ...seen,
      cases: ['star-headers-not-authorization'],
      asIf: { starCoversAuthorization: true },
      what: 'A "*" in Access-Control-Allow-Headers also lets Authorization through.',
      link: STAR_AUTHORIZATION,
    },
    {
      id: `${seen.engine}-forced-preflight-needs-method`,
      ...seen,
      cases: ['forced-preflight-without-methods'],
      asIf: { forcedPreflightNeedsMethod: true },
      what: 'The answer to a preflight that an upload listener forced must list a method that is not safelisted, even if it has no Access-Control-Allow-Methods.',
      link,
    },
  ]),
  ...[chromiumIn('156'), firefox].map(
    (seen): Deviation => ({
      id: `${seen.engine}-preflight-site-of-its-own-url`,
      ...seen,
      cases: ['redir-tainted-preflight-cross-to-page'],
      asIf: {
        sent: (headers, { origin, urls }, role) =>
          role === 'preflight'
            ? setHeader(
                headers,
                'Sec-Fetch-Site',
                fartherSite('same-origin', origin, (urls.at(-1) as URL).origin),
              )
            : headers,
      },
      what: 'Sec-Fetch-Site of a preflight goes by its own URL alone, not by the redirects before it.',
      link: SPEC.fetchMetadata,
    }),
  ),
  {
    id: 'firefox-upgrade-skips-preflight',
    ...firefox,
    cases: ['preflight-csp-upgrade/still-asked'],
    checks: { wire: 'PUT' },
    what: "Under upgrade-insecure-requests, an http: URL of the page's host counts as same-origin even if it is not upgraded, and is not preflighted.",
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-upgrade-skips-cors-check',
    ...firefox,
    cases: ['preflight-csp-upgrade/still-checked'],
    checks: { outcome: 'readable', 'blocked-at': '(absent)' },
    what: "Under upgrade-insecure-requests, an http: response of the page's host is readable without permission, whatever its port.",
    link: FIREFOX_CORS,
  },
];
