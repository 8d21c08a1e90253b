import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { acac, acah, acam, acao, allowed, answer, PUT, preflighted, spec, WIRE } from './helpers.ts';
import { LONG, put, putAllowed, withCredentials } from './preflight-cache-words.ts';
import { DELETE, EARLY_REMOVAL, fromCache, sequence, step } from './sequences.ts';

const getWith = (...names: string[]): CaseRequest => ({ headers: names.map(name => [name, '1']) });

const QUIRK = {
  class: 'disputed',
  because:
    'What is stored for "*" is not told apart by credentials mode, and the match does not look at it again. Where a preflight is answered, "*" is a literal for a request with credentials; that the cache should differ looks like an oversight.',
} as const;

export const preflightCacheEntries = defineSuite({
  id: 'preflight-cache-entries',
  title: 'What an answer to a preflight is remembered for',
  about: 'Each method and each header name that an answer lists is remembered by itself.',
  cases: [
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
