/** Requests that need no preflight, and the headers that do. */
import { defineSuite } from '../harness/case/define.ts';
import { acah, acao, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';

export const simpleRequests = defineSuite({
  id: 'simple-requests',
  title: 'Simple requests and the request-header safelist',
  cases: [
    one(
      'simple-get',
      'A GET without author headers needs no preflight',
      spec.mainFetch,
      {},
      allowed,
      readable({ type: 'cors', status: 200 }),
    ),
    one(
      'ct-json',
      'A JSON content type needs a preflight that names content-type',
      spec.safelistedRequestHeader,
      { method: 'POST', headers: [['Content-Type', 'application/json']], body: '{}' },
      { preflight: answer(acao(), acah('content-type')), actual: allowed },
      preflighted({ accessControlRequestHeaders: 'content-type' }),
    ),
  ],
});
