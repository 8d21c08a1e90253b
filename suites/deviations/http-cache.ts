/** Known deviations of the suite about the HTTP cache. */
import { includesCredentialsOf } from '../../harness/standard/credentials.ts';
import { contains, get } from '../../harness/standard/header-list.ts';
import { sameSite, siteOf } from '../../harness/standard/origin.ts';
import { isRedirectStatus } from '../../harness/standard/redirect.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromiumSource, firefoxSource } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

export const httpCacheDeviations: readonly Deviation[] = [
  {
    id: 'webkitgtk-no-http-cache',
    ...webkit,
    cases: [
      'cache-nocors-then-cors/*',
      'cache-vary-origin/same-origin-again',
      'cache-cred-vs-anon/*',
      'cache-failed-cors-stored/re*ed',
      'cache-failed-cors-stored/worker',
      'cache-cors-then-nocors/*',
      'cache-acao-echo-two-origins/reused',
      'cache-redirect-cached/*',
      'cache-by-frame/*',
      'cache-refused-redirect',
      'cache-variants',
      'cache-fresh-statuses/*',
      'cache-validated*',
    ],
    asIf: { noHttpCache: true },
    what: 'Under automation there is no HTTP cache, which a user agent need not have: every request goes to the server.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'firefox-cache-by-credentials-mode',
    ...firefox,
    cases: ['cache-cred-vs-anon/*'],
    asIf: {
      cachePartition: (standard, request) =>
        includesCredentialsOf(request) ? standard : `${standard} without credentials`,
    },
    what: 'What the HTTP cache keeps of requests with credentials serves no request without, nor the other way round.',
    link: 'https://github.com/whatwg/fetch/issues/1253',
  },
  {
    id: 'firefox-cache-by-frame',
    ...firefox,
    cases: ['cache-by-frame/*'],
    asIf: {
      cachePartition: (standard, { initiator, client: { origin, topLevelOrigin, global } }) => {
        const asPage = global === 'worker' && initiator === 'xmlhttprequest';
        return asPage || topLevelOrigin === undefined || sameSite(origin, topLevelOrigin)
          ? standard
          : `${standard} framed`;
      },
    },
    what: 'What the HTTP cache keeps of a page serves no frame in it that is of another site or of no origin, nor a fetch() of a data: worker, nor the other way round.',
    link: SPEC.httpCachePartition,
  },
  {
    id: 'chromium-cache-by-frame',
    ...chromiumIn('156'),
    cases: ['cache-by-frame/*'],
    asIf: {
      cachePartition: (standard, { client: { origin, topLevelOrigin, global } }) => {
        const framed = global === 'worker' && origin === 'null' ? (topLevelOrigin ?? origin) : origin;
        return framed === 'null' ? null : `${standard} ${siteOf(framed)}`;
      },
    },
    what: 'What the HTTP cache keeps of a page serves no frame in it that is of another site, nor the other way round; nothing is kept for a frame of no origin.',
    link: SPEC.httpCachePartition,
  },
  {
    id: 'chromium-validates-200-alone',
    ...chromiumIn('156'),
    cases: ['cache-validated-statuses/*'],
    asIf: { validates: (standard, { status }) => standard && status === 200 },
    what: 'Only a stored response with status 200 is validated; any other that is not fresh is asked for anew.',
    link: chromiumSource('net/http/http_cache_transaction.cc'),
  },
  {
    id: 'firefox-refused-not-kept',
    ...firefox,
    cases: ['cache-refused-redirect', 'cache-failed-cors-stored/worker'],
    asIf: {
      forgetsRefused: (_, { status }, { initiator, client }) =>
        isRedirectStatus(status) || (initiator === 'fetch' && client.global === 'worker'),
    },
    what: 'A redirect that fails the CORS check is not kept in the HTTP cache, nor is any response that a fetch() of a worker is refused.',
    link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp'),
  },
  ...[
    { ...chromiumIn('156'), link: chromiumSource('net/http/http_cache_transaction.cc') },
    { ...firefox, link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp') },
  ].flatMap(({ link, ...seen }): Deviation[] => [
    {
      id: `${seen.engine}-one-variant`,
      ...seen,
      cases: ['cache-variants'],
      asIf: { oneVariant: true },
      what: 'The HTTP cache keeps the last response for a URL alone, whatever its Vary header says.',
      link,
    },
    {
      id: `${seen.engine}-keeps-what-has-no-lifetime`,
      ...seen,
      cases: ['cache-without-lifetime'],
      asIf: {
        storable: (standard, { headers }) =>
          standard || !/no-store/i.test(get(headers, 'cache-control') ?? ''),
      },
      what: 'A response is kept in the HTTP cache whatever its status, even if nothing says for how long: cache mode force-cache uses it.',
      link,
    },
  ]),
  {
    id: 'firefox-cached-statuses',
    ...firefox,
    cases: ['cache-validated-statuses/404', 'cache-fresh-statuses/*'],
    asIf: {
      storable: (standard, { status, headers }) =>
        standard && (!isRedirectStatus(status) || contains(headers, 'location')),
      freshFor: (standard, { status }) =>
        [200, 203, 204, 410].includes(status) || isRedirectStatus(status) ? standard : 0,
      validates: (standard, { status }) => standard && status >= 200 && status < 300,
    },
    what: 'A stored response is used without asking only if its status is 200, 203, 204 or 410 or it redirects, whatever its max-age; it is validated only if its status is one of success.',
    link: firefoxSource('netwerk/protocol/http/nsHttpResponseHead.cpp'),
  },
  {
    id: 'chromium-refused-not-kept',
    ...chromiumIn('156'),
    cases: ['cache-failed-cors-stored/reused', 'cache-failed-cors-stored/worker'],
    asIf: {
      forgetsRefused: (_, { status }, { initiator }) => initiator === 'fetch' && !isRedirectStatus(status),
    },
    what: 'A response to fetch() that fails the CORS check is not kept in the HTTP cache, unless it is a redirect; a short one to XMLHttpRequest is.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'firefox-xhr-conditional-keeps-cache-mode',
    ...firefox,
    cases: ['conditional-headers/*-xhr', 'xhr-sync-conditional'],
    asIf: {
      cacheMode: (mode, { cache, initiator }) => (initiator === 'xmlhttprequest' ? cache : mode),
    },
    what: 'A conditional header set on an XMLHttpRequest leaves its cache mode as it is.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'webkit-synchronous-conditional-keeps-cache-mode',
    ...webkit,
    cases: ['xhr-sync-conditional'],
    asIf: {
      cacheMode: (mode, { cache, synchronous, client }) =>
        synchronous && client.global !== 'worker' ? cache : mode,
    },
    what: 'A conditional header set on a synchronous XMLHttpRequest of a page leaves its cache mode as it is.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'chromium-conditional-validates',
    ...chromium,
    cases: ['cache-conditional-author/if-*', 'xhr-sync-conditional'],
    asIf: {
      cacheMode: (mode, { cache, client }) => {
        if (mode === cache) return mode;
        return client.global === 'worker' ? cache : 'no-cache';
      },
    },
    what: 'A conditional header set by the page has the request validated as with cache mode no-cache, not sent as with no-store; in a worker it changes nothing.',
    link: SPEC.networkOrCache,
  },
];
