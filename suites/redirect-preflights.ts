/** Preflights along a chain of redirects: each hop that needs one is asked, under the origin it is told. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acah, acam, acao, answer, blockedAtPreflight, maxAge, one, readable } from './helpers.ts';
import {
  acaoReflected,
  onPageOrigin,
  onTarget,
  onThirdOrigin,
  REDIRECT_STATUSES,
  reachedHop2,
  redirect,
} from './redirect-helpers.ts';

const allHeaders = (origin: string) => answer(acao(origin), acam('PUT'), acah('x-a'));

const preflights = [
  ...REDIRECT_STATUSES.filter(status => status !== 303).map(status =>
    one({
      id: `redir-preflight-then-redirect/${status}`,
      title: `A PUT answered ${status} is preflighted at both origins`,
      spec: [SPEC.redirectFetch, SPEC.mainFetch],
      request: { method: 'PUT', body: 'x' },
      server: {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', status, acao()),
        resources: {
          hop2: onThirdOrigin({ preflight: allHeaders('{request:origin}'), actual: answer(acaoReflected) }),
        },
      },
      expect: readable({ ...reachedHop2, wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'] }),
    }),
  ),
  one({
    id: 'redir-same-cross-same/preflighted',
    title:
      "A preflighted request without credentials follows a redirect that leaves the page's origin and returns",
    spec: [SPEC.redirectFetch, SPEC.corsCheck],
    request: { headers: [['X-A', '1']] },
    server: {
      actual: redirect('hop2', 302),
      resources: {
        hop2: onTarget({
          preflight: allHeaders('{request:origin}'),
          actual: redirect('hop3', 302, acaoReflected),
        }),
        hop3: onPageOrigin({
          preflight: allHeaders('{request:origin}'),
          actual: answer(acaoReflected),
        }),
      },
    },
    expect: readable({
      ...reachedHop2,
      url: '{url:hop3}',
      wire: ['GET', 'OPTIONS hop2', 'GET hop2', 'OPTIONS hop3', 'GET hop3'],
    }),
    at: 'site',
  }),
  ...inBothApis(
    one({
      id: 'redir-preflight-hop2-refused',
      title: 'The target of a redirect receives only the preflight if it does not allow the header',
      spec: SPEC.preflightFetch,
      request: { headers: [['X-A', '1']] },
      server: {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onThirdOrigin({ preflight: answer(acao('null')), actual: answer(acao('null')) }) },
      },
      expect: blockedAtPreflight({ wire: ['OPTIONS', 'GET', 'OPTIONS hop2'] }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-after-preflight-allowed',
      title: 'A redirect after a successful preflight is followed, and its target is preflighted in turn',
      spec: SPEC.redirectFetch,
      request: { headers: [['X-A', '1']] },
      server: {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onTarget({ preflight: allHeaders('{origin}'), actual: answer(acao()) }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'GET', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': { 'access-control-request-headers': 'x-a' },
          'GET hop2': { 'x-a': '1' },
        },
      }),
      because:
        'Until 2016, the Standard did not allow a request that had needed a preflight to be redirected.',
    }),
  ),
  one({
    id: 'redir-tainted-preflight-origin',
    title: 'The preflight after a tainting redirect sends Origin: null, and must be answered with null',
    spec: [SPEC.preflightFetch, SPEC.serializeRequestOrigin],
    request: { method: 'PUT' },
    server: {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: onThirdOrigin({ preflight: allHeaders('null'), actual: answer(acao('null')) }) },
    },
    expect: readable({
      ...reachedHop2,
      wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'],
      requestHeadersAt: {
        OPTIONS: { origin: '{origin}' },
        'OPTIONS hop2': { origin: 'null', 'access-control-request-method': 'PUT' },
        'PUT hop2': { origin: 'null' },
      },
    }),
  }),
  one({
    id: 'redir-tainted-preflight-origin/page-origin',
    title: "The preflight after a tainting redirect fails if it allows the page's origin only",
    spec: [SPEC.preflightFetch, SPEC.serializeRequestOrigin],
    request: { method: 'PUT' },
    server: {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: onThirdOrigin({ preflight: allHeaders('{origin}'), actual: answer(acao('null')) }) },
    },
    expect: blockedAtPreflight({ wire: ['OPTIONS', 'PUT', 'OPTIONS hop2'] }),
  }),
  one({
    id: 'redir-tainted-preflight-cross-to-page',
    title: "A PUT that is redirected back to the page's origin is preflighted there",
    spec: [SPEC.mainFetch, SPEC.serializeRequestOrigin],
    request: { method: 'PUT' },
    server: {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: onPageOrigin({ preflight: allHeaders('null'), actual: answer(acao('null')) }) },
    },
    expect: readable({
      ...reachedHop2,
      wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'],
      requestHeadersAt: { 'OPTIONS hop2': { origin: 'null' } },
    }),
  }),
];

const cachedPreflights: Case = {
  id: 'redir-preflight-cache-per-hop',
  title: 'Each hop of a redirect has its own preflight cache entry',
  class: 'may',
  because: 'A user agent may remove cache entries early, and those of a tainted origin at once.',
  spec: [SPEC.preflightCache],
  steps: [
    {
      request: { method: 'PUT' },
      server: {
        preflight: answer(acao(), acam('PUT'), maxAge(60)),
        actual: redirect('hop2', 307, acao()),
        resources: {
          hop2: onThirdOrigin({
            preflight: answer(acaoReflected, acam('PUT'), maxAge(60)),
            actual: answer(acaoReflected),
          }),
        },
      },
      expect: readable({ wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'] }),
    },
    { wait: 1500 },
    { request: { method: 'PUT' }, expect: readable({ ...reachedHop2, wire: ['PUT', 'PUT hop2'] }) },
  ],
};

export const redirectPreflights = defineSuite({
  id: 'redirect-preflights',
  title: 'Preflights and redirects',
  cases: [...preflights, cachedPreflights],
});
