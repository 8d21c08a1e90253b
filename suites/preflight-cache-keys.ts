import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, answer, PUT, preflighted, readable, resourceAt, WIRE } from './helpers.ts';
import { LONG_MAX_AGE, put, putAllowed, withCredentials } from './preflight-cache-helpers.ts';
import { fromPreflightCache, MAY_FORGET_EARLY, sequence } from './sequence-helpers.ts';

/** The origin that a preflight after a tainting redirect speaks for. */
const NULL_ORIGIN = { preflightHeaders: { origin: 'null' }, requestHeaders: { origin: 'null' } };

export const preflightCacheKeys = defineSuite({
  id: 'preflight-cache-keys',
  title: 'Keys of the preflight cache',
  about: 'URL, origin, network partition and credentials decide whether a cached preflight response applies.',
  cases: [
    sequence({
      id: 'cache-key-url/query',
      title: 'A preflight response is cached for one URL: another query is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        { request: { ...PUT, suffix: '?a' }, expect: preflighted() },
        { request: PUT, expect: fromPreflightCache() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-key-url/path',
      title:
        'A preflight response is cached for one URL: another path of the same server is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        { request: PUT, server: { ...putAllowed, resources: { other: putAllowed } }, expect: preflighted() },
        { request: { ...PUT, to: 'other' }, expect: readable({ wire: ['OPTIONS other', 'PUT other'] }) },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-key-url/host',
      title: 'A preflight response is cached for one host: the same path on another is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        { request: { ...PUT, url: '{origin:ipv4-target}{path}' }, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-key-fragment',
      title:
        'A preflight response is cached for the URL with its fragment: another fragment is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        { request: { ...PUT, suffix: '?a' }, server: putAllowed, expect: preflighted() },
        { request: { ...PUT, suffix: '?a' }, expect: fromPreflightCache() },
        { request: { ...PUT, suffix: '?a#f' }, expect: preflighted() },
      ],
      ...WIRE,
      because:
        "A cache entry matches if its URL is the request's current URL, and URLs are compared with their fragments by default.",
    }),
    sequence({
      id: 'cache-key-origin',
      title: 'A preflight response cached for one origin does not apply to another',
      spec: SPEC.preflightCache,
      steps: [
        {
          request: PUT,
          server: putAllowed,
          expect: preflighted({ preflightHeaders: { origin: '{origin:site}' } }),
        },
        {
          request: PUT,
          expect: preflighted({ preflightHeaders: { origin: '{origin:other-site}' } }),
          page: 'other-site',
        },
        { request: PUT, expect: fromPreflightCache() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-key-null-origin',
      title:
        "A preflight response cached for Origin: null after a redirect does not apply to the page's origin",
      spec: [SPEC.preflightCache, SPEC.redirectFetch],
      steps: [
        {
          request: PUT,
          server: {
            preflight: answer(acao(), acam('PUT')),
            actual: { status: 307, headers: [acao(), ['Location', '{url:far}']] },
            resources: {
              far: resourceAt('other-target', {
                preflight: answer(acao('*'), acam('PUT'), LONG_MAX_AGE),
                actual: answer(acao('*')),
              }),
            },
          },
          expect: readable({
            wire: ['OPTIONS', 'PUT', 'OPTIONS far', 'PUT far'],
            requestHeadersAt: { 'OPTIONS far': { origin: 'null' }, 'PUT far': { origin: 'null' } },
          }),
        },
        {
          request: { ...PUT, to: 'far' },
          expect: {
            outcome: 'readable',
            wire: ['OPTIONS far', 'PUT far'],
            requestHeadersAt: { 'OPTIONS far': { origin: '{origin}' } },
          },
        },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-null-shared',
      title: 'Two opaque origins in one page share cached preflight responses, as both send Origin: null',
      spec: SPEC.preflightCache,
      steps: [
        {
          request: PUT,
          server: {
            preflight: answer(acao('null'), acam('PUT'), LONG_MAX_AGE),
            actual: answer(acao('null')),
          },
          expect: preflighted(NULL_ORIGIN),
          realm: 'sandboxed-frame',
        },
        {
          request: PUT,
          expect: fromPreflightCache({ requestHeaders: { origin: 'null' } }),
          realm: 'data-frame',
        },
      ],
      class: 'may',
      because:
        'Entries are matched by the serialized origin, which is "null" for both; but a user agent may remove entries early, and may partition further than by site.',
    }),
    sequence({
      id: 'cache-partition-top-level',
      title:
        'A preflight response cached for a frame under one site does not apply to the frame under another',
      spec: [SPEC.preflightCache, SPEC.networkPartitionKey],
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted(), frame: 'ipv4-site' },
        { request: PUT, expect: preflighted(), frame: 'ipv4-site', page: 'cross-site' },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-partition-top-level/same',
      title: 'A preflight response cached for a frame applies to its next request',
      spec: [SPEC.preflightCache, SPEC.networkPartitionKey],
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted(), frame: 'ipv4-site' },
        { request: PUT, expect: fromPreflightCache(), frame: 'ipv4-site' },
      ],
      ...MAY_FORGET_EARLY,
    }),
    ...(
      [
        ['page-first', 'the page', { page: 'other-site' }, { frame: 'other-site' }],
        ['frame-first', 'the frame', { frame: 'other-site' }, { page: 'other-site' }],
      ] as const
    ).map(([variant, first, before, after]) =>
      sequence({
        id: `cache-frame-of-same-site/${variant}`,
        title: `A page and a frame of its origin share cached preflight responses within a site: ${first} first`,
        spec: [SPEC.preflightCache, SPEC.networkPartitionKey],
        steps: [
          { request: PUT, server: putAllowed, expect: preflighted(), ...before },
          { request: PUT, expect: fromPreflightCache(), ...after },
        ],
        ...MAY_FORGET_EARLY,
      }),
    ),
    sequence({
      id: 'cache-credentials-upgrade/fetch',
      title: 'A preflight response cached without credentials does not apply to fetch() with credentials',
      spec: SPEC.preflightCache,
      steps: [
        { request: put('omit'), server: withCredentials, expect: preflighted() },
        { request: put('include'), expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-credentials-upgrade/xhr',
      title:
        'A preflight response cached without credentials does not apply to XMLHttpRequest with credentials',
      spec: SPEC.preflightCache,
      steps: [
        { request: { ...PUT, api: 'xhr' }, server: withCredentials, expect: preflighted() },
        { request: { ...PUT, api: 'xhr', withCredentials: true }, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-credentials-downgrade',
      title: 'A preflight response cached with credentials applies to a request without',
      spec: SPEC.preflightCache,
      steps: [
        { request: put('include'), server: withCredentials, expect: preflighted() },
        { request: put('omit'), expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-omit-vs-same-origin',
      title: 'Credentials modes omit and same-origin share cached preflight responses',
      spec: SPEC.preflightCache,
      steps: [
        { request: put('omit'), server: withCredentials, expect: preflighted() },
        { request: put('same-origin'), expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
  ],
});
