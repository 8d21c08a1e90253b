import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import {
  acah,
  acam,
  acao,
  allowed,
  answer,
  blocked,
  maxAge,
  PUT,
  preflighted,
  refused,
  spec,
  WIRE,
} from './helpers.ts';
import { LONG, putAllowed } from './preflight-cache-words.ts';
import { DELETE, EARLY_REMOVAL, fromCache, repeated, sequence, step } from './sequences.ts';

const watchedPost: CaseRequest = { api: 'xhr', method: 'POST', body: 'x', uploadListener: 'before-send' };

export const preflightCacheLifecycle = defineSuite({
  id: 'preflight-cache-lifecycle',
  title: 'How remembered answers come and go',
  about: 'What stores an answer to a preflight, what removes it, and what it does not replace.',
  cases: [
    repeated(
      'cache-forced-preflight-entry',
      'A preflight that an upload listener forced is remembered for its method',
      [spec.preflightFetch, spec.xhrSend],
      watchedPost,
      { preflight: answer(acao(), LONG), actual: allowed },
      [preflighted({ accessControlRequestMethod: 'POST' }), fromCache()],
      EARLY_REMOVAL,
    ),
    repeated(
      'cache-forced-preflight-acam-other',
      'A forced preflight whose answer lists other methods is not remembered for its own',
      [spec.preflightFetch, spec.httpFetch],
      watchedPost,
      putAllowed,
      [preflighted({ accessControlRequestMethod: 'POST' }), preflighted()],
      {
        ...WIRE,
        because:
          'POST needs no listing to pass, but only what is listed is stored, and a listener makes even a safelisted method look for its entry.',
      },
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      sequence(
        `cache-cleared-on-failure/${api}`,
        `An actual ${api} response that fails its CORS check makes the engine ask again`,
        spec.mainFetch,
        [
          step({ ...PUT, api }, putAllowed, preflighted()),
          step({ ...PUT, api }, { ...putAllowed, actual: answer() }, blocked({ preflight: 'not sent' })),
          step({ ...PUT, api }, putAllowed, preflighted()),
        ],
        WIRE,
      ),
    ),
    sequence(
      'cache-cleared-by-failed-preflight/method',
      'A refused preflight makes the engine forget all it knew for that origin and URL',
      spec.mainFetch,
      [
        step(PUT, putAllowed, preflighted()),
        step(DELETE, undefined, refused()),
        step(PUT, undefined, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-cleared-by-failed-preflight/status',
      'A preflight answered with an error makes the engine forget all it knew for that origin and URL',
      spec.mainFetch,
      [
        step(PUT, putAllowed, preflighted()),
        step(DELETE, { ...putAllowed, preflight: { status: 403, headers: [acao()] } }, refused()),
        step(PUT, putAllowed, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-not-cleared-by-simple-failure',
      'A blocked request that needed no preflight removes nothing that is remembered',
      spec.mainFetch,
      [
        step(PUT, putAllowed, preflighted()),
        step({}, { ...putAllowed, actual: answer() }, blocked()),
        step(PUT, putAllowed, fromCache()),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-update-max-age',
      'A later answer that lists the same method with Max-Age 0 ends what was remembered',
      spec.preflightFetch,
      [
        step(PUT, putAllowed, preflighted()),
        step(
          { headers: [['x-a', '1']] },
          { preflight: answer(acao(), acam('PUT'), acah('x-a'), maxAge(0)), actual: allowed },
          preflighted(),
        ),
        step(PUT, putAllowed, preflighted()),
      ],
      WIRE,
    ),
    ...(['no-store', 'reload', 'no-cache'] as const).map(cache =>
      sequence(
        `cache-ignores-fetch-cache-mode/${cache}`,
        `Cache mode ${cache} is about the HTTP cache, not about preflights`,
        [spec.networkOrCache, spec.preflightCache],
        [step(PUT, putAllowed, preflighted()), step({ ...PUT, cache }, undefined, fromCache())],
        EARLY_REMOVAL,
      ),
    ),
    sequence(
      'cache-failed-preflight-not-stored/method',
      'A preflight that refused the method leaves nothing behind for the methods it listed',
      spec.preflightFetch,
      [
        step(DELETE, putAllowed, refused({ accessControlRequestMethod: 'DELETE' })),
        step(PUT, undefined, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-failed-preflight-not-stored/header',
      'A preflight that refused a header leaves nothing behind for the method it listed',
      spec.preflightFetch,
      [
        step(
          { ...PUT, headers: [['x-a', '1']] },
          putAllowed,
          refused({ accessControlRequestHeaders: 'x-a' }),
        ),
        step(PUT, undefined, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-failed-preflight-not-stored/status',
      'A preflight answered with an error leaves nothing behind',
      spec.preflightFetch,
      [
        step(
          PUT,
          { ...putAllowed, preflight: { status: 500, headers: [acao(), acam('PUT'), LONG] } },
          refused(),
        ),
        step(PUT, putAllowed, preflighted()),
      ],
      WIRE,
    ),
    repeated(
      'cache-long-url',
      'The answer for a URL of more than 1,024 characters is remembered too',
      spec.preflightCache,
      { ...PUT, suffix: `?${'a'.repeat(1100)}` },
      putAllowed,
      [preflighted(), fromCache()],
      EARLY_REMOVAL,
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      sequence(
        `cache-hit-still-checks-actual/${api}`,
        `A remembered answer does not replace the CORS check of the ${api} response itself`,
        [spec.httpFetch, spec.corsCheck],
        [
          step({ ...PUT, api }, putAllowed, preflighted()),
          step({ ...PUT, api }, { ...putAllowed, actual: answer() }, blocked({ preflight: 'not sent' })),
        ],
      ),
    ),
    sequence(
      'cache-hit-still-checks-actual/other-origin',
      'A remembered answer does not help where the actual response names another origin',
      [spec.httpFetch, spec.corsCheck],
      [
        step(PUT, putAllowed, preflighted()),
        step(
          PUT,
          { ...putAllowed, actual: answer(acao('{origin:other-site}')) },
          blocked({ preflight: 'not sent' }),
        ),
      ],
    ),
  ],
});
