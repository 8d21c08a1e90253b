/** Preflights along a chain of redirects: each hop that needs one is asked, under the origin it is told. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { inBothApis } from './apis.ts';
import { acah, acam, acao, answer, maxAge, one, readable, refused, spec } from './helpers.ts';
import { A, B, echo, landed, P, REDIRECT_STATUSES, redirect } from './redirect-words.ts';

const allHeaders = (origin: string) => answer(acao(origin), acam('PUT'), acah('x-a'));

const preflights = [
  ...REDIRECT_STATUSES.filter(status => status !== 303).map(status =>
    one(
      `redir-preflight-then-redirect/${status}`,
      `A PUT that is answered ${status} is preflighted at both origins`,
      [spec.redirectFetch, spec.mainFetch],
      { method: 'PUT', body: 'x' },
      {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', status, acao()),
        resources: { hop2: B({ preflight: allHeaders('{request:origin}'), actual: answer(echo) }) },
      },
      readable({ ...landed, wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'] }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-preflight-hop2-refused',
      "The redirect's target sees only the preflight where that does not allow the header",
      spec.preflightFetch,
      { headers: [['X-A', '1']] },
      {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: B({ preflight: answer(acao('null')), actual: answer(acao('null')) }) },
      },
      refused({ wire: ['OPTIONS', 'GET', 'OPTIONS hop2'] }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-after-preflight-allowed',
      'A redirect after a successful preflight is followed, and its target is preflighted in turn',
      spec.redirectFetch,
      { headers: [['X-A', '1']] },
      {
        preflight: allHeaders('{origin}'),
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: A({ preflight: allHeaders('{origin}'), actual: answer(acao()) }) },
      },
      readable({
        ...landed,
        wire: ['OPTIONS', 'GET', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': { 'access-control-request-headers': 'x-a' },
          'GET hop2': { 'x-a': '1' },
        },
      }),
      { because: 'Until 2016 the Standard refused any redirect of a request that had needed a preflight.' },
    ),
  ),
  one(
    'redir-tainted-preflight-origin',
    'The preflight after a tainting redirect says Origin: null, and null is what it must allow',
    [spec.preflightFetch, spec.serializedOrigin],
    { method: 'PUT' },
    {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: B({ preflight: allHeaders('null'), actual: answer(acao('null')) }) },
    },
    readable({
      ...landed,
      wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'],
      requestHeadersAt: {
        OPTIONS: { origin: '{origin}' },
        'OPTIONS hop2': { origin: 'null', 'access-control-request-method': 'PUT' },
        'PUT hop2': { origin: 'null' },
      },
    }),
  ),
  one(
    'redir-tainted-preflight-origin/page-origin',
    "The preflight after a tainting redirect is refused where it allows only the page's real origin",
    [spec.preflightFetch, spec.serializedOrigin],
    { method: 'PUT' },
    {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: B({ preflight: allHeaders('{origin}'), actual: answer(acao('null')) }) },
    },
    refused({ wire: ['OPTIONS', 'PUT', 'OPTIONS hop2'] }),
  ),
  one(
    'redir-tainted-preflight-cross-to-page',
    "A PUT redirected back to the page's own origin is preflighted there too",
    [spec.mainFetch, spec.serializedOrigin],
    { method: 'PUT' },
    {
      preflight: allHeaders('{origin}'),
      actual: redirect('hop2', 307, acao()),
      resources: { hop2: P({ preflight: allHeaders('null'), actual: answer(acao('null')) }) },
    },
    readable({
      ...landed,
      wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'],
      requestHeadersAt: { 'OPTIONS hop2': { origin: 'null' } },
    }),
  ),
];

const cachedPreflights: Case = {
  id: 'redir-preflight-cache-per-hop',
  title: 'Each hop has its own preflight cache entry: a second run sends no OPTIONS to either',
  class: 'may',
  because: 'A user agent may drop cache entries early, those of a tainted origin at once.',
  spec: [spec.preflightCache],
  steps: [
    {
      request: { method: 'PUT' },
      server: {
        preflight: answer(acao(), acam('PUT'), maxAge(60)),
        actual: redirect('hop2', 307, acao()),
        resources: { hop2: B({ preflight: answer(echo, acam('PUT'), maxAge(60)), actual: answer(echo) }) },
      },
      expect: readable({ wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'] }),
    },
    { wait: 1500 },
    { request: { method: 'PUT' }, expect: readable({ ...landed, wire: ['PUT', 'PUT hop2'] }) },
  ],
};

export const redirectPreflights = defineSuite({
  id: 'redirect-preflights',
  title: 'Preflights and redirects',
  cases: [...preflights, cachedPreflights],
});
