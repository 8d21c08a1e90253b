import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  at,
  maxAge,
  preflighted,
  readable,
  spec,
} from './helpers.ts';
import { DELETE, EARLY_REMOVAL, fromCache, PUT, sequence, step } from './sequences.ts';

const LONG = maxAge(600);
const WIRE = { class: 'wire' } as const;

/** Answers that let PUT through and may be remembered. */
const putAllowed = { preflight: answer(acao(), acam('PUT'), LONG), actual: allowed };

/** The same for requests with and without credentials. */
const withCredentials = {
  preflight: answer(acao(), acac(), acam('PUT, DELETE'), LONG),
  actual: answer(acao(), acac()),
};

const put = (credentials: NonNullable<CaseRequest['credentials']>): CaseRequest => ({ ...PUT, credentials });
const getWith = (...names: string[]): CaseRequest => ({ headers: names.map(name => [name, '1']) });

/** The origin that a preflight after a tainting redirect speaks for. */
const NULL_ORIGIN = { preflightHeaders: { origin: 'null' }, requestHeaders: { origin: 'null' } };

const QUIRK = {
  class: 'disputed',
  because:
    'What is stored for "*" is not told apart by credentials mode, and the match does not look at it again. Where a preflight is answered, "*" is a literal for a request with credentials; that the cache should differ looks like an oversight.',
} as const;

