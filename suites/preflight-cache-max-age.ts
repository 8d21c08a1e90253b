import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { acam, acao, allowed, answer, maxAge, PUT, preflighted, spec } from './helpers.ts';
import { EARLY_REMOVAL, fromCache, repeated } from './sequences.ts';

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
  repeated(
    `${row}/${variant}kept`,
    `${what} is malformed and means the default of five seconds, not zero`,
    [spec.preflightFetch, spec.newHeaderSyntax],
    PUT,
    putFor(...lines),
    [preflighted(), fromCache()],
    EARLY_REMOVAL,
  ),
  repeated(
    `${row}/${variant}expires`,
    `${what} is malformed and keeps nothing beyond the default of five seconds`,
    [spec.preflightFetch, spec.newHeaderSyntax],
    PUT,
    putFor(...lines),
    [preflighted(), { wait: 5500 }, preflighted()],
    { class: 'wire' },
  ),
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
  ...repeated(
    `maxage-cap/${variant}`,
    `An answer to a preflight that may be kept for two days is still kept after ${what}`,
    spec.preflightFetch,
    PUT,
    putFor(maxAge(172_800)),
    [preflighted(), { wait: minutes * 60_000 }, fromCache()],
    {
      class: 'may',
      because: 'A user agent may impose a limit on max-age; this measures whether it lies below that time.',
    },
  ),
  slow: true,
}));

export const preflightCacheMaxAge = defineSuite({
  id: 'max-age',
  title: 'Access-Control-Max-Age',
  about: 'For how long the answer to a preflight is remembered. The waits are real.',
  cases: [
    repeated(
      'maxage-absent-default-5/kept',
      'Without Max-Age the answer to a preflight is remembered for a moment',
      spec.preflightFetch,
      PUT,
      putFor(),
      [preflighted(), fromCache()],
      EARLY_REMOVAL,
    ),
    repeated(
      'maxage-default-expires',
      'Without Max-Age the answer to a preflight is forgotten after five seconds',
      spec.preflightCache,
      PUT,
      putFor(),
      [preflighted(), { wait: 5500 }, preflighted()],
      { class: 'wire' },
    ),
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      repeated(
        `maxage-zero/${api}`,
        `Max-Age 0 makes every ${api} request ask again`,
        spec.preflightFetch,
        { ...PUT, api },
        putFor(maxAge(0)),
        [preflighted(), preflighted(), preflighted()],
        { class: 'wire' },
      ),
      repeated(
        `maxage-positive/${api}`,
        `Within Max-Age a ${api} request does not ask again`,
        spec.preflightCache,
        { ...PUT, api },
        putFor(maxAge(600)),
        [preflighted(), fromCache(), fromCache()],
        EARLY_REMOVAL,
      ),
      repeated(
        `maxage-expiry/${api}`,
        `After Max-Age a ${api} request asks again`,
        spec.preflightCache,
        { ...PUT, api },
        putFor(maxAge(4)),
        [preflighted(), fromCache(), { wait: 4600 }, preflighted()],
        { class: 'wire' },
      ),
    ]),
    repeated(
      'maxage-negative',
      'A negative Max-Age is malformed and means the default of five seconds',
      [spec.preflightFetch, spec.newHeaderSyntax],
      PUT,
      putFor(maxAge(-1)),
      [preflighted(), fromCache()],
      {
        class: 'disputed',
        because:
          'delta-seconds knows no sign, so the value cannot be extracted and max-age is 5. The shared web-platform test cors/preflight-cache.htm expects that nothing is stored.',
        links: ['https://github.com/web-platform-tests/wpt/blob/master/cors/preflight-cache.htm'],
      },
    ),
    ...malformed,
    repeated(
      'maxage-leading-zero-huge/leading-zero',
      'A Max-Age with leading zeros is a number like any other: two seconds, not the default of five',
      [spec.preflightFetch, spec.newHeaderSyntax],
      PUT,
      putFor(maxAge('002')),
      [preflighted(), { wait: 2500 }, preflighted()],
      { class: 'wire' },
    ),
    repeated(
      'maxage-leading-zero-huge/huge',
      'A Max-Age beyond every integer type is a time, not none',
      [spec.preflightFetch, spec.newHeaderSyntax],
      PUT,
      putFor(maxAge('10000000000000000000000')),
      [preflighted(), fromCache()],
      EARLY_REMOVAL,
    ),
    repeated(
      'maxage-expiry/padded',
      'Spaces and tabs around Max-Age do not count: two seconds, not the default of five',
      [spec.preflightFetch, spec.newHeaderSyntax],
      PUT,
      putFor(maxAge(' \t2\t ')),
      [preflighted(), { wait: 2500 }, preflighted()],
      { class: 'wire' },
    ),
    repeated(
      'maxage-absent-default-5/on-actual-ignored',
      'A Max-Age on the actual response prolongs nothing',
      spec.preflightFetch,
      PUT,
      { preflight: answer(acao(), acam('PUT')), actual: answer(acao(), maxAge(600)) },
      [preflighted(), { wait: 5500 }, preflighted()],
      { class: 'wire' },
    ),
    ...caps,
  ],
});
