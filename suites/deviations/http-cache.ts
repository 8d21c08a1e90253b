/** Known deviations of the suite about the HTTP cache. */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { includesCredentialsOf } from '../../harness/standard/credentials.ts';
import { contains, get, type HeaderList, valuesOf } from '../../harness/standard/header-list.ts';
import type { CacheRequest } from '../../harness/standard/http-cache.ts';
import { sameSite, siteOf } from '../../harness/standard/origin.ts';
import type { Quirks } from '../../harness/standard/quirks.ts';
import { isRedirectStatus } from '../../harness/standard/redirect.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromiumSource, firefoxSource, webkitSource } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

/** Chromium's cache looks at these only to take out what they change; it lets all others but GET, HEAD and POST pass. */
const isTakenForInvalidation = ({ method, hasBody, headers }: CacheRequest): boolean =>
  (method === 'DELETE' || method === 'PATCH' || (method === 'PUT' && hasBody)) &&
  !CONDITIONS.some(name => contains(headers, name));

const CONDITIONS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

const chromiumInvalidates: Quirks['invalidates'] = (standard, request) => {
  if (request.mode === 'no-store') return false;
  if (!isTakenForInvalidation(request)) return standard && request.method === 'POST';
  return standard || request.mode === 'reload';
};

const isFresh = (headers: HeaderList): boolean => {
  const control = get(headers, 'cache-control') ?? '';
  return /max-age=0*[1-9]/i.test(control) && !/no-cache/i.test(control);
};

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
      'cache-failed-cors-stored/unstored',
      'cache-cors-then-nocors/*',
      'cache-acao-echo-two-origins/reused',
      'cache-redirect-cached/*',
      'cache-by-frame/*',
      'cache-refused-redirect',
      'cache-redirect-not-followed/*',
      'cache-see-other-forced',
      'cache-after-unasked-304',
      'cache-variants',
      'cache-fresh-statuses/*',
      'cache-validated*',
      'cache-empty-line',
      'cache-invalidated/failed*',
    ],
    asIf: { noHttpCache: true },
    what: 'Under automation there is no HTTP cache, which a user agent need not have: what the memory cache does not answer goes to the server.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'webkit-memory-cache',
    ...webkit,
    cases: [
      'cache-validated/headers-replaced-xhr',
      'cache-validates-in-shared-worker',
      'cache-preflighted-xhr',
    ],
    asIf: { memoryCache: true },
    what: "What a page's asynchronous XMLHttpRequests load is kept in memory, the last load of a URL with its redirects: it serves like requests of the page without a preflight, once a 304 has validated it without another CORS check, and in a shared worker that has asked for the URL before even if it is stale, unless a redirect is.",
    link: webkitSource('WebCore/loader/cache/CachedResourceLoader.cpp'),
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
    cases: ['cache-by-frame/sandboxed', 'cache-by-frame/cross-site', 'cache-by-frame/data-worker'],
    asIf: {
      cachePartition: (standard, { urls, client: { origin, topLevelOrigin: top } }) => {
        if (top === undefined || sameSite(origin, top)) return standard;
        return sameSite((urls.at(-1) as URL).origin, top) ? `${standard} framed` : standard;
      },
    },
    what: 'What the HTTP cache keeps of a page and its own site serves no frame in it that is of another site or of no origin, nor a data: worker, nor the other way round.',
    link: SPEC.httpCachePartition,
  },
  {
    id: 'chromium-cache-by-frame',
    ...chromiumIn('156'),
    cases: ['cache-by-frame/sandboxed*', 'cache-by-frame/cross-site*'],
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
    ...chromium,
    cases: ['cache-validated-statuses/*'],
    asIf: { validates: (standard, { status }) => standard && status === 200 },
    what: 'Only a stored response with status 200 is validated; any other that is not fresh is asked for anew.',
    link: chromiumSource('net/http/http_cache_transaction.cc'),
  },
  {
    id: 'firefox-refused-not-kept',
    ...firefox,
    cases: ['cache-refused-redirect', 'cache-redirect-not-followed/*', 'cache-failed-cors-stored/worker'],
    asIf: {
      forgetsRefused: (_, { status }, { initiator, client }) =>
        isRedirectStatus(status) || (initiator === 'fetch' && client.global === 'worker'),
    },
    what: 'A redirect that fails the CORS check, or that leads where no redirect may, is not kept in the HTTP cache, nor is any response that a fetch() of a worker is refused.',
    link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp'),
  },
  {
    id: 'firefox-cached-permanent-redirect-bypasses',
    ...firefox,
    cases: ['cache-redirect-cached/validated-permanent', 'cache-redirect-cached/used-permanent'],
    asIf: {
      readsAfterCached: (reads, { status }, saidNoStore) =>
        reads && (saidNoStore || (status !== 301 && status !== 308)),
    },
    what: 'Once the HTTP cache has answered a request with a permanent redirect, nothing that it has on disk is used or validated for the URLs that follow: they are asked for anew, and what they answer is stored. What a URL answers after it has once said no-store is kept in memory, and used.',
    link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp'),
  },
  {
    id: 'firefox-unasked-304-stays',
    ...firefox,
    cases: ['cache-after-unasked-304'],
    asIf: { unaskedNotModifiedStays: true },
    what: 'Once a URL has been answered with a 304 that nobody asked for, the HTTP cache keeps nothing for it until a request in cache mode reload, or with an unsafe method.',
    link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp'),
  },
  {
    id: 'firefox-empty-lines-not-stored',
    ...firefox,
    cases: ['cache-empty-line'],
    asIf: {
      servedHeaders: headers =>
        headers.filter(([name]) => valuesOf(headers, byteLowercase(name)).some(value => value !== '')),
    },
    what: 'What the HTTP cache has lacks the headers that were received empty.',
    link: firefoxSource('netwerk/protocol/http/nsHttpHeaderArray.cpp'),
  },
  {
    id: 'firefox-any-status-invalidates',
    ...firefox,
    cases: ['cache-invalidated/failed*'],
    asIf: { invalidates: (_, _request, status) => status !== 304 },
    what: 'What the HTTP cache has for a URL is taken out by the answer to an unsafe method whatever its status, unless that is 304.',
    link: firefoxSource('netwerk/protocol/http/nsHttpChannel.cpp'),
  },
  {
    id: 'chromium-invalidates-by-cache-mode',
    ...chromium,
    cases: ['cache-invalidated/no-*', 'cache-invalidated/failed-reload'],
    asIf: { invalidates: chromiumInvalidates },
    what: 'What the HTTP cache has for a URL is taken out by a PUT, PATCH or DELETE in cache mode reload even if that fails, and stays in spite of a PUT without a body, of one with a range or a condition, of any other method that HTTP does not know, and of cache mode no-store.',
    link: chromiumSource('net/http/http_cache_transaction.cc'),
  },
  {
    id: 'chromium-force-cache-answers-unsafe',
    ...chromium,
    cases: ['cache-force-cache-unsafe/*'],
    asIf: {
      servedFromCache: (standard, request) =>
        standard || (request.mode === 'force-cache' && isTakenForInvalidation(request)),
    },
    what: 'In cache mode force-cache a PATCH, a DELETE, or a PUT with a body is not sent if the HTTP cache has a response to GET: script gets that.',
    link: chromiumSource('net/http/http_cache_transaction.cc'),
  },
  ...[
    { ...chromium, link: chromiumSource('net/http/http_cache_transaction.cc') },
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
    cases: [
      'cache-validated-statuses/404',
      'cache-fresh-statuses/*',
      'cache-empty-location',
      'cache-see-other-forced',
    ],
    asIf: {
      storable: (standard, { status, headers }) =>
        standard &&
        status !== 300 &&
        status !== 304 &&
        (status !== 303 || isFresh(headers)) &&
        (!isRedirectStatus(status) || Boolean(get(headers, 'location'))),
      freshFor: (standard, { status }) =>
        [200, 203, 204, 410].includes(status) || isRedirectStatus(status) ? standard : 0,
      validates: (standard, { status }) => standard && status >= 200 && status < 300,
    },
    what: 'A 300 or 304 is not stored, nor is a 303 that is stale from the start, or a redirect with an empty Location. A stored response is used without asking only if its status is 200, 203, 204 or 410 or it redirects, whatever its max-age; it is validated only if its status is one of success.',
    link: firefoxSource('netwerk/protocol/http/nsHttpResponseHead.cpp'),
  },
  {
    id: 'chromium-refused-not-kept',
    ...chromium,
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
