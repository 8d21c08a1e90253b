/**
 * Known deviations that only older releases of Chromium show.
 * Longer than other files, as it is one list.
 */
import { get, type HeaderList } from '../../harness/standard/header-list.ts';
import { isSafelistedMethod } from '../../harness/standard/methods.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { ScriptRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { asksForPreflight, inheriting, isBackHome, lacking, setHeader, unforbidden } from './as-if.ts';
import { olderChromiumSeen } from './older-chromium-seen.ts';
import { CHROMIUM_PREFLIGHTS, chromiumSource } from './sources.ts';
import { chromiumIn } from './versions.ts';

const NO_CACHE = new Set(['pragma', 'cache-control']);
const PRAGMA = new Set(['pragma']);

/** True for what an EventSource sends: it alone accepts this type. */
const isEventSource = (headers: HeaderList): boolean => get(headers, 'accept') === 'text/event-stream';

const OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);
const SET_COOKIE = new Set(['set-cookie']);
const PRIVATE_NETWORK = new Set(['access-control-request-private-network']);
const BODY_HEADERS = new Set(['content-type', 'content-language']);

function isLenientRange(value: string): boolean {
  const [, start, end] = /^bytes=\+?(\d+)-(?:\+?(\d+))?$/i.exec(value) ?? [];
  return start !== undefined && (end === undefined || Number(start) <= Number(end));
}

/** True for the reason of a script's own signal. */
const isReason = (name: string | undefined, { abort }: ScriptRequest): boolean =>
  name === 'TimeoutError' ||
  (typeof abort === 'object' && abort.reason !== undefined && name === abort.reason);

/** Everything that these cases show. */
const exactly = (id: keyof typeof olderChromiumSeen) => ({
  cases: Object.keys(olderChromiumSeen[id]),
  seen: olderChromiumSeen[id],
});

