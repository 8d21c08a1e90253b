/** Known deviations of the suites about modes, elements and the checks beside CORS. */
import { get } from '../../harness/standard/header-list.ts';
import type { FilteredResponse } from '../../harness/standard/response.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { isInsecureFrom } from './as-if.ts';
import { chromiumSource, webkitSource } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

export const modeDeviations: readonly Deviation[] = [
  {
    id: 'webkit-no-cors-blob-type',
    ...webkit,
    cases: ['nocors-blob-type'],
    asIf: { bodyTypeUnguarded: true },
    what: 'A no-cors request with a Blob sends the type of the Blob as Content-Type, safelisted or not.',
    link: webkitSource('WebCore/Modules/fetch/FetchRequest.cpp'),
  },
  {
    id: 'chromium-corp-ignores-opaque-origins',
    ...chromium,
    cases: ['corp-opaque-origin/*-same-site'],
    asIf: {
      corp: (blocked, origin, headers) =>
        blocked && !(origin === 'null' && get(headers, 'cross-origin-resource-policy') === 'same-site'),
    },
    what: 'Cross-Origin-Resource-Policy: same-site does not block a page or worker with an opaque origin.',
    link: chromiumSource('services/network/public/cpp/cross_origin_resource_policy.cc'),
  },
  {
    id: 'chromium-event-source-credentialed-url',
    ...chromium,
    cases: ['es-userinfo'],
    checks: { wire: 'nothing', result: 'error', 'request-header:authorization': '(no such request)' },
    what: 'An EventSource for a URL with a user name and password fails without a request.',
    link: 'https://chromestatus.com/feature/5669008342777856',
  },
  {
    id: 'webkitgtk-only-if-cached-fetches',
    ...webkit,
    cases: ['mode-only-if-cached/same-origin'],
    asIf: { fetchesOnlyIfCached: true },
    what: 'In cache mode only-if-cached, a URL that is not cached is fetched.',
    link: SPEC.networkOrCache,
  },
  ...[
    {
      // Chromium 113 loses the page instead, and 114 keeps to the Standard.
      ...chromiumIn('92-112 115-156'),
      redirects: [],
      behind: (): string | null => null,
      told: '; a redirect in mode manual is one',
    },
    {
      ...firefox,
      redirects: ['integrity-no-body/manual-no-digest', 'integrity-no-body/manual-matching'],
      behind: ({ hidden = '' }: FilteredResponse): string => hidden,
      told: '; against a redirect in mode manual as against the body that it came with',
    },
    {
      ...webkit,
      redirects: ['integrity-no-body/manual', 'integrity-no-body/manual-no-digest'],
      behind: (): string => '',
      told: '; nor a redirect in mode manual',
    },
  ].map(
    ({ redirects, behind, told, ...seen }): Deviation => ({
      id: `${seen.engine}-integrity-of-no-body`,
      ...seen,
      cases: ['integrity-no-body/head', 'integrity-no-body/204', ...redirects],
      asIf: {
        integrityOfNoBody: (standard, response) => {
          if (response.type === 'opaqueredirect') return behind(response);
          return response.type === 'opaque' ? standard : '';
        },
      },
      what: `Integrity metadata is held against a response without a body as against one with an empty body, and does not make it a network error${told}.`,
      link: SPEC.mainFetch,
    }),
  ),
  {
    id: 'webkit-track-without-cors',
    ...webkit,
    cases: ['track-crossorigin/no-attribute'],
    checks: { wire: 'GET', result: 'load' },
    what: 'A cross-origin text track of a video without crossorigin is fetched without CORS, and loads.',
    link: SPEC.textTrack,
  },
  {
    id: 'chromium-local-address-not-mixed',
    ...chromiumIn('147-156'),
    cases: ['mixed-content/get', 'mixed-content/put', 'mixed-content/sync', 'mixed-content/redirect'],
    asIf: {
      mixedContent: (standard, url) => standard && url.hostname !== '0.0.0.0',
      sent: (headers, { urls }, role) =>
        role === 'preflight' && (urls.at(-1) as URL).hostname === '0.0.0.0'
          ? [...headers, ['Sec-Fetch-Mode', 'cors']]
          : headers,
    },
    what: 'A local network address is not mixed content, but needs the permission for local network access; a preflight there carries Sec-Fetch-Mode, although the URL is not potentially trustworthy.',
    link: SPEC.localNetworkMixedContent,
  },
  {
    id: 'webkit-loopback-mixed',
    ...webkit,
    cases: ['mixed-content/loopback*'],
    asIf: {
      mixedContent: (standard, url, { client, urls }) =>
        standard || (urls.length === 1 && isInsecureFrom(client, url)),
      stopsAfterPreflight: (stops, { client, urls }) =>
        stops || (urls.length > 1 && isInsecureFrom(client, urls.at(-1) as URL)),
    },
    what: 'A loopback address without TLS is treated as mixed content, whatever the origin of a frame or worker in a secure page; where a redirect leads there, only after the preflight.',
    link: 'https://bugs.webkit.org/show_bug.cgi?id=171934',
  },
  {
    id: 'webkit-no-stream-upload',
    ...webkit,
    cases: ['stream-upload-forces-preflight', 'stream-upload-nocors'],
    asIf: { streams: 'refused' },
    what: 'A stream as request body is not supported in any mode.',
    link: SPEC.bodyExtract,
  },
  {
    id: 'firefox-no-stream-upload',
    ...firefox,
    cases: ['stream-upload-forces-preflight', 'stream-upload-nocors'],
    asIf: { streams: 'text' },
    what: 'A stream as request body is sent as a string that describes the object.',
    link: 'https://bugzilla.mozilla.org/show_bug.cgi?id=1387483',
  },
  ...[chromium, firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-keepalive-limit-before-preflight`,
      ...seen,
      cases: ['keepalive-64k/preflight-over'],
      asIf: { keepaliveLimitFirst: true },
      what: 'A keepalive request with too large a body fails before its preflight is sent.',
      link: SPEC.networkOrCache,
    }),
  ),
  {
    id: 'firefox-refused-preload-loads',
    ...firefox,
    cases: ['preload-consumption/denied'],
    checks: { result: 'load, then fetch TypeError' },
    what: 'A preload that fails the CORS check fires load; the fetch() that reads it fails.',
    link: 'https://github.com/whatwg/html/pull/7799',
  },
  {
    id: 'webkit-fonts-without-cors',
    ...webkit,
    cases: ['font-cors/*'],
    checks: { result: 'load', 'request-header:origin': '(absent)' },
    what: 'A font is fetched without CORS and loads whatever its response allows.',
    link: 'https://lists.webkit.org/pipermail/webkit-dev/2011-January/015797.html',
  },
];