export const preflightCacheKeys = defineSuite({
  id: 'preflight-cache-keys',
  title: 'What an answer to a preflight is remembered for',
  about:
    'URL, origin, partition, credentials, method and header name decide whether an answer is found again.',
  cases: [
    sequence(
      'cache-key-url/query',
      'An answer is remembered for one URL; another query asks again',
      spec.preflightCache,
      [
        step(PUT, putAllowed, preflighted()),
        step({ ...PUT, suffix: '?a' }, undefined, preflighted()),
        step(PUT, undefined, fromCache()),
      ],
      WIRE,
    ),
    sequence(
      'cache-key-url/path',
      'An answer is remembered for one URL; another path of the same server asks again',
      spec.preflightCache,
      [
        step(PUT, { ...putAllowed, resources: { other: putAllowed } }, preflighted()),
        step({ ...PUT, to: 'other' }, undefined, readable({ wire: ['OPTIONS other', 'PUT other'] })),
      ],
      WIRE,
    ),
    sequence(
      'cache-key-url/host',
      'An answer of one host says nothing about the same path on another',
      spec.preflightCache,
      [
        step(PUT, putAllowed, preflighted()),
        step({ ...PUT, url: '{origin:ipv4-target}{path}' }, undefined, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-key-fragment',
      'The fragment is part of the URL that an answer is remembered for',
      spec.preflightCache,
      [
        step({ ...PUT, suffix: '?a' }, putAllowed, preflighted()),
        step({ ...PUT, suffix: '?a' }, undefined, fromCache()),
        step({ ...PUT, suffix: '?a#f' }, undefined, preflighted()),
      ],
      {
        ...WIRE,
        because:
          'A cache entry matches where its URL is the request’s current URL, and URLs are compared with their fragments unless it says otherwise.',
      },
    ),
    sequence(
      'cache-key-origin',
      'An answer given to one origin is not used for another',
      spec.preflightCache,
      [
        step(PUT, putAllowed, preflighted({ preflightHeaders: { origin: '{origin:site}' } })),
        step(PUT, undefined, preflighted({ preflightHeaders: { origin: '{origin:other-site}' } }), {
          page: 'other-site',
        }),
        step(PUT, undefined, fromCache()),
      ],
      WIRE,
    ),
    sequence(
      'cache-key-null-origin',
      'An answer given to "Origin: null" after a redirect is not used for the page’s own origin',
      [spec.preflightCache, spec.redirectFetch],
      [
        step(
          PUT,
          {
            preflight: answer(acao(), acam('PUT')),
            actual: { status: 307, headers: [acao(), ['Location', '{url:far}']] },
            resources: {
              far: at('other-target', {
                preflight: answer(acao('*'), acam('PUT'), LONG),
                actual: answer(acao('*')),
              }),
            },
          },
          readable({
            wire: ['OPTIONS', 'PUT', 'OPTIONS far', 'PUT far'],
            requestHeadersAt: { 'OPTIONS far': { origin: 'null' }, 'PUT far': { origin: 'null' } },
          }),
        ),
        step({ ...PUT, to: 'far' }, undefined, {
          outcome: 'readable',
          wire: ['OPTIONS far', 'PUT far'],
          requestHeadersAt: { 'OPTIONS far': { origin: '{origin}' } },
        }),
      ],
      WIRE,
    ),
    sequence(
      'cache-null-shared',
      'Two opaque origins in one page are both "null" and share what is remembered',
      spec.preflightCache,
      [
        step(
          PUT,
          { preflight: answer(acao('null'), acam('PUT'), LONG), actual: answer(acao('null')) },
          preflighted(NULL_ORIGIN),
          { realm: 'sandboxed-frame' },
        ),
        step(PUT, undefined, fromCache({ requestHeaders: { origin: 'null' } }), { realm: 'data-frame' }),
      ],
      {
        class: 'may',
        because:
          'An entry is found by the serialized origin, which is "null" for both; but a user agent may forget early, and may partition further than by site.',
      },
    ),
    sequence(
      'cache-partition-top-level',
      'An answer given to a frame under one site is not used for the same frame under another site',
      [spec.preflightCache, 'https://fetch.spec.whatwg.org/#network-partition-keys'],
      [
        step(PUT, putAllowed, preflighted(), { frame: 'ipv4-site' }),
        step(PUT, undefined, preflighted(), { frame: 'ipv4-site', page: 'cross-site' }),
      ],
      WIRE,
    ),
    sequence(
      'cache-partition-top-level/same',
      'An answer given to a frame is remembered for that frame',
      [spec.preflightCache, 'https://fetch.spec.whatwg.org/#network-partition-keys'],
      [
        step(PUT, putAllowed, preflighted(), { frame: 'ipv4-site' }),
        step(PUT, undefined, fromCache(), { frame: 'ipv4-site' }),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-credentials-upgrade/fetch',
      'An answer to a request without credentials is not used for one with credentials',
      spec.preflightCache,
      [step(put('omit'), withCredentials, preflighted()), step(put('include'), undefined, preflighted())],
      WIRE,
    ),
    sequence(
      'cache-credentials-upgrade/xhr',
      'An answer to an XHR without credentials is not used for one with credentials',
      spec.preflightCache,
      [
        step({ ...PUT, api: 'xhr' }, withCredentials, preflighted()),
        step({ ...PUT, api: 'xhr', withCredentials: true }, undefined, preflighted()),
      ],
      WIRE,
    ),
    sequence(
      'cache-credentials-downgrade',
      'An answer to a request with credentials also serves one without',
      spec.preflightCache,
      [step(put('include'), withCredentials, preflighted()), step(put('omit'), undefined, fromCache())],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-omit-vs-same-origin',
      'Credentials modes omit and same-origin share what is remembered',
      spec.preflightCache,
      [step(put('omit'), withCredentials, preflighted()), step(put('same-origin'), undefined, fromCache())],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-method-per-entry/listed',
      'Every method that an answer lists is remembered, not only the one asked for',
      spec.preflightFetch,
      [step(PUT, withCredentials, preflighted()), step(DELETE, undefined, fromCache())],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-method-per-entry/unlisted',
      'A method that no answer has listed asks again',
      spec.preflightCache,
      [
        step(PUT, putAllowed, preflighted()),
        step(
          DELETE,
          { preflight: answer(acao(), acam('DELETE'), LONG), actual: allowed },
          preflighted({ accessControlRequestMethod: 'DELETE' }),
        ),
      ],
      WIRE,
    ),
    sequence(
      'cache-header-per-entry/unlisted',
      'A header name that no answer has listed asks again',
      spec.preflightCache,
      [
        step(
          getWith('x-a'),
          { preflight: answer(acao(), acah('x-a'), LONG), actual: allowed },
          preflighted(),
        ),
        step(
          getWith('x-b'),
          { preflight: answer(acao(), acah('x-b'), LONG), actual: allowed },
          preflighted({ accessControlRequestHeaders: 'x-b' }),
        ),
      ],
      WIRE,
    ),
    sequence(
      'cache-header-per-entry/listed',
      'Every header name that an answer lists is remembered, whatever its case',
      spec.preflightFetch,
      [
        step(
          getWith('x-a'),
          { preflight: answer(acao(), acah('X-A, X-B'), LONG), actual: allowed },
          preflighted(),
        ),
        step(getWith('x-b'), undefined, fromCache()),
        step(getWith('X-B', 'X-A'), undefined, fromCache()),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-union-of-preflights',
      'What several answers allowed adds up: a method of one with a header of another',
      spec.preflightCache,
      [
        step(PUT, putAllowed, preflighted()),
        step(
          getWith('x-a'),
          { preflight: answer(acao(), acah('x-a'), LONG), actual: allowed },
          preflighted(),
        ),
        step(
          { ...PUT, ...getWith('x-a') },
          { preflight: answer(acao(), acam('PUT'), acah('x-a'), LONG), actual: allowed },
          fromCache(),
        ),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-star-method',
      'A remembered "*" in Access-Control-Allow-Methods stands for every method',
      spec.preflightCache,
      [
        step(PUT, { preflight: answer(acao(), acam('*'), LONG), actual: allowed }, preflighted()),
        step(DELETE, undefined, fromCache()),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-star-header',
      'A remembered "*" in Access-Control-Allow-Headers stands for other names too',
      spec.preflightCache,
      [
        step(getWith('x-a'), { preflight: answer(acao(), acah('*'), LONG), actual: allowed }, preflighted()),
        step(getWith('x-b'), undefined, fromCache()),
      ],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-star-header-not-authorization',
      'A remembered "*" does not stand for Authorization: the engine asks again',
      [spec.preflightCache, 'https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name'],
      [
        step(getWith('x-a'), { preflight: answer(acao(), acah('*'), LONG), actual: allowed }, preflighted()),
        step(
          getWith('authorization'),
          { preflight: answer(acao(), acah('authorization'), LONG), actual: allowed },
          preflighted({ accessControlRequestHeaders: 'authorization' }),
        ),
      ],
      WIRE,
    ),
    sequence(
      'cache-star-credentialed-quirk',
      'By the letter, a "*" that was listed to a request with credentials is remembered as a wildcard',
      [spec.preflightFetch, spec.preflightCache],
      [
        step(
          put('include'),
          { preflight: answer(acao(), acac(), acam('PUT, *'), LONG), actual: answer(acao(), acac()) },
          preflighted(),
        ),
        step({ ...DELETE, credentials: 'include' }, withCredentials, fromCache()),
      ],
      QUIRK,
    ),
    sequence(
      'cache-star-header-credentialed-quirk',
      'By the letter, a "*" among the headers listed to a request with credentials is remembered as a wildcard',
      [spec.preflightFetch, spec.preflightCache],
      [
        step(
          { ...getWith('x-a'), credentials: 'include' },
          { preflight: answer(acao(), acac(), acah('x-a, *'), LONG), actual: answer(acao(), acac()) },
          preflighted(),
        ),
        step(
          { ...getWith('x-b'), credentials: 'include' },
          { preflight: answer(acao(), acac(), acah('x-b'), LONG), actual: answer(acao(), acac()) },
          fromCache(),
        ),
      ],
      QUIRK,
    ),
    sequence(
      'cache-safelisted-method-no-entry',
      'A remembered header name serves every method that needs no listing',
      [spec.httpFetch, spec.preflightCache],
      [
        step(
          getWith('x-a'),
          { preflight: answer(acao(), acah('x-a'), LONG), actual: allowed },
          preflighted(),
        ),
        step({ ...getWith('x-a'), method: 'HEAD' }, undefined, fromCache()),
      ],
      EARLY_REMOVAL,
    ),
  ],
});
