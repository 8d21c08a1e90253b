/** What a redirect does to the request itself: its method, body and headers. */
import { defineSuite } from '../harness/case/define.ts';
import type { RequestBody } from '../harness/case/schema.ts';
import { inBothApis } from './apis.ts';
import { acah, acam, acao, allowed, answer, one, readable, spec } from './helpers.ts';
import { A, B, landed, P, redirect } from './redirect-words.ts';

const rules = spec.redirectFetch;
const preflight = answer(acao(), acam('PUT, DELETE'), acah('x-a, content-type, authorization'));
const json: [string, string] = ['Content-Type', 'application/json'];
const token: [string, string] = ['Authorization', 'Bearer abc'];

/** The hops after the first: where the redirect leads, and that it is allowed. */
const toA = { hop2: A({ preflight, actual: allowed }) };
const toB = { hop2: B({ actual: answer(acao('*')) }) };

const GONE = {
  'content-type': null,
  'content-language': null,
  'content-length': null,
  'transfer-encoding': null,
};

const methods = [
  ...([301, 302] as const).flatMap(status =>
    inBothApis(
      one(
        `redir-301-302-post-to-get/${status}`,
        `A POST answered ${status} becomes a GET without body and without the headers that describe a body`,
        rules,
        { method: 'POST', headers: [['Content-Language', 'en']], body: 'sent' },
        { actual: redirect('hop2', status, acao()), resources: toA },
        readable({
          ...landed,
          wire: ['POST', 'GET hop2'],
          requestHeadersAt: { POST: { 'content-language': 'en' }, 'GET hop2': GONE },
          requestBody: '',
        }),
      ),
    ),
  ),
  ...inBothApis(
    one(
      'redir-302-post-json-no-second-preflight',
      'A preflighted POST answered 302 becomes a plain GET, which its target need not be asked about',
      [rules, spec.mainFetch],
      { method: 'POST', headers: [json], body: '{}' },
      { preflight, actual: redirect('hop2', 302, acao()), resources: toB },
      readable({
        ...landed,
        wire: ['OPTIONS', 'POST', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { ...GONE, origin: 'null' } },
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-303-put-no-second-preflight',
      'A PUT answered 303 becomes a plain GET, which its target need not be asked about',
      [rules, spec.mainFetch],
      { method: 'PUT', body: 'sent' },
      { preflight, actual: redirect('hop2', 303, acao()), resources: toB },
      readable({
        ...landed,
        wire: ['OPTIONS', 'PUT', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': GONE },
        requestBody: '',
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-303-keeps-custom-headers',
      "A DELETE answered 303 becomes a GET that keeps the page's own header, and is preflighted for it",
      [rules, spec.mainFetch],
      { method: 'DELETE', headers: [['X-A', '1']] },
      {
        preflight,
        actual: redirect('hop2', 303, acao()),
        resources: {
          hop2: B({
            preflight: answer(acao('{request:origin}'), acah('x-a')),
            actual: answer(acao('{request:origin}')),
          }),
        },
      },
      readable({
        ...landed,
        wire: ['OPTIONS', 'DELETE', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': {
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'x-a',
          },
          'GET hop2': { 'x-a': '1' },
        },
      }),
    ),
  ),
  one(
    'redir-303-head',
    'A HEAD answered 303 stays a HEAD',
    rules,
    { method: 'HEAD' },
    { actual: redirect('hop2', 303, acao()), resources: toA },
    readable({ ...landed, wire: ['HEAD', 'HEAD hop2'], body: '' }),
  ),
  ...([307, 308] as const).flatMap(status =>
    (['POST', 'PUT'] as const).flatMap(method => {
      const asked = method === 'PUT';
      return inBothApis(
        one(
          `redir-307-308-preserve/${status}-${method.toLowerCase()}`,
          `A ${method} answered ${status} is repeated with its body and Content-Type`,
          rules,
          { method, body: 'sent' },
          { preflight, actual: redirect('hop2', status, acao()), resources: toA },
          readable({
            ...landed,
            wire: asked ? ['OPTIONS', method, 'OPTIONS hop2', `${method} hop2`] : [method, `${method} hop2`],
            requestHeadersAt: {
              [`${method} hop2`]: { 'content-type': { matches: '^text/plain;\\s?charset=UTF-8$' } },
            },
            requestBody: 'sent',
          }),
        ),
      );
    }),
  ),
  ...(
    [
      ['urlencoded', { urlencoded: [['a', '1']] }, 'a=1', '^application/x-www-form-urlencoded'],
      ['blob', { blob: 'sent', type: 'text/plain' }, 'sent', '^text/plain$'],
    ] as [string, RequestBody, string, string][]
  ).map(([name, body, sent, type]) =>
    one(
      `redir-307-308-preserve/${name}-body`,
      `A redirect that preserves the method repeats a ${name} body`,
      rules,
      { method: 'POST', body },
      { actual: redirect('hop2', 307, acao()), resources: toA },
      readable({
        ...landed,
        wire: ['POST', 'POST hop2'],
        requestHeaders: { 'content-type': { matches: type } },
        requestBody: sent,
      }),
    ),
  ),
];

const authorization = [
  ...inBothApis(
    one(
      'redir-authorization-stripped',
      "A redirect to another origin takes the page's Authorization away, and with it the need for a preflight",
      [rules, spec.mainFetch],
      { headers: [token] },
      { preflight, actual: redirect('hop2', 302, acao()), resources: toB },
      readable({
        ...landed,
        wire: ['OPTIONS', 'GET', 'GET hop2'],
        requestHeadersAt: { GET: { authorization: 'Bearer abc' }, 'GET hop2': { authorization: null } },
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-authorization-kept-same-origin',
      "A redirect within one foreign origin keeps the page's Authorization, and asks again for the new URL",
      [rules, spec.mainFetch],
      { headers: [token] },
      { preflight, actual: redirect('hop2', 302, acao()), resources: toA },
      readable({
        ...landed,
        wire: ['OPTIONS', 'GET', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': { 'access-control-request-headers': 'authorization' },
          'GET hop2': { authorization: 'Bearer abc' },
        },
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-authorization-back-home',
      "A redirect from a foreign origin to the page's own takes Authorization away as well",
      [rules, spec.mainFetch],
      { headers: [token] },
      {
        preflight,
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: P({ actual: answer(acao('*')) }) },
      },
      readable({
        ...landed,
        wire: ['OPTIONS', 'GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { authorization: null } },
      }),
    ),
  ),
];

const sameOriginPost = (id: string, status: number, title: string, second: string, origin: string | null) =>
  one(
    id,
    title,
    [spec.originHeader, rules],
    { method: 'POST', body: 'sent' },
    { actual: redirect('hop2', status), resources: { hop2: P({ actual: answer() }) } },
    readable({
      type: 'basic',
      redirected: true,
      wire: ['POST', `${second} hop2`],
      requestHeadersAt: { POST: { origin: '{origin}' }, [`${second} hop2`]: { origin } },
    }),
    { at: 'site' },
  );

const originHeader = [
  sameOriginPost(
    'redir-origin-after-post-to-get-same-origin',
    302,
    'A same-origin POST that a redirect turns into a GET loses its Origin header',
    'GET',
    null,
  ),
  {
    ...sameOriginPost(
      'redir-origin-307-same-origin',
      307,
      'A same-origin POST that a redirect repeats carries Origin on both hops',
      'POST',
      '{origin}',
    ),
    because:
      'The Standard adds Origin to every request that is neither GET nor HEAD. A web platform test expects none after a 307.',
  },
];

export const redirectRequests = defineSuite({
  id: 'redirect-requests',
  title: 'What a redirect does to the request',
  cases: [...methods, ...authorization, ...originHeader],
});
