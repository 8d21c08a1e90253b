/** Headers that script may not set, what a no-cors request may carry, and Authorization. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { asked, unasked } from './families.ts';
import { acah, acao, allowed, answer, one, preflighted, readable, refused, spec } from './helpers.ts';

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
  unasked(
    id,
    title,
    { headers: names.map(name => [name, FORGED]) },
    { requestHeaders: withoutForged(names) },
    { spec: [spec.forbiddenRequestHeader, spec.headersClass] },
  );

const REQUEST_PAIR = ['Access-Control-Request-Method', 'Access-Control-Request-Headers'];

/** A no-cors request, and what of its headers arrives. */
const noCors = (
  id: string,
  title: string,
  request: CaseRequest,
  requestHeaders: NonNullable<Expectation['requestHeaders']>,
): Case =>
  one(
    id,
    title,
    [spec.headersClass, spec.mainFetch],
    { mode: 'no-cors', ...request },
    { actual: answer() },
    { outcome: 'opaque', type: 'opaque', wire: [request.method ?? 'GET'], requestHeaders },
  );

const AUTHORIZATION: CaseRequest = { headers: [['Authorization', 'Basic dXNlcjp3b3Jk']] };
const SENT = { authorization: 'Basic dXNlcjp3b3Jk' };

export const forbiddenHeaders = defineSuite({
  id: 'forbidden-headers',
  title: 'Forbidden request headers',
  about:
    'What the browser alone may say is dropped without a word when script says it, and needs no preflight.',
  cases: [
    ...FORBIDDEN.map(name =>
      forging(`forbidden-list-dropped/${name.toLowerCase()}`, `${name} cannot be set by script`, [name]),
    ),
    ...withXhr(forging('forbidden-no-preflight', 'Forbidden headers alone need no preflight', FORBIDDEN)),
    ...withXhr(
      one(
        'acr-headers-forbidden',
        "Script cannot forge a preflight's question, nor put it on the request",
        [spec.forbiddenRequestHeader, spec.preflightFetch],
        {
          method: 'POST',
          headers: [...REQUEST_PAIR.map((name): [string, string] => [name, FORGED]), ['X-A', '1']],
        },
        { preflight: answer(acao(), acah('x-a')), actual: allowed },
        preflighted({
          accessControlRequestMethod: 'POST',
          accessControlRequestHeaders: 'x-a',
          requestHeaders: {
            'access-control-request-method': null,
            'access-control-request-headers': null,
            'x-a': '1',
          },
        }),
      ),
    ),
    asked(
      'acr-private-network-not-forbidden',
      'Access-Control-Request-Private-Network is an ordinary header to script',
      { headers: [['Access-Control-Request-Private-Network', 'true']] },
      'access-control-request-private-network',
      {},
      { spec: [spec.forbiddenRequestHeader] },
    ),
    ...withXhr(
      unasked(
        'set-cookie-request-header',
        'Set-Cookie cannot be set on a request',
        { headers: [['Set-Cookie', 'a=b']] },
        { requestHeaders: { 'set-cookie': null, cookie: null } },
        { spec: [spec.forbiddenRequestHeader] },
      ),
    ),
    ...withXhr(
      asked(
        'author-header-order-case',
        'A custom header keeps its spelling over HTTP/1.1, though the preflight names it in lower case',
        { headers: [['X-MiXed-cAse', '1']] },
        'x-mixed-case',
        { requestHeaderNames: ['X-MiXed-cAse'] },
        { class: 'wire' },
      ),
    ),
  ],
});

export const noCorsHeaders = defineSuite({
  id: 'no-cors-headers',
  title: 'Headers of no-cors requests, and Authorization',
  about:
    'A no-cors request carries safelisted headers only; Authorization is a header like others, with a preflight.',
  cases: [
    noCors(
      'nocors-guard/custom',
      'A custom header is not kept on a no-cors request',
      { headers: [['X-A', '1']] },
      { 'x-a': null },
    ),
    noCors(
      'nocors-guard/range',
      'Range is not kept on a no-cors request, though it is safelisted',
      { headers: [['Range', 'bytes=0-5']] },
      { range: null },
    ),
    noCors(
      'nocors-guard/json',
      'A JSON content type is not kept on a no-cors request',
      { method: 'POST', headers: [['Content-Type', 'application/json']], body: { buffer: '{}' } },
      { 'content-type': null },
    ),
    noCors(
      'nocors-guard/json-string',
      "On a no-cors request a JSON content type gives way to the body's own",
      { method: 'POST', headers: [['Content-Type', 'application/json']], body: '{}' },
      { 'content-type': 'text/plain;charset=UTF-8' },
    ),
    noCors(
      'nocors-guard/safelisted',
      'Safelisted headers are kept on a no-cors request',
      {
        headers: [
          ['Accept', 'text/zz'],
          ['Content-Language', 'en'],
        ],
      },
      { accept: 'text/zz', 'content-language': 'en' },
    ),
    noCors('nocors-guard/authorization', 'Authorization is not kept on a no-cors request', AUTHORIZATION, {
      authorization: null,
    }),
    noCors(
      'nocors-guard-append-128',
      'A value that would make a no-cors header longer than 128 bytes is not appended',
      {
        headers: [
          ['Accept', 'x'.repeat(100)],
          ['Accept', 'y'.repeat(100)],
        ],
      },
      { accept: 'x'.repeat(100) },
    ),
    one(
      'authorization-survives-same-origin',
      "An author's Authorization is sent even where credentials are omitted",
      [spec.networkOrCache, spec.credentials],
      { ...AUTHORIZATION, credentials: 'omit' },
      answer(),
      readable({ type: 'basic', status: 200, wire: ['GET'], requestHeaders: SENT }),
      { at: 'site' },
    ),
    ...withXhr(
      asked(
        'authorization-cross-origin-needs-preflight/listed',
        'Authorization to another origin needs a preflight and is then sent',
        AUTHORIZATION,
        'authorization',
      ),
    ),
    ...withXhr(
      one(
        'authorization-cross-origin-needs-preflight/not-listed',
        'Authorization to another origin is stopped where no header list allows it',
        [spec.safelistedRequestHeader, spec.preflightFetch],
        AUTHORIZATION,
        { preflight: answer(acao(), acah('x-a')), actual: allowed },
        refused({ wire: ['OPTIONS'], accessControlRequestHeaders: 'authorization' }),
      ),
    ),
  ],
});
