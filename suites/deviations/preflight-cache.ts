/** Known deviations of the suites about Max-Age and the CORS-preflight cache. */
import type { Quirks } from '../../harness/standard/quirks.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import {
  CHROMIUM_PREFLIGHTS,
  chromiumSource,
  FIREFOX_CORS,
  firefoxSource,
  WEBKIT_ACCESS,
  WEBKIT_PREFLIGHT_CACHE,
} from './sources.ts';
import { chromium, firefox, webkit } from './versions.ts';

const CHROMIUM_RESULT = chromiumSource('services/network/cors/preflight_result.cc');

/** A web-platform test expects this of a negative Max-Age. */
const NEGATIVE_MAX_AGE = 'https://github.com/web-platform-tests/wpt/blob/master/cors/preflight-cache.htm';

const DELTA_SECONDS = /^[0-9]+$/;

/** A value that begins with a plus sign counts as if it had none. */
const plusIgnored: Quirks['maxAge'] = (standard, lines) => {
  const digits = lines.length === 1 ? /^\+([0-9]+)$/.exec(lines[0] as string)?.[1] : undefined;
  return digits === undefined ? standard : Number(digits);
};

/** A negative value is not remembered at all. */
const negativeForgotten: Quirks['maxAge'] = (standard, lines) =>
  lines.length === 1 && /^-[0-9]+$/.test(lines[0] as string) ? null : standard;