export const olderChromiumDeviations: readonly Deviation[] = [
  {
    id: 'chromium-range-not-safelisted',
    ...chromiumIn('92'),
    cases: [
      'range-simple/*',
      'range-over-128/128',
      'range-cors-206/*',
      'range-accept-encoding-identity/*',
      'files-ranged-download/*',
    ],
    asIf: { safelists: (standard, name) => standard && name !== 'range' },
    what: 'A Range header always needs a preflight.',
    link: SPEC.safelistedRequestHeader,
  },
  {
    id: 'chromium-empty-exposed-names-fail',
    ...chromiumIn('92'),
    cases: ['aceh-empty-members/*'],
    asIf: {
      exposed: (standard, headers) =>
        headers.some(
          ([name, value]) =>
            name.toLowerCase() === 'access-control-expose-headers' && /^[ \t]*(?:,|$)|,[ \t]*,/.test(value),
        )
          ? { names: new Set(), all: false, kind: 'invalid' }
          : standard,
    },
    what: 'An empty member in Access-Control-Expose-Headers, but for one at its end, makes it expose nothing.',
    link: SPEC.extractHeaderListValues,
  },
  {
    id: 'chromium-manual-redirect-unchecked',
    ...chromiumIn('92'),
    ...exactly('chromium-manual-redirect-unchecked'),
    what: 'In redirect mode manual, a redirect whose response fails the CORS check is an opaque redirect.',
    link: SPEC.httpFetch,
  },
  {
    id: 'chromium-no-credentialless',
    ...chromiumIn('92'),
    ...exactly('chromium-no-credentialless'),
    what: 'Cross-Origin-Embedder-Policy: credentialless is not known.',
    link: SPEC.coepAllowsCredentials,
  },
  {
    id: 'chromium-empty-beacon-has-type',
    ...chromiumIn('92'),
    cases: ['beacon-simple/empty'],
    checks: { 'request-header:content-type': 'text/plain;charset=UTF-8' },
    what: 'A beacon with an empty string has a Content-Type.',
    link: SPEC.beacon,
  },
  {
    id: 'chromium-no-timeout-signal',
    ...chromiumIn('92'),
    ...exactly('chromium-no-timeout-signal'),
    what: 'AbortSignal.timeout() is not known.',
    link: SPEC.abortSignalTimeout,
  },
  {
    id: 'chromium-abort-reason-lost',
    ...chromiumIn('92-123'),
    cases: [
      'abort-custom-reason/*',
      'abort-keepalive/*',
      'abort-in-worker/*',
      'timeout-signal/preflight',
      'timeout-signal/actual',
    ],
    asIf: {
      seen: (view, { script, last }) =>
        (script.api ?? 'fetch') === 'fetch' && last && view.error && isReason(view.error.name, script)
          ? { ...view, outcome: 'error', error: { ...view.error, name: 'AbortError' } }
          : view,
    },
    what: 'A pending fetch() rejects with an AbortError, whatever the reason of its signal.',
    link: SPEC.abortFetch,
  },
  {
    id: 'chromium-methods-upper-cased',
    ...chromiumIn('92-108'),
    cases: [
      'preflight-acrm/custom',
      'method-patch-not-normalized/lower-*',
      'method-patch-not-normalized/mixed-by-upper',
      'method-custom-case/egg*',
      'method-custom-case/chicken*',
      'method-custom-case/other-case',
    ],
    asIf: {
      allowsMethod: (_, method, listed, include) =>
        isSafelistedMethod(method) ||
        listed.includes(method.toUpperCase()) ||
        (!include && listed.includes('*')),
    },
    what: 'A method is looked for in Access-Control-Allow-Methods in upper case: "patch" is allowed by "PATCH", and not by "patch".',
    link: SPEC.normalizeMethod,
  },
  {
    id: 'chromium-override-headers-allowed',
    ...chromiumIn('92-108'),
    cases: ['method-override-headers'],
    asIf: { authorHeaders: unforbidden(OVERRIDES) },
    what: 'X-HTTP-Method-Override and the like with a forbidden method are not dropped but need a preflight.',
    link: SPEC.forbiddenRequestHeader,
  },
  {
    id: 'chromium-set-cookie-allowed',
    ...chromiumIn('92-103'),
    cases: ['forbidden-list-dropped/set-cookie', 'set-cookie-request-header', 'forbidden-no-preflight'],
    asIf: { authorHeaders: unforbidden(SET_COOKIE) },
    what: 'A Set-Cookie header set by script is not dropped but needs a preflight.',
    link: SPEC.forbiddenRequestHeader,
  },
  {
    id: 'chromium-streams-as-text',
    ...chromiumIn('92-103'),
    cases: ['stream-upload-nocors', 'stream-upload-forces-preflight'],
    asIf: { streams: 'text' },
    what: 'A ReadableStream as body is sent as the text that the object turns into.',
    link: SPEC.bodyExtract,
  },
  {
    id: 'chromium-redirect-keeps-authorization',
    ...chromiumIn('92-118'),
    cases: ['redir-authorization-stripped', 'redir-authorization-back-home'],
    asIf: { keepsOnRedirect: (standard, name) => standard || name === 'authorization' },
    what: 'A redirect to another origin keeps the Authorization header that script has set.',
    link: SPEC.redirectFetch,
  },
  {
    id: 'chromium-redirect-keeps-body-headers',
    ...chromiumIn('92-133'),
    cases: [
      'redir-301-302-post-to-get/*',
      'redir-302-post-json-no-second-preflight/*',
      'redir-303-put-no-second-preflight/*',
      'redirect-removed-headers-stay-away/*',
      'redirect-303-from-home/body',
    ],
    asIf: {
      keepsOnRedirect: (standard, name, { tainting }, leaves) =>
        standard || ((tainting === 'cors' || leaves) && BODY_HEADERS.has(name)),
    },
    what: 'A redirect that turns a request into a GET without a body keeps Content-Type and Content-Language, unless it leads from the own origin to the same.',
    link: SPEC.redirectFetch,
  },
  {
    id: 'chromium-no-fetch-later',
    ...chromiumIn('92-133'),
    ...exactly('chromium-no-fetch-later'),
    what: 'fetchLater() is not known.',
    link: SPEC.fetchLater,
  },
  {
    id: 'chromium-fetch-later-throws',
    ...chromiumIn('137-140'),
    ...exactly('chromium-fetch-later-throws'),
    what: 'fetchLater() throws a TypeError.',
    link: SPEC.fetchLater,
  },
  {
    id: 'chromium-425-asks-again',
    ...chromiumIn('92-143'),
    ...exactly('chromium-425-asks-again'),
    what: 'A request that is answered with 425 Too Early is sent once more.',
    link: SPEC.tooEarly,
  },
  {
    id: 'chromium-no-store-without-headers',
    ...chromiumIn('92-147'),
    cases: [
      'preflight-no-cache-headers',
      'status-null-body/*',
      'cache-nocors-then-cors/no-store',
      'cache-mode-headers-not-unsafe/no-store',
    ],
    asIf: {
      sent: (headers, { cache, initiator }) =>
        cache === 'no-store' && initiator === 'fetch' ? lacking(headers, NO_CACHE) : headers,
    },
    what: 'A request in cache mode no-store carries neither Pragma nor Cache-Control.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'chromium-event-source-without-pragma',
    ...chromiumIn('92-147'),
    cases: [
      'cred-eventsource/*',
      'es-request',
      'es-missing-acao',
      'es-status/*',
      'es-type/*',
      'es-redirect/*',
      'es-opaque-origin',
    ],
    asIf: {
      sent: headers => (isEventSource(headers) ? lacking(headers, PRAGMA) : headers),
    },
    what: 'The request of an EventSource carries Cache-Control: no-cache without Pragma.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'chromium-data-worker-inherits-origin',
    ...chromiumIn('148-149'),
    cases: ['opaque-data-worker', 'opaque-data-shared-worker', 'corp-opaque-origin/data-worker-*'],
    asIf: { asks: ({ client, ...script }) => ({ ...script, client: inheriting(client) }) },
    what: 'A worker from a data: URL has the origin of the page that made it.',
    link: chromiumSource('third_party/blink/renderer/core/workers/dedicated_worker.cc'),
  },
  {
    id: 'chromium-ranges-lenient',
    ...chromiumIn('103-152'),
    cases: ['range-unit-case', 'range-sign-ff/plus-start', 'range-sign-ff/plus-end'],
    asIf: {
      safelists: (standard, name, value) =>
        standard || (name === 'range' && value.length <= 128 && isLenientRange(value)),
    },
    what: 'Ranges are parsed leniently (unit in any case, signs), so malformed ones are safelisted.',
    link: SPEC.safelistedRequestHeader,
  },
  {
    id: 'chromium-private-network-forbidden',
    ...chromiumIn('110-149'),
    cases: ['acr-private-network-not-forbidden'],
    asIf: { authorHeaders: headers => lacking(headers, PRIVATE_NETWORK) },
    what: 'Access-Control-Request-Private-Network set by script is dropped.',
    link: CHROMIUM_PREFLIGHTS,
  },
  {
    id: 'chromium-origin-not-in-preflight-cache-key',
    ...chromiumIn('92-153'),
    cases: ['cache-key-null-origin'],
    checks: { '2.wire': 'PUT far', '2.OPTIONS far:origin': '(no such request)' },
    what: 'What a page was allowed before a tainting redirect serves its later requests, too.',
    link: CHROMIUM_PREFLIGHTS,
  },
  {
    id: 'chromium-redirected-site-forgotten',
    ...chromiumIn('92-153'),
    cases: ['redir-tainted-preflight-cross-to-page', 'redir-same-cross-same/preflighted'],
    asIf: {
      sent: (headers, request, role) =>
        isBackHome(request) && (role === 'preflight' || asksForPreflight(request))
          ? setHeader(headers, 'sec-fetch-site', 'same-origin')
          : headers,
    },
    what: 'Sec-Fetch-Site of a request that was redirected back to the origin of the page says same-origin.',
    link: SPEC.fetchMetadata,
  },
  {
    id: 'chromium-http-cache-not-split',
    ...chromiumIn('92-153'),
    // These releases are the headless shell, which keeps one HTTP cache for all sites.
    build: /release/,
    cases: ['cache-split-top-level'],
    checks: {
      '2.wire': 'nothing',
      '2.body': 'stored',
      '2.headers': 'cache-control: max-age=600\ncontent-length: 6',
    },
    what: 'The headless shell keeps one HTTP cache for all top-level sites.',
    link: SPEC.httpCachePartition,
  },
  {
    id: 'chromium-blob-range-not-satisfiable',
    ...chromiumIn('92-153'),
    cases: ['range-blob-data/blob-not-satisfiable'],
    checks: { outcome: 'readable', error: '(absent)' },
    what: 'A range outside of a Blob is answered all the same.',
    link: SPEC.schemeFetch,
  },
];
