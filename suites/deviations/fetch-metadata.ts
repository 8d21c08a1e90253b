/**
 * Known deviations in headers that other standards rule: Sec-Fetch-* and Referer. They play no part in CORS.
 * Longer than other files, as it is one list.
 */

import { byteLowercase } from '../../harness/standard/bytes.ts';
import { contains, get, type Header } from '../../harness/standard/header-list.ts';
import { fartherSite, sameOrigin, schemelesslySameSite } from '../../harness/standard/origin.ts';
import { DEFAULT_REFERRER_POLICY, determineReferrer } from '../../harness/standard/referrer.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Client, FetchRequest, FetchSite } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import {
  firefoxSameSite,
  lacking,
  leftAnOrigin,
  originAcrossSites,
  setHeader,
  webkitSameSite,
} from './as-if.ts';
import { firefoxSource, WEBKIT_SOUP_TASK, webkitSource } from './sources.ts';
import { chromium, firefox, webkit } from './versions.ts';

const SEC_FETCH_AND_ENCODING = new Set([
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'accept-encoding',
]);

/** The referrer that a request from another client would have. */
const referrerOf = (request: FetchRequest, client: Partial<Client>): string =>
  determineReferrer({ ...request, referrer: 'client', client: { ...request.client, ...client } });

/** Policies that Firefox takes for the default one across sites. */
const RELAXED = new Set(['unsafe-url', 'no-referrer-when-downgrade', 'origin-when-cross-origin']);

/** What the way through another site has cut down is whole again at the page's own. */
function cutThenWhole(referrer: string, request: FetchRequest): string {
  const { client, urls, referrerPolicy } = request;
  const cut = originAcrossSites(firefoxSameSite)(referrer, request);
  const before = urls.slice(0, -1);
  const away = before.findLastIndex(url => !firefoxSameSite(client, url));
  const isBack = away >= 0 && firefoxSameSite(client, urls.at(-1) as URL);
  if (!isBack || referrer === 'no-referrer') return cut;
  if (!RELAXED.has(referrerPolicy) || client.origin === 'null') return cut;
  // Since then, an origin of the same site may have cut it down by the policy itself.
  const cutAgain =
    referrerPolicy === 'origin-when-cross-origin' &&
    before.slice(away + 1).some(url => !sameOrigin(url.origin, client.origin));
  return cutAgain ? cut : referrerOf(request, {});
}

const ORIGIN_ACROSS_SITES =
  'The Referer of a cross-site request is an origin at most, whatever the policy; Referrer Policy lets a user agent do so.';

