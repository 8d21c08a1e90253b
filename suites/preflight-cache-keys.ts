import { defineSuite } from '../harness/case/define.ts';
import { acam, acao, answer, at, PUT, preflighted, readable, spec, WIRE } from './helpers.ts';
import { LONG, put, putAllowed, withCredentials } from './preflight-cache-words.ts';
import { EARLY_REMOVAL, fromCache, sequence, step } from './sequences.ts';

/** The origin that a preflight after a tainting redirect speaks for. */
const NULL_ORIGIN = { preflightHeaders: { origin: 'null' }, requestHeaders: { origin: 'null' } };

export const preflightCacheKeys = defineSuite({
  id: 'preflight-cache-keys',
  title: 'For whom an answer to a preflight is remembered',
  about: 'URL, origin, partition and credentials decide whether an answer is found again.',
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
  ],
});
