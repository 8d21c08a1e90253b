/** What a preflight looks like on the wire: its method, its target and the headers it carries. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { acah, acam, acao, allowed, answer, one, preflighted, readable, refused, spec } from './helpers.ts';

const put = (more: CaseRequest = {}): CaseRequest => ({ method: 'PUT', ...more });

/** A request whose preflight allows it, and what the preflight must look like. */
const shaped = (
  id: string,
  title: string,
  request: CaseRequest,
  expect: Partial<Expectation>,
  more: Partial<Case> = {},
): Case =>
  one(
    id,
    title,
    spec.preflightFetch,
    request,
    {
      preflight: answer(
        acao(),
        acam('PUT, DELETE, PATCH, patch, chicKen'),
        acah('accept, accept-language, content-type, x-a, x-b, user-agent'),
      ),
      actual: allowed,
    },
    (expect.wire ? readable : preflighted)({ status: 200, ...expect }),
    more,
  );

const METHODS: [id: string, written: string, sent: string][] = [
  ['put', 'PUT', 'PUT'],
  ['delete-lower', 'delete', 'DELETE'],
  ['patch', 'PATCH', 'PATCH'],
  ['patch-lower', 'patch', 'patch'],
  ['custom', 'chicKen', 'chicKen'],
];

const FORBIDDEN: [name: string, value: string][] = [
  ['Origin', 'https://example.com'],
  ['Referer', 'https://example.com/'],
  ['Sec-Fetch-Mode', 'no-cors'],
  ['Sec-Anything', '1'],
  ['Cookie', 'a=b'],
  ['Access-Control-Request-Headers', 'x-z'],
];

