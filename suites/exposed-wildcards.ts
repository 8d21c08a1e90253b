import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acao, aceh, answer, INCLUDE, one, readable, ruledBy } from './helpers.ts';
import { apiName } from './title-helpers.ts';

/** Headers of every kind, to be exposed by a wildcard. */
const RESPONSE: [string, string][] = [
  ['X-A', 'a'],
  ['ETag', '"1"'],
  ['Authorization', 'none'],
  ['Set-Cookie', 'n{nonce}=1; Path={path}'],
  ['Set-Cookie2', 'n{nonce}=2'],
];

const NO_TIMING = { notModelled: 'The model has no Resource Timing.' } as const;

export const exposedWildcards = defineSuite({
  id: 'exposed-wildcards',
  title: 'Wildcards in what a response exposes',
  about: 'When "*" in Access-Control-Expose-Headers is a wildcard, and what Timing-Allow-Origin is for.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one({
        id: `aceh-star/${api}`,
        title: `Access-Control-Expose-Headers: * exposes all headers except Set-Cookie to ${apiName(api)}`,
        spec: [SPEC.mainFetch, SPEC.newHeaderSyntax],
        request: { api },
        server: answer(acao(), ...RESPONSE, aceh('*')),
        expect: readable({
          readable: {
            'x-a': 'a',
            etag: '"1"',
            authorization: 'none',
            'access-control-allow-origin': '{origin}',
            'access-control-expose-headers': '*',
          },
          hidden: ['set-cookie', 'set-cookie2'],
        }),
      }),
      one({
        id: `aceh-star-creds/${api}`,
        title: `With credentials, Access-Control-Expose-Headers: * exposes only a header named "*" to ${apiName(api)}`,
        spec: [SPEC.mainFetch, SPEC.newHeaderSyntax],
        request: { api, ...(api === 'xhr' ? { withCredentials: true } : INCLUDE) },
        server: answer(acao(), acac(), ...RESPONSE, ['*', 'star'], aceh('*')),
        expect: readable({
          readable: { '*': 'star' },
          hidden: ['x-a', 'etag', 'authorization', 'set-cookie', 'access-control-allow-origin'],
        }),
      }),
    ]),
    one({
      id: 'aceh-star-creds/listed-beside',
      title: 'With credentials, only the headers listed along with "*" are exposed',
      spec: [SPEC.mainFetch, SPEC.newHeaderSyntax],
      request: INCLUDE,
      server: answer(acao(), acac(), ...RESPONSE, aceh('*, x-a')),
      expect: readable({ readable: { 'x-a': 'a' }, hidden: ['etag'] }),
    }),
    ...[
      ['forbidden-first', 'set-cookie, *'],
      ['last', 'x-q, *'],
      ['first', '*, x-q'],
    ].map(([variant, list]) =>
      one({
        id: `aceh-star-in-list/${variant}`,
        title: `Access-Control-Expose-Headers: ${list} exposes other headers too`,
        spec: [SPEC.mainFetch, SPEC.newHeaderSyntax],
        server: answer(acao(), ...RESPONSE, aceh(list as string)),
        expect: readable({ readable: { 'x-a': 'a', etag: '"1"' }, hidden: ['set-cookie', 'set-cookie2'] }),
      }),
    ),
    one({
      id: 'tao-star-vs-acao/blocked',
      title: 'A response with Timing-Allow-Origin but no Access-Control-Allow-Origin is blocked',
      spec: [SPEC.corsCheck, SPEC.timingAllowOrigin],
      server: answer(['Timing-Allow-Origin', '*']),
      expect: { outcome: 'blocked', blockedAt: 'response' },
    }),
    one({
      id: 'tao-star-vs-acao/no-cors-timing',
      title: 'Timing-Allow-Origin exposes the timing of an opaque response',
      spec: SPEC.timingAllowOrigin,
      ...ruledBy('Resource Timing'),
      request: { mode: 'no-cors', reads: 'timing' },
      server: answer(['Timing-Allow-Origin', '*']),
      expect: { outcome: 'opaque', result: 'timing shown' },
      ...NO_TIMING,
    }),
    one({
      id: 'tao-star-vs-acao/cors-no-timing',
      title: 'Access-Control-Allow-Origin does not expose the timing of a response',
      spec: SPEC.timingAllowOrigin,
      ...ruledBy('Resource Timing'),
      request: { reads: 'timing' },
      server: answer(acao('*')),
      expect: readable({ result: 'timing hidden' }),
      ...NO_TIMING,
    }),
  ],
});
