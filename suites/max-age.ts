import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, allowed, answer, maxAge, PUT, preflighted } from './helpers.ts';
import { fromPreflightCache, MAY_FORGET_EARLY, repeated } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

/** The Max-Age lines of a preflight that allows PUT. */
const putFor = (...lines: [string, string][]) => ({
  preflight: answer(acao(), acam('PUT'), ...lines),
  actual: allowed,
});

/** Values that are no delta-seconds, so that the default of five seconds holds. */
const MALFORMED: [row: string, variant: string, what: string, lines: [string, string][]][] = [
  ['maxage-blank', '', 'An empty Max-Age', [maxAge('')]],
  ['maxage-nonnumeric', 'word-', 'A Max-Age that is a word', [maxAge('foo')]],
  ['maxage-nonnumeric', 'decimal-', 'A Max-Age with decimals', [maxAge('600.5')]],
  ['maxage-nonnumeric', 'quoted-', 'A Max-Age in quotes', [maxAge('"600"')]],
  ['maxage-nonnumeric', 'parameter-', 'A Max-Age with a parameter', [maxAge('600;x')]],
  ['maxage-dup-lines', 'two-lines-', 'A Max-Age on two lines', [maxAge(600), maxAge(600)]],
  ['maxage-dup-lines', 'list-', 'A Max-Age that is a list', [maxAge('600, 600')]],
  ['maxage-plus', '', 'A Max-Age with a plus sign', [maxAge('+600')]],
];

const malformed: Case[] = MALFORMED.flatMap(([row, variant, what, lines]) => [
  repeated({
    id: `${row}/${variant}kept`,
    title: `${what} is malformed and falls back to the default of five seconds, not to zero`,
    spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
    request: PUT,
    server: putFor(...lines),
    times: [preflighted(), fromPreflightCache()],
    ...MAY_FORGET_EARLY,
  }),
  repeated({
    id: `${row}/${variant}expires`,
    title: `${what} is malformed and caches nothing beyond the default of five seconds`,
    spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
    request: PUT,
    server: putFor(...lines),
    times: [preflighted(), { wait: 5500 }, preflighted()],
    class: 'wire',
  }),
]);

/** How long an engine keeps what it may keep for a day: one case per time to wait. */
const CAPS: [variant: string, what: string, minutes: number][] = [
  ['5-minutes', '5 minutes', 5],
  ['9-minutes', '9 minutes', 9],
  ['11-minutes', '11 minutes', 11],
  ['30-minutes', '30 minutes', 30],
  ['1-hour', '1 hour', 60],
  ['110-minutes', '110 minutes', 110],
  ['130-minutes', '130 minutes', 130],
  ['6-hours', '6 hours', 360],
  ['23-hours', '23 hours', 1380],
  ['25-hours', '25 hours', 1500],
];

const caps: Case[] = CAPS.map(([variant, what, minutes]) => ({
  ...repeated({
    id: `maxage-cap/${variant}`,
    title: `A preflight response with a Max-Age of two days is still cached after ${what}`,
    spec: SPEC.preflightFetch,
    request: PUT,
    server: putFor(maxAge(172_800)),
    times: [preflighted(), { wait: minutes * 60_000 }, fromPreflightCache()],
    class: 'may',
    because: 'A user agent may limit max-age; this measures whether its limit is below that time.',
  }),
  slow: true,
}));

