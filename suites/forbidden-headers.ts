/** Headers that script may not set, what a no-cors request may carry, and Authorization. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import { acah, acao, allowed, answer, one, preflighted } from './helpers.ts';
import { asksFirst, needsNoPreflight } from './safelist-helpers.ts';

const FORGED = 'zz-forged';

const FORBIDDEN = [
  'Accept-Charset',
  'Accept-Encoding',
  'Access-Control-Request-Headers',
  'Access-Control-Request-Method',
  'Connection',
  'Content-Length',
  'Cookie',
  'Cookie2',
  'Date',
  'DNT',
  'Expect',
  'Host',
  'Keep-Alive',
  'Origin',
  'Referer',
  'Set-Cookie',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Via',
  'Proxy-Authorization',
  'Proxy-Anything',
  'Sec-Fetch-Site',
  'Sec-Anything',
];

/** That the value which script tried to set did not get through. */
const withoutForged = (names: readonly string[]): NonNullable<Expectation['requestHeaders']> =>
  Object.fromEntries(names.map(name => [name.toLowerCase(), { lacks: FORGED }]));

const forging = (id: string, title: string, names: readonly string[]): Case =>
  needsNoPreflight({
    id,
    title,
    request: { headers: names.map(name => [name, FORGED]) },
    expect: { requestHeaders: withoutForged(names) },
    spec: [SPEC.forbiddenRequestHeader, SPEC.headersClass],
  });

const REQUEST_PAIR = ['Access-Control-Request-Method', 'Access-Control-Request-Headers'];

export const forbiddenHeaders = defineSuite({
  id: 'forbidden-headers',
  title: 'Forbidden request headers',
  about:
    'Headers that only the browser may set are silently dropped if script sets them, and need no preflight.',
  cases: [
    ...FORBIDDEN.map(name =>
      forging(`forbidden-list-dropped/${name.toLowerCase()}`, `${name} cannot be set by script`, [name]),
    ),
    ...withXhr(forging('forbidden-no-preflight', 'Forbidden headers alone need no preflight', FORBIDDEN)),
    ...withXhr(
      one({
        id: 'acr-headers-forbidden',
        title: 'Script cannot set Access-Control-Request-Method or -Headers, on the preflight or the request',
        spec: [SPEC.forbiddenRequestHeader, SPEC.preflightFetch],
        request: {
          method: 'POST',
          headers: [...REQUEST_PAIR.map((name): [string, string] => [name, FORGED]), ['X-A', '1']],
        },
        server: { preflight: answer(acao(), acah('x-a')), actual: allowed },
        expect: preflighted({
          accessControlRequestMethod: 'POST',
          accessControlRequestHeaders: 'x-a',
          requestHeaders: {
            'access-control-request-method': null,
            'access-control-request-headers': null,
            'x-a': '1',
          },
        }),
      }),
    ),
    asksFirst({
      id: 'acr-private-network-not-forbidden',
      title: 'Access-Control-Request-Private-Network is not forbidden: script may set it after a preflight',
      request: { headers: [['Access-Control-Request-Private-Network', 'true']] },
      names: 'access-control-request-private-network',
      spec: [SPEC.forbiddenRequestHeader],
      because: 'The Standard does not list it. A tentative web platform test expects it to be forbidden.',
    }),
    ...withXhr(
      needsNoPreflight({
        id: 'set-cookie-request-header',
        title: 'Set-Cookie cannot be set on a request by script, and needs no preflight',
        request: { headers: [['Set-Cookie', 'a=b']] },
        expect: { requestHeaders: { 'set-cookie': null, cookie: null } },
        spec: [SPEC.forbiddenRequestHeader],
      }),
    ),
    ...withXhr(
      asksFirst({
        id: 'author-header-order-case',
        title: 'A custom header keeps its case on HTTP/1.1, although the preflight lists it in lower case',
        request: { headers: [['X-MiXed-cAse', '1']] },
        names: 'x-mixed-case',
        expect: { requestHeaderNames: ['X-MiXed-cAse'] },
        class: 'wire',
      }),
    ),
  ],
});
