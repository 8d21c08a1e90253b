import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acah,
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  blockedAtResponse,
  maxAge,
  PUT,
  preflighted,
  WIRE,
} from './helpers.ts';
import { LONG_MAX_AGE, putAllowed } from './preflight-cache-helpers.ts';
import { DELETE, fromPreflightCache, MAY_FORGET_EARLY, repeated, sequence } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

const watchedPost: CaseRequest = { api: 'xhr', method: 'POST', body: 'x', uploadListener: 'before-send' };

export const preflightCacheLifecycle = defineSuite({
  id: 'preflight-cache-lifecycle',
  title: 'Life cycle of the preflight cache',
  about: 'What adds a preflight response to the cache, what removes it, and what it does not replace.',
  cases: [
    repeated({
      id: 'cache-forced-preflight-entry',
      title: 'A preflight forced by an upload listener is cached for its method',
      spec: [SPEC.preflightFetch, SPEC.xhrSend],
      request: watchedPost,
      server: { preflight: answer(acao(), LONG_MAX_AGE), actual: allowed },
      times: [preflighted({ accessControlRequestMethod: 'POST' }), fromPreflightCache()],
      ...MAY_FORGET_EARLY,
    }),
    repeated({
      id: 'cache-forced-preflight-acam-other',
      title: 'A forced preflight whose response lists only other methods is not cached for its own',
      spec: [SPEC.preflightFetch, SPEC.httpFetch],
      request: watchedPost,
      server: putAllowed,
      times: [preflighted({ accessControlRequestMethod: 'POST' }), preflighted()],
      ...WIRE,
      because:
        'A POST need not be listed, but only listed methods are stored, and an upload listener makes even a safelisted method need an entry.',
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      sequence({
        id: `cache-cleared-on-failure/${api}`,
        title: `A response that fails the CORS check of ${apiName(api)} clears its preflight cache entries`,
        spec: SPEC.mainFetch,
        steps: [
          { request: { ...PUT, api }, server: putAllowed, expect: preflighted() },
          {
            request: { ...PUT, api },
            server: { ...putAllowed, actual: answer() },
            expect: blockedAtResponse({ preflight: 'not sent' }),
          },
          { request: { ...PUT, api }, server: putAllowed, expect: preflighted() },
        ],
        class: 'wire',
      }),
    ),
    sequence({
      id: 'cache-cleared-by-failed-preflight/method',
      title: 'A preflight that does not allow the method clears all cache entries for its origin and URL',
      spec: SPEC.mainFetch,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        { request: DELETE, expect: blockedAtPreflight() },
        { request: PUT, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-cleared-by-failed-preflight/status',
      title: 'A preflight answered with an error status clears all cache entries for its origin and URL',
      spec: SPEC.mainFetch,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        {
          request: DELETE,
          server: { ...putAllowed, preflight: { status: 403, headers: [acao()] } },
          expect: blockedAtPreflight(),
        },
        { request: PUT, server: putAllowed, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-not-cleared-by-simple-failure',
      title: 'A blocked request that needed no preflight clears no preflight cache entries',
      spec: SPEC.mainFetch,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        { server: { ...putAllowed, actual: answer() }, expect: blockedAtResponse() },
        { request: PUT, server: putAllowed, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-update-max-age',
      title: 'A later preflight response with Max-Age 0 for the same method ends its cache entry',
      spec: SPEC.preflightFetch,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        {
          request: { headers: [['x-a', '1']] },
          server: { preflight: answer(acao(), acam('PUT'), acah('x-a'), maxAge(0)), actual: allowed },
          expect: preflighted(),
        },
        { request: PUT, server: putAllowed, expect: preflighted() },
      ],
      class: 'wire',
    }),
    ...(['no-store', 'reload', 'no-cache'] as const).map(cache =>
      sequence({
        id: `cache-ignores-fetch-cache-mode/${cache}`,
        title: `Cache mode ${cache} does not bypass cache entries for a method`,
        spec: [SPEC.networkOrCache, SPEC.preflightCache],
        steps: [
          { request: PUT, server: putAllowed, expect: preflighted() },
          { request: { ...PUT, cache }, expect: fromPreflightCache() },
        ],
        ...MAY_FORGET_EARLY,
      }),
    ),
    sequence({
      id: 'cache-failed-preflight-not-stored/method',
      title: 'A failed preflight for a method caches nothing for the methods it listed',
      spec: SPEC.preflightFetch,
      steps: [
        {
          request: DELETE,
          server: putAllowed,
          expect: blockedAtPreflight({ accessControlRequestMethod: 'DELETE' }),
        },
        { request: PUT, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-failed-preflight-not-stored/header',
      title: 'A failed preflight for a header caches nothing for the method it listed',
      spec: SPEC.preflightFetch,
      steps: [
        {
          request: { ...PUT, headers: [['x-a', '1']] },
          server: putAllowed,
          expect: blockedAtPreflight({ accessControlRequestHeaders: 'x-a' }),
        },
        { request: PUT, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-failed-preflight-not-stored/status',
      title: 'A preflight answered with an error status caches nothing',
      spec: SPEC.preflightFetch,
      steps: [
        {
          request: PUT,
          server: { ...putAllowed, preflight: { status: 500, headers: [acao(), acam('PUT'), LONG_MAX_AGE] } },
          expect: blockedAtPreflight(),
        },
        { request: PUT, server: putAllowed, expect: preflighted() },
      ],
      class: 'wire',
    }),
    repeated({
      id: 'cache-long-url',
      title: 'A preflight response for a URL of more than 1,024 characters is cached',
      spec: SPEC.preflightCache,
      request: { ...PUT, suffix: `?${'a'.repeat(1100)}` },
      server: putAllowed,
      times: [preflighted(), fromPreflightCache()],
      ...MAY_FORGET_EARLY,
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      sequence({
        id: `cache-hit-still-checks-actual/${api}`,
        title: `A cached preflight response does not replace the CORS check of ${apiName(api)}`,
        spec: [SPEC.httpFetch, SPEC.corsCheck],
        steps: [
          { request: { ...PUT, api }, server: putAllowed, expect: preflighted() },
          {
            request: { ...PUT, api },
            server: { ...putAllowed, actual: answer() },
            expect: blockedAtResponse({ preflight: 'not sent' }),
          },
        ],
      }),
    ),
    sequence({
      id: 'cache-hit-still-checks-actual/other-origin',
      title: 'A response that allows another origin is blocked despite a cached preflight response',
      spec: [SPEC.httpFetch, SPEC.corsCheck],
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        {
          request: PUT,
          server: { ...putAllowed, actual: answer(acao('{origin:other-site}')) },
          expect: blockedAtResponse({ preflight: 'not sent' }),
        },
      ],
    }),
  ],
});
