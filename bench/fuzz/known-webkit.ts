/** Where WebKit (WebKitGTK) is known to differ. */
import { asIfLines, combined } from './as-if.ts';
import type { Difference } from './compare.ts';
import {
  answered,
  answeredTwice,
  asksLess,
  asksMore,
  earlier,
  earlierFailed,
  earlierPreflights,
  endOf,
  forcedWithoutMethods,
  includes,
  methodOf,
  only,
  redirects,
  sendsLess,
  sendsMore,
  starForAuthorization,
  startsAtHome,
  wireOf,
} from './facts.ts';
import type { KnownDifference } from './known.ts';
import { COMBINED, NEGATIVE_MAX_AGE, STAR_AUTHORIZATION, WEBKIT } from './sources.ts';

const NOT_ASCII = /[\x80-\xff]/;

export const knownInWebKit: readonly Omit<KnownDifference, 'engine'>[] = [
  {
    id: 'webkit-entries-combined',
    what: 'Entries of one name become one value before they are judged, and the combined value is not safelisted.',
    link: COMBINED,
    asIf: one => asIfLines(one, combined),
  },
  {
    id: 'webkit-range-lenient',
    what: 'Ranges are read leniently (unit in any case, signs, trailing control characters) and so are safelisted.',
    link: WEBKIT.parsers,
    asIf: one =>
      asIfLines(one, lines =>
        lines.map(([name, value]) => [
          name,
          name.toLowerCase() === 'range' ? value.replace(/^bytes/i, 'bytes') : value,
        ]),
      ),
  },
  {
    id: 'webkit-header-bytes-replaced',
    what: 'Bytes of a header value that are not UTF-8 are replaced before script sees them.',
    link: WEBKIT.soupResponse,
    explains: d => only(d, 'readable:*') && d.failed.every(({ expected }) => NOT_ASCII.test(expected)),
  },
  {
    id: 'webkit-preflight-outlives-its-reason',
    what: 'A request that was preflighted once is preflighted again after a redirect that removed the reason for it, and asks for the headers that script set at first.',
    link: WEBKIT.loadChecker,
    explains: d => redirects(d) && asksMore(d),
  },
  {
    id: 'webkit-redirect-after-leaving-needs-credentials',
    what: 'A request in credentials mode same-origin that a redirect led to a foreign origin is held to the rules for credentials when that origin redirects again: without Access-Control-Allow-Credentials it is blocked.',
    link: WEBKIT.resourceLoader,
    explains: d =>
      startsAtHome(d) &&
      (d.step.request.credentials ?? 'same-origin') === 'same-origin' &&
      !includes(d.step.request) &&
      redirects(d) &&
      sendsLess(d),
  },
  {
    id: 'webkitgtk-empty-location-error',
    what: 'A redirect with an empty Location is not followed and ends in a network error.',
    link: WEBKIT.soupTask,
    explains: d => /blocked|error/.test(endOf(d)) && answered(d, 'actual', 'location', value => value === ''),
  },
  {
    id: 'webkitgtk-first-location-wins',
    what: 'Of two different Location lines the first is followed.',
    link: WEBKIT.soupTask,
    explains: d => sendsMore(d) && answeredTwice(d, 'actual', 'location'),
  },
  {
    id: 'webkit-star-covers-authorization',
    what: 'A "*" in Access-Control-Allow-Headers also lets Authorization through.',
    link: STAR_AUTHORIZATION,
    explains: starForAuthorization,
  },
  {
    id: 'webkit-forced-preflight-needs-method',
    what: 'A preflight that an upload listener forced must list a method that is not safelisted, even where Access-Control-Allow-Methods is absent.',
    link: WEBKIT.cache,
    explains: forcedWithoutMethods,
  },
  {
    id: 'webkit-safelisted-method-needs-no-entry',
    what: 'A remembered answer serves every safelisted method, listed or not, even where an upload listener demands a preflight.',
    link: WEBKIT.cache,
    explains: d => d.step.request.uploadListener === 'before-send' && d.index > 0 && asksLess(d),
  },
  {
    id: 'webkitgtk-cross-origin-delete-becomes-get',
    what: 'A redirect that leads a DELETE to another origin makes it a GET, whatever the status.',
    link: WEBKIT.soupTask,
    explains: d => redirects(d) && methodOf(d) === 'DELETE' && getsInstead(d),
  },
  {
    id: 'webkit-negative-max-age-not-kept',
    what: 'A preflight answer whose Max-Age is negative is not remembered at all.',
    link: NEGATIVE_MAX_AGE,
    explains: d => asksMore(d) && answered(d, 'preflight', 'access-control-max-age', v => v.startsWith('-')),
  },
  {
    id: 'webkit-newer-answer-replaces',
    what: 'What a newer preflight answer lists takes the place of what an older one listed.',
    link: WEBKIT.cache,
    explains: d => asksMore(d) && earlierPreflights(d) > 1,
  },
  {
    id: 'webkit-refusal-stored',
    what: 'An answer that refuses the request is remembered all the same for what it lists.',
    link: WEBKIT.access,
    explains: d => asksLess(d) && earlier(d).some(({ expect }) => expect.blockedAt === 'preflight'),
  },
  {
    id: 'webkit-failure-clears-nothing',
    what: 'An actual response that fails its CORS check leaves the remembered answer in place.',
    link: WEBKIT.cache,
    explains: d => asksLess(d) && earlierFailed(d),
  },
];

/** After a redirect, the engine sends GET, or asks to, where the model does not. */
function getsInstead(difference: Difference): boolean {
  const { model, engine } = wireOf(difference);
  const gets = (wire: readonly string[]) => wire.filter(name => name.startsWith('GET ')).length;
  const asks = difference.failed.some(
    ({ id, observed }) => id === 'access-control-request-method' && observed === 'GET',
  );
  return asks || gets(engine) > gets(model);
}
