/** Known deviations of the redirect suites. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import {
  chromiumSource,
  FIREFOX_CORS,
  firefoxSource,
  WEBKIT_LOAD_CHECKER,
  WEBKIT_SOUP_TASK,
  webkitSource,
} from './sources.ts';

/** What fails where a request that should be readable is blocked, beside its wire. */
const BLOCKED = { outcome: 'blocked', status: true, type: true, redirected: true, url: true } as const;

/** A redirect removed the reason for a preflight, and the request is preflighted again all the same. */
const PREFLIGHTED_AGAIN: Pick<Deviation, 'cases' | 'checks'> = {
  cases: [
    'redir-302-post-json-no-second-preflight',
    'redir-303-put-no-second-preflight',
    'redir-authorization-stripped',
    'redir-authorization-back-home',
  ],
  checks: { ...BLOCKED, wire: true, 'GET hop2:*': '(no such request)', 'request-body': 'sent' },
};

export const redirectDeviations: readonly Deviation[] = [
  {
    id: 'firefox-tainted-preflight-real-origin',
    ...firefox,
    cases: ['redir-tainted-preflight-origin', 'redir-tainted-preflight-cross-to-page'],
    checks: {
      ...BLOCKED,
      outcome: true,
      'blocked-at': true,
      wire: true,
      'OPTIONS hop2:origin': true,
      'PUT hop2:origin': '(no such request)',
    },
    what: "The preflight after a tainting redirect carries the page's real Origin; only the request after it says null.",
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-preflight-outlives-its-reason',
    ...firefox,
    ...PREFLIGHTED_AGAIN,
    what: 'A request that was preflighted once is preflighted again after a redirect that removed the reason for it.',
    link: firefoxSource('netwerk/protocol/http/HttpBaseChannel.cpp'),
  },
  {
    id: 'webkit-preflight-outlives-its-reason',
    ...webkit,
    ...PREFLIGHTED_AGAIN,
    what: 'A request that was preflighted once is preflighted again after a redirect that removed the reason for it, and asks for the headers that script set at first.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'webkit-redirect-after-leaving-needs-credentials',
    ...webkit,
    cases: ['redir-same-cross-same', 'redir-same-cross-cross/same-origin'],
    checks: { ...BLOCKED, wire: 'GET, GET hop2', 'GET hop3:origin': '(no such request)' },
    what: 'A request in credentials mode same-origin that a redirect led to a foreign origin is held to the rules for credentials when that origin redirects again: without Access-Control-Allow-Credentials it is blocked.',
    link: webkitSource('WebKit/NetworkProcess/NetworkResourceLoader.cpp'),
  },
  {
    id: 'webkit-same-origin-get-keeps-origin',
    ...webkit,
    cases: ['redir-origin-after-post-to-get-same-origin'],
    checks: { 'GET hop2:origin': true },
    what: 'The GET that a redirect makes of a same-origin POST keeps its Origin header.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'chromium-empty-location-not-followed',
    ...chromium,
    cases: ['redir-empty-location'],
    checks: { wire: 'GET', status: '302', redirected: 'false' },
    what: 'A redirect with an empty Location is shown to script as a response.',
    link: chromiumSource('net/http/http_response_headers.cc'),
  },
  {
    id: 'webkitgtk-empty-location-error',
    ...webkit,
    cases: ['redir-empty-location'],
    checks: { ...BLOCKED, wire: 'GET' },
    what: 'A redirect with an empty Location is not followed and ends in a network error.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'chromium-error-mode-without-location',
    ...chromium,
    cases: ['redir-no-location/error-mode'],
    checks: { outcome: 'readable', error: '(absent)' },
    what: 'Redirect mode error lets a redirect status without Location through.',
    link: 'https://fetch.spec.whatwg.org/#http-fetch',
  },
  {
    id: 'webkit-error-mode-without-location',
    ...webkit,
    cases: ['redir-no-location/error-mode'],
    checks: { outcome: 'readable', error: '(absent)' },
    what: 'Redirect mode error lets a redirect status without Location through.',
    link: WEBKIT_LOAD_CHECKER,
  },
  {
    id: 'webkitgtk-first-location-wins',
    ...webkit,
    cases: ['redir-two-locations-differ'],
    checks: { outcome: 'readable', wire: 'GET, GET hop2', error: '(absent)' },
    what: 'Of two different Location lines the first is followed.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkitgtk-follows-unknown-3xx',
    ...webkit,
    cases: ['redir-non-redirect-3xx/309', 'redir-non-redirect-3xx/399'],
    checks: { wire: 'GET, GET hop2', status: '200', redirected: 'true' },
    what: 'Any 3xx status with a Location but 300, 304, 305 and 306 is followed.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'chromium-credentialed-subresource-url',
    ...chromium,
    cases: ['redir-userinfo-same-origin/*-fetch'],
    checks: { ...BLOCKED, wire: 'GET' },
    what: 'fetch() does not follow a redirect to a URL with credentials, even within the own origin; XMLHttpRequest does.',
    link: 'https://chromestatus.com/feature/5669008342777856',
  },
];