export const preflightShape = defineSuite({
  id: 'preflight-shape',
  title: 'The shape of a preflight',
  about:
    'A preflight asks about the request to come, and carries nothing of it but its method and header names.',
  cases: [
    shaped(
      'preflight-method-options',
      'A preflight is an OPTIONS request for the same path and query, without the fragment',
      put({ suffix: '?a=1&b=%20#part' }),
      {
        requestTargets: { OPTIONS: '{path}?a=1&b=%20', PUT: '{path}?a=1&b=%20' },
        wire: ['OPTIONS', 'PUT'],
      },
    ),
    ...METHODS.map(([id, written, sent]) =>
      shaped(
        `preflight-acrm/${id}`,
        `The preflight for the method ${written} asks for ${sent}`,
        { method: written },
        {
          accessControlRequestMethod: sent,
          wire: ['OPTIONS', sent],
        },
      ),
    ),
    ...withXhr(
      shaped(
        'preflight-acrh-sorted-lower',
        'A preflight names headers in lower case and sorted',
        put({
          headers: [
            ['X-B', '1'],
            ['x-A', '2'],
            ['Content-Type', 'application/json'],
          ],
          body: '{}',
        }),
        { accessControlRequestHeaders: 'content-type,x-a,x-b' },
      ),
    ),
    shaped(
      'preflight-acrh-sorted-lower/each-once',
      'A preflight names a header once, however often it was set',
      {
        headers: [
          ['X-B', '1'],
          ['X-A', '2'],
          ['x-b', '3'],
        ],
      },
      { accessControlRequestHeaders: 'x-a,x-b' },
    ),
    ...withXhr(
      shaped('preflight-acrh-omitted', 'A preflight for a method alone names no headers at all', put(), {
        accessControlRequestHeaders: null,
      }),
    ),
    shaped(
      'preflight-acrh-excludes-safelisted',
      'A preflight does not name safelisted headers',
      put({
        headers: [
          ['Accept', 'text/zz'],
          ['Accept-Language', 'en'],
          ['Content-Type', 'text/plain'],
          ['X-A', '1'],
        ],
      }),
      { accessControlRequestHeaders: 'x-a' },
    ),
    shaped(
      'preflight-acrh-no-combine',
      'Header names in a preflight are separated by a comma without a space',
      {
        headers: [
          ['X-A', '1'],
          ['X-B', '1'],
        ],
      },
      {
        accessControlRequestHeaders: 'x-a,x-b',
        preflightHeaders: { 'access-control-request-headers': 'x-a,x-b' },
      },
    ),
    ...withXhr(
      shaped(
        'preflight-acrh-no-forbidden',
        'Headers that script may not set are not asked for either',
        { headers: [...FORBIDDEN, ['X-A', '1']] },
        { accessControlRequestHeaders: 'x-a', preflightHeaders: { origin: '{origin}' } },
        { spec: [spec.preflightFetch, spec.forbiddenRequestHeader] },
      ),
    ),
    shaped(
      'preflight-get-custom-header',
      'A GET with a custom header is preflighted as GET',
      { headers: [['X-A', '1']] },
      { accessControlRequestMethod: 'GET', accessControlRequestHeaders: 'x-a' },
    ),
    one(
      'options-method-by-author',
      "An author's OPTIONS is preflighted, and then goes out without Access-Control-Request-Method",
      [spec.preflightFetch, spec.safelistedMethod],
      { method: 'OPTIONS' },
      { preflight: answer(acao(), acam('OPTIONS')), actual: allowed },
      preflighted({
        accessControlRequestMethod: 'OPTIONS',
        preflightHeaders: { origin: '{origin}' },
        requestHeaders: { 'access-control-request-method': null, origin: '{origin}' },
      }),
    ),
    shaped('preflight-origin', 'A preflight carries the origin of the page', put(), {
      preflightHeaders: { origin: '{origin}' },
      requestHeaders: { origin: '{origin}' },
    }),
    ...withXhr(
      shaped(
        'preflight-accept-star',
        'A preflight accepts anything, whatever the request accepts',
        put({ headers: [['Accept', 'text/zz']] }),
        { preflightHeaders: { accept: '*/*' }, requestHeaders: { accept: 'text/zz' } },
        { class: 'wire' },
      ),
    ),
    shaped(
      'preflight-no-accept-language',
      'A preflight carries no Accept-Language',
      put(),
      { preflightHeaders: { 'accept-language': null } },
      {
        class: 'disputed',
        spec: [spec.preflightFetch, spec.networkOrCache],
        because:
          'By the Standard only fetch() itself adds Accept-Language, and HTTP-network-or-cache fetch must not; every engine adds it to preflights as well.',
      },
    ),
    shaped(
      'preflight-custom-accept-language-not-leaked',
      "The author's Accept-Language is not on the preflight",
      put({ headers: [['Accept-Language', 'xx']] }),
      {
        preflightHeaders: { 'accept-language': { lacks: 'xx' } },
        requestHeaders: { 'accept-language': 'xx' },
      },
      { class: 'wire' },
    ),
    shaped(
      'preflight-user-agent',
      'A preflight carries the User-Agent of the browser',
      put(),
      { preflightHeaders: { 'user-agent': { matches: '^Mozilla/5\\.0 \\(' } } },
      { class: 'wire', spec: [spec.networkOrCache] },
    ),
    ...withXhr(
      shaped(
        'preflight-ua-default-when-author-sets',
        "The author's User-Agent is on the request but not on its preflight",
        put({ headers: [['User-Agent', 'zz']] }),
        {
          preflightHeaders: { 'user-agent': { matches: '^Mozilla/5\\.0 \\(' } },
          requestHeaders: { 'user-agent': 'zz' },
        },
        { class: 'wire', spec: [spec.preflightFetch, spec.networkOrCache] },
      ),
    ),
    ...withXhr(
      shaped(
        'preflight-no-content-headers',
        'A preflight says nothing of the body and has none',
        put({ headers: [['Content-Type', 'application/json']], body: '{"a":1}' }),
        {
          preflightHeaders: { 'content-type': null, 'content-length': null, 'transfer-encoding': null },
          requestHeaders: { 'content-type': 'application/json', 'content-length': '7' },
        },
      ),
    ),
    shaped(
      'preflight-no-cache-headers',
      'A preflight has the default cache mode, whatever that of the request',
      put({ cache: 'no-store' }),
      {
        preflightHeaders: { pragma: null, 'cache-control': null },
        requestHeaders: { pragma: 'no-cache', 'cache-control': 'no-cache' },
      },
      { class: 'wire', spec: [spec.preflightFetch, spec.networkOrCache] },
    ),
  ],
});

const slowly = { delayMs: 300 };

export const preflightOrder = defineSuite({
  id: 'preflight-order',
  title: 'Preflight first',
  about: 'Nothing of the request is sent before its preflight has been answered, and answered well.',
  cases: [
    one(
      'preflight-before-actual-order/passed',
      'The request follows a preflight that was answered late',
      spec.httpFetch,
      put(),
      { preflight: { ...slowly, headers: [acao(), acam('PUT')] }, actual: allowed },
      readable({ wire: ['OPTIONS', 'PUT'] }),
    ),
    ...withXhr(
      one(
        'preflight-before-actual-order/refused',
        'The request is not sent while a preflight waits for its answer, nor after a bad one',
        spec.httpFetch,
        put(),
        { preflight: { ...slowly, headers: [acam('PUT')] }, actual: allowed },
        refused(),
      ),
    ),
    one(
      'preflight-before-actual-order/unanswered',
      'The request is never sent while its preflight has no answer',
      spec.httpFetch,
      put({ api: 'xhr', timeoutMs: 400 }),
      { preflight: { fault: 'hang' }, actual: allowed },
      { outcome: 'timeout', preflight: 'sent', actual: 'not sent' },
    ),
  ],
});