export const maxAges = defineSuite({
  id: 'max-age',
  title: 'Access-Control-Max-Age',
  about: 'How long a preflight response is cached. The waits are real.',
  cases: [
    repeated({
      id: 'maxage-absent-default-5/kept',
      title: 'Without Access-Control-Max-Age, a preflight response is cached briefly',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: putFor(),
      times: [preflighted(), fromPreflightCache()],
      ...MAY_FORGET_EARLY,
    }),
    repeated({
      id: 'maxage-default-expires',
      title: 'Without Access-Control-Max-Age, a preflight response expires after five seconds',
      spec: SPEC.preflightCache,
      request: PUT,
      server: putFor(),
      times: [preflighted(), { wait: 5500 }, preflighted()],
      class: 'wire',
    }),
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      repeated({
        id: `maxage-zero/${api}`,
        title: `Access-Control-Max-Age: 0 makes every request of ${apiName(api)} preflight again`,
        spec: SPEC.preflightFetch,
        request: { ...PUT, api },
        server: putFor(maxAge(0)),
        times: [preflighted(), preflighted(), preflighted()],
        class: 'wire',
      }),
      repeated({
        id: `maxage-positive/${api}`,
        title: `Within Max-Age, ${apiName(api)} does not preflight again`,
        spec: SPEC.preflightCache,
        request: { ...PUT, api },
        server: putFor(maxAge(600)),
        times: [preflighted(), fromPreflightCache(), fromPreflightCache()],
        ...MAY_FORGET_EARLY,
      }),
      repeated({
        id: `maxage-expiry/${api}`,
        title: `After Max-Age, ${apiName(api)} preflights again`,
        spec: SPEC.preflightCache,
        request: { ...PUT, api },
        server: putFor(maxAge(4)),
        times: [preflighted(), fromPreflightCache(), { wait: 4600 }, preflighted()],
        class: 'wire',
      }),
    ]),
    {
      ...repeated({
        id: 'maxage-expiry/safelisted',
        title: 'After Max-Age, a POST that an upload listener has preflighted is preflighted again',
        spec: [SPEC.preflightCache, SPEC.httpFetch],
        request: { api: 'xhr', method: 'POST', uploadListener: 'before-send', body: 'x' },
        // The answer comes after the preflight's has expired.
        server: {
          preflight: answer(acao(), acam('POST'), maxAge(1)),
          actual: { ...allowed, delayMs: 1500 },
        },
        times: [preflighted(), preflighted()],
        class: 'wire',
      }),
      alone: true,
    },
    repeated({
      id: 'maxage-negative',
      title: 'A negative Max-Age is malformed and falls back to the default of five seconds',
      spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
      request: PUT,
      server: putFor(maxAge(-1)),
      times: [preflighted(), fromPreflightCache()],
      class: 'disputed',
      because:
        'The grammar of delta-seconds has no sign, so the value cannot be extracted and max-age is 5. The web platform test cors/preflight-cache.htm expects that nothing is stored.',
      links: ['https://github.com/web-platform-tests/wpt/blob/master/cors/preflight-cache.htm'],
    }),
    ...malformed,
    repeated({
      id: 'maxage-leading-zero-huge/leading-zero',
      title: 'A Max-Age with leading zeros is valid: two seconds, not the default of five',
      spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
      request: PUT,
      server: putFor(maxAge('002')),
      times: [preflighted(), { wait: 2500 }, preflighted()],
      class: 'wire',
    }),
    repeated({
      id: 'maxage-leading-zero-huge/huge',
      title: 'A Max-Age too large for any integer type still caches the preflight response',
      spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
      request: PUT,
      server: putFor(maxAge('10000000000000000000000')),
      times: [preflighted(), fromPreflightCache()],
      ...MAY_FORGET_EARLY,
    }),
    repeated({
      id: 'maxage-expiry/padded',
      title: 'A Max-Age with outer spaces and tabs is valid: two seconds, not the default of five',
      spec: [SPEC.preflightFetch, SPEC.newHeaderSyntax],
      request: PUT,
      server: putFor(maxAge(' \t2\t ')),
      times: [preflighted(), { wait: 2500 }, preflighted()],
      class: 'wire',
    }),
    repeated({
      id: 'maxage-absent-default-5/on-actual-ignored',
      title: 'Access-Control-Max-Age on the actual response is ignored',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: { preflight: answer(acao(), acam('PUT')), actual: answer(acao(), maxAge(600)) },
      times: [preflighted(), { wait: 5500 }, preflighted()],
      class: 'wire',
    }),
    ...caps,
  ],
});