export const fetchMetadataDeviations: readonly Deviation[] = [
  {
    id: 'firefox-schemeless-sec-fetch-site',
    ...firefox,
    cases: ['corp-secure-target/same-site', 'mixed-content/loopback'],
    asIf: {
      sent: (headers, { origin, urls }, role) => {
        // A preflight goes by its own URL alone.
        const asked = role === 'preflight' ? urls.slice(-1) : urls;
        const near = asked.every(url => schemelesslySameSite(origin, url.origin));
        return near && asked.some(url => url.protocol !== new URL(origin).protocol)
          ? setHeader(headers, 'Sec-Fetch-Site', 'same-site')
          : headers;
      },
    },
    what: 'Sec-Fetch-Site of a request between http and https on the same host is same-site instead of cross-site.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'firefox-redirect-is-cross-site',
    ...firefox,
    cases: ['redir-same-to-cross', 'sec-fetch-redirect'],
    asIf: {
      sent: (headers, { urls }, role) =>
        role === 'actual' &&
        urls.slice(0, -1).some(url => url.protocol === 'http:') &&
        get(headers, 'sec-fetch-site') === 'same-site'
          ? setHeader(headers, 'Sec-Fetch-Site', 'cross-site')
          : headers,
    },
    what: 'After a redirect without TLS, Sec-Fetch-Site says cross-site where it should say same-site.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'webkit-redirect-drops-sec-fetch',
    ...webkit,
    cases: [
      'redir-same-to-cross',
      'sec-fetch-redirect',
      'es-redirect/third-origin*',
      'cache-mode-after-redirect',
    ],
    asIf: {
      sent: (headers, request, role) =>
        role === 'actual' && request.mode === 'cors' && !request.client.unloading && leftAnOrigin(request)
          ? lacking(withoutCacheMode(headers, request), SEC_FETCH_AND_ENCODING)
          : headers,
    },
    what: 'A redirect of a CORS request to another origin takes the Sec-Fetch headers off the request, the Accept-Encoding that a range calls for, and what its cache mode calls for.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'firefox-sandboxed-event-source-referrer',
    ...firefox,
    cases: ['es-opaque-origin', 'es-opaque-origin-home'],
    asIf: {
      referrer: (referrer, request) => {
        const { origin, global, topLevelOrigin } = request.client;
        if (referrer !== 'no-referrer' || request.initiator !== 'other') return referrer;
        if (origin !== 'null' || global === 'worker' || !topLevelOrigin) return referrer;
        const own = referrerOf(request, { origin: topLevelOrigin });
        return own === 'no-referrer' ? own : `${new URL(own).origin}/`;
      },
    },
    what: 'An EventSource of a sandboxed frame sends the origin of its URL as Referer, although its own origin is opaque.',
    link: SPEC.referrer,
  },
  {
    id: 'webkit-opaque-preflight-cross-site',
    ...webkit,
    cases: ['redir-preflight-then-redirect'],
    asIf: {
      sent: (headers, _, role) =>
        role === 'preflight' && headers.some(([name, value]) => name === 'Origin' && value === 'null')
          ? setHeader(headers, 'Sec-Fetch-Site', 'cross-site')
          : headers,
    },
    what: 'Sec-Fetch-Site of a preflight that names the origin null says cross-site, whatever the page.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'firefox-creator-referrer',
    ...firefox,
    cases: [
      'inherit-about-blank',
      'inherit-blob-iframe',
      'inherit-blob-worker',
      'referer-realm/about-blank-frame',
      'referer-realm/blob-frame',
      'referer-realm/blob-worker',
      'referrer-policy-realm/about-blank-frame',
      'referrer-policy-realm/blob-frame',
    ],
    asIf: {
      clientPolicy: (standard, { global, url }) =>
        global !== 'worker' && /^(?:about|blob):/.test(url) ? DEFAULT_REFERRER_POLICY : standard,
      referrer: (referrer, request) => {
        const { url, creatorUrl } = request.client;
        const asked = request.referrer === 'no-referrer' || request.initiator === 'other';
        if (referrer !== 'no-referrer' || creatorUrl === undefined || asked) return referrer;
        if (url.startsWith('about:')) return referrerOf(request, { url: creatorUrl });
        return url.startsWith('blob:')
          ? referrerOf(request, { url: `${new URL(creatorUrl).origin}/` })
          : referrer;
      },
    },
    what: "A document with an about: URL sends its creator as Referer, a document or worker with a blob: URL the origin of its creator, but for an EventSource; the documents have the default policy instead of their creator's.",
    link: SPEC.referrer,
  },
  {
    id: 'firefox-worker-event-source-without-referrer',
    ...firefox,
    cases: ['es-referrer/worker'],
    asIf: {
      referrer: (referrer, { initiator, client }) =>
        initiator === 'other' && client.global === 'worker' ? 'no-referrer' : referrer,
    },
    what: 'An EventSource of a worker sends no Referer.',
    link: SPEC.referrer,
  },
  {
    id: 'firefox-cross-site-referrer-is-an-origin',
    ...firefox,
    cases: [
      'referer-unsafe-url/cross-site',
      'referer-unsafe-url/frame-of-another-site',
      'referer-unsafe-url-back',
      'referer-unsafe-url-from-another-site',
    ],
    asIf: { referrer: cutThenWhole },
    what: `${ORIGIN_ACROSS_SITES} A redirect back makes it whole again under unsafe-url, no-referrer-when-downgrade and origin-when-cross-origin.`,
    link: firefoxSource('netwerk/base/nsNetUtil.cpp'),
  },
  {
    id: 'webkit-cross-site-referrer-is-an-origin',
    ...webkit,
    cases: [
      'referer-unsafe-url/cross-site',
      'referer-unsafe-url-back',
      'referer-unsafe-url-from-another-site',
    ],
    asIf: {
      // The referrer itself stays as the policy has it.
      sent: (headers, request) =>
        headers.map(([name, value]) =>
          name.toLowerCase() === 'referer'
            ? [name, originAcrossSites(webkitSameSite)(value, request)]
            : [name, value],
        ),
    },
    what: `${ORIGIN_ACROSS_SITES} Each request of a redirected one is cut down by itself.`,
    link: webkitSource('WebCore/page/SecurityPolicy.cpp'),
  },
  {
    id: 'firefox-workers-inherit-referrer-policy',
    ...firefox,
    cases: ['referrer-policy-realm/worker', 'referrer-policy-realm/shared-worker'],
    asIf: {
      clientPolicy: (standard, { global, shared, creatorPolicy }, { initiator }) =>
        global === 'worker' && creatorPolicy && (!shared || initiator === 'fetch') ? creatorPolicy : standard,
    },
    what: 'A worker whose script was served without a referrer policy has that of the page that made it; a shared one for fetch() alone.',
    link: SPEC.referrer,
  },
  {
    id: 'webkit-all-inherit-referrer-policy',
    ...webkit,
    cases: ['worker', 'shared-worker', 'shared-worker-xhr', 'frame'].map(
      realm => `referrer-policy-realm/${realm}`,
    ),
    asIf: { clientPolicy: (standard, { creatorPolicy }) => creatorPolicy || standard },
    what: 'A worker or a frame that was served without a referrer policy has that of the page that made it.',
    link: SPEC.referrer,
  },
  {
    id: 'webkit-sandboxed-referrer',
    ...webkit,
    cases: ['opaque-sandbox-null', 'referer-realm/sandboxed-frame'],
    asIf: {
      referrer: (referrer, request) => {
        const { origin, global, topLevelOrigin } = request.client;
        const asked = request.referrer === 'no-referrer';
        if (referrer !== 'no-referrer' || asked || origin !== 'null' || global === 'worker') return referrer;
        return topLevelOrigin ? referrerOf(request, { origin: topLevelOrigin }) : referrer;
      },
    },
    what: 'A sandboxed frame sends its URL as Referer, although its origin is opaque, unless script asks for none.',
    link: SPEC.referrer,
  },
  {
    id: 'webkit-synchronous-redirect-keeps-referrer',
    ...webkit,
    cases: ['referer-synchronous-redirect/other-origin'],
    asIf: {
      referrer: (referrer, request) => {
        const { synchronous, client, urls, firstReferrer } = request;
        return synchronous && client.global !== 'worker' && urls.length > 1 && firstReferrer
          ? originAcrossSites(webkitSameSite)(firstReferrer, request)
          : referrer;
      },
    },
    what: 'A redirect of a synchronous XMLHttpRequest of a page leaves its Referer as it was, but cut down to its origin on the way to another site.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-synchronous-without-sec-fetch',
    ...webkit,
    cases: ['xhr-sync-error', 'xhr-sync-preflight'],
    asIf: {
      sent: (headers, { synchronous, client }) =>
        synchronous && client.global !== 'worker' ? lacking(headers, SEC_FETCH_AND_ENCODING) : headers,
    },
    what: 'A synchronous XMLHttpRequest of a page carries no Sec-Fetch headers, nor the Accept-Encoding that a range calls for.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'webkit-data-worker-site',
    ...webkit,
    cases: ['opaque-data-worker'],
    asIf: {
      sent: (headers, { client, urls }, role) =>
        role === 'actual' &&
        client.creatorUrl !== undefined &&
        client.url.startsWith('data:') &&
        client.global === 'worker' &&
        client.topLevelOrigin
          ? setHeader(headers, 'Sec-Fetch-Site', siteOf(client.topLevelOrigin, urls))
          : headers,
    },
    what: 'Sec-Fetch-Site of a request from a data: worker goes by the origin of its page.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'webkit-redirected-preflight-first-referrer',
    ...webkit,
    cases: ['xhr-upload-listener-redirect'],
    asIf: {
      preflightHeaders: (headers, request) =>
        request.urls.length > 1 && request.firstReferrer && request.firstReferrer !== 'no-referrer'
          ? [...headers, ['Referer', originAcrossSites(webkitSameSite)(request.firstReferrer, request)]]
          : headers,
      sent: (headers, { urls }, role) =>
        role === 'preflight' && urls.length > 1
          ? headers.filter(
              ([name], at) => name !== 'Referer' || at === headers.findIndex(([n]) => n === 'Referer'),
            )
          : headers,
    },
    what: 'The preflight of a redirected request has the Referer of the request before any redirect, cut down to its origin on the way to another site.',
    link: SPEC.referrer,
  },
  {
    id: 'webkit-srcdoc-without-referrer',
    ...webkit,
    cases: ['inherit-srcdoc', 'referer-realm/srcdoc-frame'],
    asIf: {
      referrer: (referrer, { client, initiator, referrer: given }) =>
        client.srcdoc && initiator === 'fetch' && given === 'client' ? 'no-referrer' : referrer,
    },
    what: 'A fetch() in a frame made of srcdoc sends no Referer, unless script names one.',
    link: SPEC.referrer,
  },
  ...[chromium, firefox].map(
    (seen): Deviation => ({
      id: `${seen.engine}-no-referrer-to-http`,
      ...seen,
      cases: ['mixed-content/loopback'],
      asIf: {
        referrer: (referrer, { urls, referrerPolicy }) =>
          referrer.startsWith('https:') &&
          (urls.at(-1) as URL).protocol === 'http:' &&
          DOWNGRADE.has(referrerPolicy)
            ? 'no-referrer'
            : referrer,
      },
      what: 'A secure page sends no Referer to an http: URL even if that is potentially trustworthy, such as one of this machine.',
      link: SPEC.referrer,
    }),
  ),
];

const siteOf = (origin: string, urls: readonly URL[]): string =>
  urls.reduce((site, url) => fartherSite(site, origin, url.origin), 'same-origin' as FetchSite);

/** The Cache-Control of an EventSource is set before its cache mode is looked at. */
const takenOff = ({ initiator }: FetchRequest): RegExp =>
  initiator === 'other' ? /^pragma$/i : /^(?:pragma|cache-control)$/i;

/** Without the lines that the cache mode adds, and with those that script set. */
const withoutCacheMode = (headers: Header[], request: FetchRequest): Header[] =>
  headers.filter(([name]) => !takenOff(request).test(name) || contains(request.headers, byteLowercase(name)));

/** Policies that send nothing on the way from a potentially trustworthy URL to one that is not. */
const DOWNGRADE = new Set(['no-referrer-when-downgrade', 'strict-origin', 'strict-origin-when-cross-origin']);
