/** Where Firefox is known to differ. */
import { asIfAnswers, asIfLines, combined } from './as-if.ts';
import {
  answered,
  answeredTwice,
  asksLess,
  asksMore,
  asksUnderRealOrigin,
  bypassesCache,
  earlier,
  forcedWithoutMethods,
  includes,
  methodOf,
  only,
  redirects,
  sendsMore,
  starForAuthorization,
} from './facts.ts';
import type { KnownDifference } from './known.ts';
import { FIREFOX, LOCATIONS, STAR_AUTHORIZATION } from './sources.ts';

/** Headers whose values are judged byte by byte. */
const UNSAFE_BYTES = /^(accept|content-type)$/i;
const NOT_ASCII = /[\x80-\xff]/;
const DELTA_SECONDS = /^[ \t]*[0-9]+[ \t]*$/;

export const knownInFirefox: readonly Omit<KnownDifference, 'engine'>[] = [
  {
    id: 'firefox-nonascii-unsafe',
    what: 'Bytes from 0x80 on count as CORS-unsafe.',
    link: FIREFOX.utils,
    asIf: one =>
      asIfLines(one, lines =>
        lines.map(([name, value]) => [name, UNSAFE_BYTES.test(name) && NOT_ASCII.test(value) ? '(' : value]),
      ),
  },
  {
    id: 'firefox-content-type-comma-unsafe',
    what: 'A Content-Type with a comma in it is not safelisted, whatever its type.',
    link: FIREFOX.utils,
    asIf: one =>
      asIfLines(one, (lines, { api }) =>
        (api === 'xhr' ? combined(lines) : lines).map(([name, value]) => [
          name,
          name.toLowerCase() === 'content-type' && value.includes(',') ? '(' : value,
        ]),
      ),
  },
  {
    id: 'firefox-repeated-names',
    what: 'A header that was set twice is asked for twice.',
    link: FIREFOX.cors,
    explains: d =>
      only(d, 'access-control-request-headers') &&
      d.failed.every(({ expected, observed }) => [...new Set(observed.split(','))].join() === expected),
  },
  {
    id: 'firefox-content-type-joined-bare',
    what: 'Two Content-Type lines are joined by a comma without the space after it.',
    link: FIREFOX.headers,
    explains: d => only(d, 'readable:content-type') && answeredTwice(d, 'actual', 'content-type'),
  },
  {
    id: 'firefox-tainted-preflight-real-origin',
    what: "The preflight after a tainting redirect carries the page's real Origin; only the request after it says null.",
    link: FIREFOX.cors,
    explains: d => redirects(d) && asksUnderRealOrigin(d),
  },
  {
    id: 'firefox-preflight-outlives-its-reason',
    what: 'A request that was preflighted once is preflighted again after a redirect that removed the reason for it.',
    link: FIREFOX.channel,
    explains: d => redirects(d) && asksMore(d),
  },
  {
    id: 'firefox-invalid-max-age-not-kept',
    what: 'A preflight answer whose Max-Age is malformed is not remembered at all.',
    link: FIREFOX.cors,
    explains: d =>
      d.index > 0 &&
      asksMore(d) &&
      answered(d, 'preflight', 'access-control-max-age', v => !DELTA_SECONDS.test(v)),
  },
  {
    id: 'firefox-cache-by-credentials',
    what: 'What was remembered of a preflight for a request with credentials does not serve one without.',
    link: FIREFOX.cors,
    explains: d =>
      !includes(d.step.request) && asksMore(d) && earlier(d).some(({ request }) => includes(request)),
  },
  {
    id: 'firefox-forced-preflight-needs-method',
    what: 'A preflight that an upload listener forced must list a method that is not safelisted, even where Access-Control-Allow-Methods is absent.',
    link: FIREFOX.cors,
    explains: forcedWithoutMethods,
  },
  {
    id: 'firefox-star-covers-authorization',
    what: 'A "*" in Access-Control-Allow-Headers also lets Authorization through.',
    link: STAR_AUTHORIZATION,
    explains: starForAuthorization,
  },
  {
    id: 'firefox-equal-locations-followed',
    what: 'Several Location lines are followed where they agree.',
    link: LOCATIONS,
    explains: d => sendsMore(d) && answeredTwice(d, 'actual', 'location'),
  },
  {
    id: 'firefox-cache-mode-asks-again',
    what: 'A request that goes around the HTTP cache, by its cache mode or a conditional header, goes around remembered preflights too.',
    link: FIREFOX.cors,
    explains: d => d.index > 0 && asksMore(d) && bypassesCache(d),
  },
  {
    id: 'firefox-head-needs-entry',
    what: 'A remembered answer serves a HEAD request only where it lists HEAD, as if that method were not safelisted.',
    link: FIREFOX.cors,
    explains: d => d.index > 0 && asksMore(d) && methodOf(d) === 'HEAD',
  },
  {
    id: 'firefox-star-not-remembered',
    what: 'What a "*" in a preflight answer allows is asked for again.',
    link: FIREFOX.cors,
    explains: d =>
      d.index > 0 &&
      asksMore(d) &&
      ['methods', 'headers'].some(what =>
        answered(d, 'preflight', `access-control-allow-${what}`, v => v.includes('*')),
      ),
  },
  {
    id: 'firefox-redirect-error-clears-nothing',
    what: 'A failure that is the redirect mode’s doing leaves the remembered answer in place.',
    link: FIREFOX.channel,
    explains: d =>
      asksLess(d) &&
      earlier(d).some(({ request, expect }) => request.redirect === 'error' && expect.outcome === 'error'),
  },
  {
    id: 'firefox-safelisted-method-needs-no-entry',
    what: 'A remembered answer serves every safelisted method, listed or not, even where an upload listener demands a preflight.',
    link: FIREFOX.cors,
    explains: d => d.step.request.uploadListener === 'before-send' && d.index > 0 && asksLess(d),
  },
  {
    id: 'firefox-expose-star-before-bad-token',
    what: 'Access-Control-Expose-Headers is read only as far as its "*": a bad name after it does not make the list void.',
    link: FIREFOX.domHeaders,
    explains: d =>
      only(d, 'readable:*', 'all-headers') &&
      answered(d, 'actual', 'access-control-expose-headers', value => value.includes('*')),
  },
  {
    id: 'firefox-empty-line-dropped',
    what: 'An empty header line is dropped beside another line of the same name.',
    link: FIREFOX.headers,
    asIf: one =>
      asIfAnswers(one, lines =>
        lines.filter(([name, value], at) => !mayBeEmpty(value) || !lines.some(otherOf(name, at))),
      ),
  },
];

/** A request to the own origin has no Origin header to answer with. */
const mayBeEmpty = (value: string): boolean => value.trim() === '' || value === '{request:origin}';

/** Another line of the name, with a value or first. */
const otherOf =
  (name: string, at: number) =>
  ([other, value]: [string, string], n: number): boolean =>
    n !== at && (n < at || !mayBeEmpty(value)) && other.toLowerCase() === name.toLowerCase();