export const preflightCacheDeviations: readonly Deviation[] = [
  {
    id: 'chromium-max-age-plus',
    ...chromium,
    cases: ['maxage-plus/expires'],
    asIf: { maxAge: plusIgnored },
    what: 'A plus sign in Access-Control-Max-Age is accepted, as a general integer parser reads the value.',
    link: CHROMIUM_RESULT,
  },
  {
    id: 'webkit-max-age-plus',
    ...webkit,
    cases: ['maxage-plus/expires'],
    asIf: { maxAge: plusIgnored },
    what: 'A plus sign in Access-Control-Max-Age is accepted.',
    link: WEBKIT_PREFLIGHT_CACHE,
  },
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-negative-max-age-not-kept`,
      ...seen,
      cases: ['maxage-negative'],
      asIf: { maxAge: negativeForgotten },
      what: 'A preflight answer with a negative Max-Age is not remembered at all.',
      link: NEGATIVE_MAX_AGE,
    }),
  ),
  {
    id: 'firefox-invalid-max-age-not-kept',
    ...firefox,
    cases: ['maxage-negative', 'maxage-nonnumeric/*-kept'],
    asIf: {
      maxAge: (standard, lines) =>
        /[^, ]/.test(lines.join(', ')) && !DELTA_SECONDS.test(lines.join(', ')) ? null : standard,
    },
    what: 'A preflight answer with a malformed Max-Age is not remembered at all.',
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-max-age-zero-updates-nothing',
    ...firefox,
    cases: ['cache-update-max-age'],
    asIf: { maxAge: standard => standard || null },
    what: 'A preflight answer with Max-Age 0 is ignored, so it does not shorten what an earlier one set.',
    link: FIREFOX_CORS,
  },
  {
    id: 'webkit-cached-star-authorization',
    ...webkit,
    cases: ['cache-star-header-not-authorization'],
    asIf: { cachedStarCoversAuthorization: true },
    what: 'A cached "*" in Access-Control-Allow-Headers applies to Authorization, which is not preflighted again.',
    link: 'https://github.com/whatwg/fetch/issues/1919',
  },
  ...[
    { ...chromium, link: CHROMIUM_RESULT },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-safelisted-method-needs-no-entry`,
      ...seen,
      cases: ['cache-forced-preflight-acam-other'],
      asIf: { anyAnswerServesSafelisted: true },
      what: 'A remembered answer serves every safelisted method, listed or not, even if an upload listener demands a preflight.',
      link,
    }),
  ),
  {
    id: 'firefox-safelisted-method-needs-no-entry',
    ...firefox,
    cases: ['cache-forced-preflight-acam-other', 'maxage-expiry/safelisted'],
    asIf: { anyAnswerServesSafelisted: 'even expired' },
    what: 'A remembered answer serves every safelisted method, listed or not, even if an upload listener demands a preflight, and even once it has expired, unless the answers to others have taken its place.',
    link: FIREFOX_CORS,
  },
  ...[
    { ...chromium, link: CHROMIUM_PREFLIGHTS },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-failure-clears-nothing`,
      ...seen,
      cases: ['cache-cleared-on-failure', 'cache-cleared-by-redirect-error'],
      asIf: { clearsPreflightCache: () => false },
      what: 'A request that ends in a network error, whatever the reason, leaves the remembered preflight answer in place.',
      link,
    }),
  ),
  {
    id: 'firefox-redirect-error-clears-nothing',
    ...firefox,
    cases: ['cache-cleared-by-redirect-error'],
    asIf: { clearsPreflightCache: (standard, end) => standard && !end.byRedirectMode },
    what: 'A request that fails because its redirect mode is error leaves the remembered preflight answer in place.',
    link: firefoxSource('netwerk/protocol/http/HttpBaseChannel.cpp'),
  },
  {
    id: 'firefox-simple-failure-clears',
    ...firefox,
    cases: ['cache-not-cleared-by-simple-failure'],
    asIf: {
      clearsPreflightCache: (standard, end) =>
        standard || (end.failed && !end.preflighted && !end.byRedirectMode),
    },
    what: 'A failed request that needs no preflight clears what is remembered for its URL too.',
    link: FIREFOX_CORS,
  },
  {
    id: 'webkit-refusal-stored',
    ...webkit,
    cases: ['cache-failed-preflight-not-stored/*', 'cache-cleared-by-failed-preflight/method'],
    asIf: { storesRefusals: true, clearsPreflightCache: (standard, end) => standard && !end.atPreflight },
    what: 'A preflight answer that refuses the request is remembered for what it lists.',
    link: WEBKIT_ACCESS,
  },
  ...[
    { ...chromium, link: CHROMIUM_PREFLIGHTS },
    { ...webkit, link: WEBKIT_PREFLIGHT_CACHE },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-newer-answer-replaces`,
      ...seen,
      cases: ['cache-union-of-preflights'],
      asIf: { forgetsOnPreflight: true },
      what: 'A request that what is remembered does not cover makes all of it forgotten: the answer to the new preflight takes its place.',
      link,
    }),
  ),
  {
    id: 'chromium-credentialed-star-not-remembered',
    ...chromium,
    cases: ['cache-star-credentialed-quirk*', 'cache-star-header-credentialed-quirk*'],
    asIf: { starsAreNames: 'from credentialed' },
    what: 'A "*" in the answer to a preflight for a request with credentials is remembered as a name, not as a wildcard.',
    link: CHROMIUM_RESULT,
  },
  {
    id: 'webkit-remembered-star-without-credentials',
    ...webkit,
    cases: ['cache-star-credentialed-quirk', 'cache-star-header-credentialed-quirk'],
    asIf: { starsAreNames: 'for credentialed' },
    what: 'A remembered "*" is a name, not a wildcard, for later requests with credentials; for those without it is a wildcard, even from the answer to a preflight for a request with credentials.',
    link: WEBKIT_PREFLIGHT_CACHE,
  },
  {
    id: 'chromium-opaque-origin-not-remembered',
    ...chromium,
    cases: ['cache-null-shared', 'redir-preflight-cache-per-hop'],
    asIf: { forgetsOpaqueOrigins: 'all' },
    what: 'What was remembered for an opaque origin (a sandboxed frame, a tainting redirect) serves no later request.',
    link: CHROMIUM_PREFLIGHTS,
  },
  {
    id: 'webkit-preflights-by-top-level-origin',
    ...webkit,
    cases: ['cache-frame-of-same-site/*'],
    asIf: { preflightPartition: (_, { topLevelOrigin, origin }) => topLevelOrigin ?? origin },
    what: 'What was remembered in a page serves no frame of the same origin in a page of another origin, even of the same site.',
    link: WEBKIT_PREFLIGHT_CACHE,
  },
  {
    id: 'webkit-opaque-origins-apart',
    ...webkit,
    cases: ['cache-null-shared', 'redir-preflight-cache-per-hop'],
    asIf: { forgetsOpaqueOrigins: 'tainted' },
    what: 'What was remembered for an opaque origin serves the same document alone, and nobody if a redirect made it opaque.',
    link: WEBKIT_PREFLIGHT_CACHE,
  },
  {
    id: 'chromium-cache-mode-asks-again',
    ...chromium,
    cases: ['cache-ignores-fetch-cache-mode/*'],
    asIf: {
      bypassesPreflightCache: (_, request) =>
        ['no-store', 'reload', 'no-cache'].includes(request.cache) ||
        (request.client.global !== 'worker' && isConditional(request.headers)),
    },
    what: 'A request that goes around the HTTP cache, by its cache mode or a conditional header, goes around remembered preflights too.',
    link: CHROMIUM_PREFLIGHTS,
  },
  {
    id: 'firefox-cache-mode-asks-again',
    ...firefox,
    cases: ['cache-ignores-fetch-cache-mode/*'],
    asIf: {
      bypassesPreflightCache: (_, request) =>
        ['no-store', 'reload'].includes(request.cache) ||
        (request.initiator === 'fetch' && request.cache === 'default' && isConditional(request.headers)),
    },
    what: 'A fetch() that goes around the HTTP cache, by cache mode no-store or reload or a conditional header, goes around remembered preflights too.',
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-cache-by-credentials',
    ...firefox,
    cases: ['cache-credentials-downgrade'],
    asIf: { remembersByCredentials: true },
    what: 'A preflight that was remembered for a request with credentials does not serve one without.',
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-head-needs-entry',
    ...firefox,
    cases: ['cache-safelisted-method-no-entry', 'cache-serves-head'],
    asIf: { headNeedsEntry: true },
    what: 'A remembered answer serves a HEAD request only if it lists HEAD, as if that method were not safelisted.',
    link: FIREFOX_CORS,
  },
  {
    id: 'firefox-star-not-remembered',
    ...firefox,
    cases: ['cache-star-method', 'cache-star-header'],
    asIf: { starsAreNames: 'all' },
    what: 'What a "*" in a preflight answer allows is asked for again.',
    link: FIREFOX_CORS,
  },
];

const CONDITIONAL = /^if-(?:modified-since|none-match|unmodified-since|match|range)$/i;
const isConditional = (headers: readonly (readonly [string, string])[]): boolean =>
  headers.some(([name]) => CONDITIONAL.test(name));
