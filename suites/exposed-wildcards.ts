import { defineSuite } from '../harness/case/define.ts';
import { acac, acao, aceh, answer, INCLUDE, one, readable, spec } from './helpers.ts';

/** Headers of every kind, to be exposed by a wildcard. */
const RESPONSE: [string, string][] = [
  ['X-A', 'a'],
  ['ETag', '"1"'],
  ['Authorization', 'none'],
  ['Set-Cookie', 'n{nonce}=1; Path={path}'],
  ['Set-Cookie2', 'n{nonce}=2'],
];

const TIMING = 'https://w3c.github.io/resource-timing/#sec-timing-allow-origin';

const NO_TIMING = { notModelled: 'Resource Timing is not part of the model.' } as const;

export const exposedWildcards = defineSuite({
  id: 'exposed-wildcards',
  title: 'Wildcards in what a response exposes',
  about:
    'Where "*" in Access-Control-Expose-Headers exposes anything, and what Timing-Allow-Origin has to do with it.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one(
        `aceh-star/${api}`,
        `"*" exposes every header but Set-Cookie to a ${api} request without credentials`,
        [spec.mainFetch, spec.newHeaderSyntax],
        { api },
        answer(acao(), ...RESPONSE, aceh('*')),
        readable({
          readable: {
            'x-a': 'a',
            etag: '"1"',
            authorization: 'none',
            'access-control-allow-origin': '{origin}',
            'access-control-expose-headers': '*',
          },
          hidden: ['set-cookie', 'set-cookie2'],
        }),
      ),
      one(
        `aceh-star-creds/${api}`,
        `With credentials "*" exposes to ${api} only a header that is called "*"`,
        [spec.mainFetch, spec.newHeaderSyntax],
        { api, ...(api === 'xhr' ? { withCredentials: true } : INCLUDE) },
        answer(acao(), acac(), ...RESPONSE, ['*', 'star'], aceh('*')),
        readable({
          readable: { '*': 'star' },
          hidden: ['x-a', 'etag', 'authorization', 'set-cookie', 'access-control-allow-origin'],
        }),
      ),
    ]),
    one(
      'aceh-star-creds/listed-beside',
      'With credentials what is listed beside "*" is exposed, and nothing else',
      [spec.mainFetch, spec.newHeaderSyntax],
      INCLUDE,
      answer(acao(), acac(), ...RESPONSE, aceh('*, x-a')),
      readable({ readable: { 'x-a': 'a' }, hidden: ['etag'] }),
    ),
    ...[
      ['forbidden-first', 'set-cookie, *'],
      ['last', 'x-q, *'],
      ['first', '*, x-q'],
    ].map(([variant, list]) =>
      one(
        `aceh-star-in-list/${variant}`,
        `"*" in the list "${list}" exposes the others too`,
        [spec.mainFetch, spec.newHeaderSyntax],
        {},
        answer(acao(), ...RESPONSE, aceh(list as string)),
        readable({ readable: { 'x-a': 'a', etag: '"1"' }, hidden: ['set-cookie', 'set-cookie2'] }),
      ),
    ),
    one(
      'tao-star-vs-acao/blocked',
      'Timing-Allow-Origin does not let the page read a response',
      [spec.corsCheck, TIMING],
      {},
      answer(['Timing-Allow-Origin', '*']),
      { outcome: 'blocked', blockedAt: 'response' },
    ),
    one(
      'tao-star-vs-acao/no-cors-timing',
      'Timing-Allow-Origin shows the timing of a response that the page may not read',
      TIMING,
      { mode: 'no-cors', reads: 'timing' },
      answer(['Timing-Allow-Origin', '*']),
      { outcome: 'opaque', result: 'timing shown' },
      NO_TIMING,
    ),
    one(
      'tao-star-vs-acao/cors-no-timing',
      'Access-Control-Allow-Origin does not show the timing of a response',
      TIMING,
      { reads: 'timing' },
      answer(acao('*')),
      readable({ result: 'timing hidden' }),
      NO_TIMING,
    ),
  ],
});
