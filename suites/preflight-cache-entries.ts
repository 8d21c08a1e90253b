import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acah, acam, acao, allowed, answer, PUT, preflighted } from './helpers.ts';
import { LONG_MAX_AGE, put, putAllowed, withCredentials } from './preflight-cache-helpers.ts';
import { DELETE, fromPreflightCache, MAY_FORGET_EARLY, sequence } from './sequence-helpers.ts';

const getWith = (...names: string[]): CaseRequest => ({ headers: names.map(name => [name, '1']) });

const credentialedWith = (...names: string[]): CaseRequest => ({
  ...getWith(...names),
  credentials: 'include',
});
/** A server that allows them, and what else it says of preflights is remembered. */
const credentialed = (...allows: Parameters<typeof answer>) => ({
  preflight: answer(acao(), acac(), ...allows, LONG_MAX_AGE),
  actual: answer(acao(), acac()),
});

const QUIRK = {
  class: 'disputed',
  because:
    'A stored "*" does not record the credentials mode, and matching does not consider it either. In a preflight response, "*" is a literal for a request with credentials; that the cache differs looks like an oversight.',
} as const;

export const preflightCacheEntries = defineSuite({
  id: 'preflight-cache-entries',
  title: 'Entries of the preflight cache',
  about: 'Each method and each header name that a preflight response lists is cached separately.',
  cases: [
    sequence({
      id: 'cache-method-per-entry/listed',
      title: 'Every listed method is cached, not only the requested one',
      spec: SPEC.preflightFetch,
      steps: [
        { request: PUT, server: withCredentials, expect: preflighted() },
        { request: DELETE, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-method-per-entry/unlisted',
      title: 'A method that was not listed is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        {
          request: DELETE,
          server: { preflight: answer(acao(), acam('DELETE'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted({ accessControlRequestMethod: 'DELETE' }),
        },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-header-per-entry/unlisted',
      title: 'A header that was not listed is preflighted again',
      spec: SPEC.preflightCache,
      steps: [
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('x-a'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        {
          request: getWith('x-b'),
          server: { preflight: answer(acao(), acah('x-b'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted({ accessControlRequestHeaders: 'x-b' }),
        },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-header-per-entry/listed',
      title: 'Every listed header name is cached, whatever its case',
      spec: SPEC.preflightFetch,
      steps: [
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('X-A, X-B'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        { request: getWith('x-b'), expect: fromPreflightCache() },
        { request: getWith('X-B', 'X-A'), expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-union-of-preflights',
      title: 'A method cached from one preflight response and a header from another need no third preflight',
      spec: SPEC.preflightCache,
      steps: [
        { request: PUT, server: putAllowed, expect: preflighted() },
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('x-a'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        {
          request: { ...PUT, ...getWith('x-a') },
          server: { preflight: answer(acao(), acam('PUT'), acah('x-a'), LONG_MAX_AGE), actual: allowed },
          expect: fromPreflightCache(),
        },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-star-method',
      title: 'A cached Access-Control-Allow-Methods: * applies to other methods',
      spec: SPEC.preflightCache,
      steps: [
        {
          request: PUT,
          server: { preflight: answer(acao(), acam('*'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        { request: DELETE, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-star-header',
      title: 'A cached Access-Control-Allow-Headers: * applies to other headers',
      spec: SPEC.preflightCache,
      steps: [
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('*'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        { request: getWith('x-b'), expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-star-header-not-authorization',
      title:
        'A cached Access-Control-Allow-Headers: * does not apply to Authorization, which is preflighted again',
      spec: [SPEC.preflightCache, SPEC.nonWildcardName],
      steps: [
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('*'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        {
          request: getWith('authorization'),
          server: { preflight: answer(acao(), acah('authorization'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted({ accessControlRequestHeaders: 'authorization' }),
        },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-star-beside-name',
      title: 'A method that is listed after "*" is remembered for a request with credentials',
      spec: [SPEC.preflightFetch, SPEC.preflightCache],
      steps: [
        { request: put('include'), server: credentialed(acam('*, PUT')), expect: preflighted() },
        { request: put('include'), server: withCredentials, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    sequence({
      id: 'cache-star-credentialed-quirk',
      title: 'By the letter of the Standard, "*" for methods is cached as a wildcard even with credentials',
      spec: [SPEC.preflightFetch, SPEC.preflightCache],
      steps: [
        {
          request: put('include'),
          server: credentialed(acam('PUT, *')),
          expect: preflighted(),
        },
        {
          request: { ...DELETE, credentials: 'include' },
          server: withCredentials,
          expect: fromPreflightCache(),
        },
      ],
      ...QUIRK,
    }),
    sequence({
      id: 'cache-star-credentialed-quirk/downgrade',
      title: 'A "*" for methods that is cached with credentials is a wildcard for requests without',
      spec: [SPEC.preflightFetch, SPEC.preflightCache],
      steps: [
        {
          request: put('include'),
          server: credentialed(acam('PUT, *')),
          expect: preflighted(),
        },
        { request: DELETE, server: withCredentials, expect: fromPreflightCache() },
      ],
      ...QUIRK,
    }),
    sequence({
      id: 'cache-star-header-credentialed-quirk/downgrade',
      title: 'A "*" for headers that is cached with credentials is a wildcard for requests without',
      spec: [SPEC.preflightFetch, SPEC.preflightCache],
      steps: [
        {
          request: credentialedWith('x-a'),
          server: credentialed(acah('x-a, *')),
          expect: preflighted(),
        },
        {
          request: getWith('x-b'),
          server: { preflight: answer(acao(), acah('x-b'), LONG_MAX_AGE), actual: allowed },
          expect: fromPreflightCache(),
        },
      ],
      ...QUIRK,
    }),
    sequence({
      id: 'cache-star-header-credentialed-quirk',
      title: 'By the letter of the Standard, "*" for headers is cached as a wildcard even with credentials',
      spec: [SPEC.preflightFetch, SPEC.preflightCache],
      steps: [
        {
          request: credentialedWith('x-a'),
          server: credentialed(acah('x-a, *')),
          expect: preflighted(),
        },
        {
          request: credentialedWith('x-b'),
          server: credentialed(acah('x-b')),
          expect: fromPreflightCache(),
        },
      ],
      ...QUIRK,
    }),
    sequence({
      id: 'cache-safelisted-method-no-entry',
      title: 'A cached header name applies to every method that need not be listed',
      spec: [SPEC.httpFetch, SPEC.preflightCache],
      steps: [
        {
          request: getWith('x-a'),
          server: { preflight: answer(acao(), acah('x-a'), LONG_MAX_AGE), actual: allowed },
          expect: preflighted(),
        },
        { request: { ...getWith('x-a'), method: 'HEAD' }, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
  ],
});
