/** Where Chromium is known to differ. */
import { asIfLines, combined, lacking } from './as-if.ts';
import type { Difference } from './compare.ts';
import {
  answered,
  answeredTwice,
  asksAsNull,
  asksLess,
  asksMore,
  bypassesCache,
  earlierFailed,
  earlierPreflights,
  endOf,
  forcedWithoutMethods,
  sendsLess,
  sendsMore,
  starForAuthorization,
} from './facts.ts';
import type { KnownDifference } from './known.ts';
import { CHROMIUM, COMBINED, LOCATIONS, NEGATIVE_MAX_AGE, STAR_AUTHORIZATION } from './sources.ts';

const USER_AGENT = new Set(['user-agent']);
const HINTS = new Set([
  'dpr',
  'save-data',
  'device-memory',
  'width',
  'viewport-width',
  'downlink',
  'rtt',
  'ect',
]);

const forced = ({ step: { request } }: Difference): boolean => request.uploadListener === 'before-send';

export const knownInChromium: readonly Omit<KnownDifference, 'engine'>[] = [
  {
    id: 'chromium-entries-combined',
    what: 'Entries of one name become one value before they are judged, and the combined value is not safelisted.',
    link: COMBINED,
    asIf: one => asIfLines(one, combined),
  },
  {
    id: 'chromium-client-hints-safelisted',
    what: 'Client hints that script sets are still safelisted.',
    link: 'https://github.com/whatwg/fetch/issues/1383',
    asIf: one => asIfLines(one, lines => lacking(lines, HINTS)),
  },
  {
    id: 'chromium-user-agent-ignored',
    what: 'A User-Agent that script sets is dropped.',
    link: 'https://issues.chromium.org/issues/40450316',
    asIf: one => asIfLines(one, lines => lacking(lines, USER_AGENT)),
  },
  {
    id: 'chromium-credentialed-subresource-url',
    what: 'fetch() does not follow a redirect to a URL with credentials, even within the own origin; XMLHttpRequest does.',
    link: 'https://chromestatus.com/feature/5669008342777856',
    explains: d =>
      d.step.request.api !== 'xhr' && sendsLess(d) && answered(d, 'actual', 'location', v => v.includes('@')),
  },
  {
    id: 'chromium-empty-location-not-followed',
    what: 'A redirect with an empty Location is shown to script as a response.',
    link: CHROMIUM.responseHeaders,
    explains: d =>
      /readable|opaque/.test(endOf(d)) && answered(d, 'actual', 'location', value => value === ''),
  },
  {
    id: 'chromium-upload-listener-needs-body',
    what: 'A listener on upload demands a preflight only where there is a body to upload.',
    link: CHROMIUM.xhr,
    explains: d => forced(d) && asksLess(d) && (d.step.request.body === undefined || isBodiless(d)),
  },
  {
    id: 'chromium-opaque-origin-not-remembered',
    what: 'What was remembered for an opaque origin (a sandboxed frame, a tainting redirect) serves no later request.',
    link: CHROMIUM.preflightController,
    explains: d => d.index > 0 && asksMore(d) && asksAsNull(d),
  },
  {
    id: 'chromium-negative-max-age-not-kept',
    what: 'A preflight answer whose Max-Age is negative is not remembered at all.',
    link: NEGATIVE_MAX_AGE,
    explains: d => asksMore(d) && answered(d, 'preflight', 'access-control-max-age', v => v.startsWith('-')),
  },
  {
    id: 'chromium-star-covers-authorization',
    what: 'A "*" in Access-Control-Allow-Headers also lets Authorization through.',
    link: STAR_AUTHORIZATION,
    explains: starForAuthorization,
  },
  {
    id: 'chromium-equal-locations-followed',
    what: 'Several Location lines are followed where they agree.',
    link: LOCATIONS,
    explains: d => sendsMore(d) && answeredTwice(d, 'actual', 'location'),
  },
  {
    id: 'chromium-forced-preflight-needs-method',
    what: 'A preflight that an upload listener forced must list a method that is not safelisted, even where Access-Control-Allow-Methods is absent.',
    link: CHROMIUM.preflightResult,
    explains: forcedWithoutMethods,
  },
  {
    id: 'chromium-cache-mode-asks-again',
    what: 'A request that goes around the HTTP cache, by its cache mode or a conditional header, goes around remembered preflights too.',
    link: CHROMIUM.preflightController,
    explains: d => d.index > 0 && asksMore(d) && bypassesCache(d),
  },
  {
    id: 'chromium-newer-answer-replaces',
    what: 'What a newer preflight answer lists takes the place of what an older one listed.',
    link: CHROMIUM.preflightController,
    explains: d => asksMore(d) && earlierPreflights(d) > 1,
  },
  {
    id: 'chromium-safelisted-method-needs-no-entry',
    what: 'A remembered answer serves every safelisted method, listed or not, even where an upload listener demands a preflight.',
    link: CHROMIUM.preflightResult,
    explains: d => forced(d) && d.index > 0 && asksLess(d),
  },
  {
    id: 'chromium-failure-clears-nothing',
    what: 'An actual response that fails its CORS check leaves the remembered answer in place.',
    link: CHROMIUM.preflightController,
    explains: d => asksLess(d) && earlierFailed(d),
  },
];

function isBodiless({ step }: Difference): boolean {
  return /^(get|head)$/i.test(step.request.method ?? 'GET');
}
