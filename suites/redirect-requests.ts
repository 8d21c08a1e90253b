/** What a redirect does to the request itself: its method, body and headers. */

import { defineSuite } from '../harness/case/define.ts';
import type { CaseBody } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acah, acam, acao, allowed, answer, one, readable, type Titled } from './helpers.ts';
import { onPageOrigin, onTarget, onThirdOrigin, reachedHop2, redirect } from './redirect-helpers.ts';

const rules = SPEC.redirectFetch;
const preflight = answer(acao(), acam('PUT, DELETE'), acah('x-a, content-type, authorization'));
const json: [string, string] = ['Content-Type', 'application/json'];
const token: [string, string] = ['Authorization', 'Bearer abc'];

/** The hops after the first: where the redirect leads, and that it is allowed. */
const toA = { hop2: onTarget({ preflight, actual: allowed }) };
const toB = { hop2: onThirdOrigin({ actual: answer(acao('*')) }) };

const GONE = {
  'content-type': null,
  'content-language': null,
  'content-length': null,
  'transfer-encoding': null,
};

const methods = [
  ...([301, 302] as const).flatMap(status =>
    inBothApis(
      one({
        id: `redir-301-302-post-to-get/${status}`,
        title: `A POST answered ${status} becomes a GET without the body and its headers`,
        spec: rules,
        request: { method: 'POST', headers: [['Content-Language', 'en']], body: 'sent' },
        server: { actual: redirect('hop2', status, acao()), resources: toA },
        expect: readable({
          ...reachedHop2,
          wire: ['POST', 'GET hop2'],
          requestHeadersAt: { POST: { 'content-language': 'en' }, 'GET hop2': GONE },
          requestBody: '',
        }),
      }),
    ),
  ),
  ...inBothApis(
    one({
      id: 'redir-302-post-json-no-second-preflight',
      title: "A preflighted POST answered 302 becomes a GET that needs no preflight at the redirect's target",
      spec: [rules, SPEC.mainFetch],
      request: { method: 'POST', headers: [json], body: '{}' },
      server: { preflight, actual: redirect('hop2', 302, acao()), resources: toB },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'POST', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { ...GONE, origin: 'null' } },
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-303-put-no-second-preflight',
      title: "A PUT answered 303 becomes a GET that needs no preflight at the redirect's target",
      spec: [rules, SPEC.mainFetch],
      request: { method: 'PUT', body: 'sent' },
      server: { preflight, actual: redirect('hop2', 303, acao()), resources: toB },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'PUT', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': GONE },
        requestBody: '',
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-303-keeps-custom-headers',
      title: 'A DELETE answered 303 becomes a GET that keeps its custom header and is preflighted for it',
      spec: [rules, SPEC.mainFetch],
      request: { method: 'DELETE', headers: [['X-A', '1']] },
      server: {
        preflight,
        actual: redirect('hop2', 303, acao()),
        resources: {
          hop2: onThirdOrigin({
            preflight: answer(acao('{request:origin}'), acah('x-a')),
            actual: answer(acao('{request:origin}')),
          }),
        },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'DELETE', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': {
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'x-a',
            origin: 'null',
          },
          'GET hop2': { 'x-a': '1', origin: 'null' },
        },
      }),
    }),
  ),
  one({
    id: 'redir-303-head',
    title: 'A HEAD answered 303 stays a HEAD',
    spec: rules,
    request: { method: 'HEAD' },
    server: { actual: redirect('hop2', 303, acao()), resources: toA },
    expect: readable({ ...reachedHop2, wire: ['HEAD', 'HEAD hop2'], body: '' }),
  }),
  ...([307, 308] as const).flatMap(status =>
    (['POST', 'PUT'] as const).flatMap(method => {
      const asked = method === 'PUT';
      return inBothApis(
        one({
          id: `redir-307-308-preserve/${status}-${method.toLowerCase()}`,
          title: `A ${method} answered ${status} is repeated with its body and Content-Type`,
          spec: rules,
          request: { method, body: 'sent' },
          server: { preflight, actual: redirect('hop2', status, acao()), resources: toA },
          expect: readable({
            ...reachedHop2,
            wire: asked ? ['OPTIONS', method, 'OPTIONS hop2', `${method} hop2`] : [method, `${method} hop2`],
            requestHeadersAt: {
              [`${method} hop2`]: { 'content-type': { matches: '^text/plain;\\s?charset=UTF-8$' } },
            },
            requestBody: 'sent',
          }),
        }),
      );
    }),
  ),
  ...(
    [
      ['urlencoded', { urlencoded: [['a', '1']] }, 'a=1', '^application/x-www-form-urlencoded'],
      ['blob', { blob: 'sent', type: 'text/plain' }, 'sent', '^text/plain$'],
    ] as [string, CaseBody, string, string][]
  ).map(([name, body, sent, type]) =>
    one({
      id: `redir-307-308-preserve/${name}-body`,
      title: `A redirect that preserves the method sends the ${name} body again`,
      spec: rules,
      request: { method: 'POST', body },
      server: { actual: redirect('hop2', 307, acao()), resources: toA },
      expect: readable({
        ...reachedHop2,
        wire: ['POST', 'POST hop2'],
        requestHeaders: { 'content-type': { matches: type } },
        requestBody: sent,
      }),
    }),
  ),
];

const authorization = [
  ...inBothApis(
    one({
      id: 'redir-authorization-stripped',
      title: 'A redirect to another origin removes Authorization, and with it the need for a preflight',
      spec: [rules, SPEC.mainFetch],
      request: { headers: [token] },
      server: { preflight, actual: redirect('hop2', 302, acao()), resources: toB },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'GET', 'GET hop2'],
        requestHeadersAt: { GET: { authorization: 'Bearer abc' }, 'GET hop2': { authorization: null } },
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-authorization-kept-same-origin',
      title: 'A redirect within another origin keeps Authorization, and the new URL is preflighted',
      spec: [rules, SPEC.mainFetch],
      request: { headers: [token] },
      server: { preflight, actual: redirect('hop2', 302, acao()), resources: toA },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'GET', 'OPTIONS hop2', 'GET hop2'],
        requestHeadersAt: {
          'OPTIONS hop2': { 'access-control-request-headers': 'authorization' },
          'GET hop2': { authorization: 'Bearer abc' },
        },
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-authorization-back-home',
      title: "A redirect from another origin to the page's removes Authorization",
      spec: [rules, SPEC.mainFetch],
      request: { headers: [token] },
      server: {
        preflight,
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onPageOrigin({ actual: answer(acao('*')) }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['OPTIONS', 'GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { authorization: null } },
      }),
    }),
  ),
];

const sameOriginPost = ({
  id,
  status,
  title,
  second,
  origin,
}: Titled & { status: number; second: string; origin: string | null }) =>
  one({
    id,
    title,
    spec: [SPEC.originHeader, rules],
    request: { method: 'POST', body: 'sent' },
    server: { actual: redirect('hop2', status), resources: { hop2: onPageOrigin({ actual: answer() }) } },
    expect: readable({
      type: 'basic',
      redirected: true,
      wire: ['POST', `${second} hop2`],
      requestHeadersAt: { POST: { origin: '{origin}' }, [`${second} hop2`]: { origin } },
    }),
    at: 'site',
  });

const originHeader = [
  sameOriginPost({
    id: 'redir-origin-after-post-to-get-same-origin',
    title: 'A same-origin POST that a redirect turns into a GET loses its Origin header',
    status: 302,
    second: 'GET',
    origin: null,
  }),
  {
    ...sameOriginPost({
      id: 'redir-origin-307-same-origin',
      title: 'A same-origin POST that is repeated by a redirect sends Origin on both hops',
      status: 307,
      second: 'POST',
      origin: '{origin}',
    }),
    because:
      'The Standard adds Origin to every request that is neither GET nor HEAD. A web platform test expects no Origin after a 307.',
  },
];

const keptHeaders = [
  ...inBothApis(
    one({
      id: 'redir-keeps-user-agent',
      title: 'A same-origin redirect keeps a User-Agent set by script',
      spec: [rules, SPEC.networkOrCache],
      request: { headers: [['User-Agent', 'zz']] },
      server: { actual: redirect('hop2', 302), resources: { hop2: onPageOrigin({ actual: answer() }) } },
      expect: readable({
        type: 'basic',
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { 'user-agent': 'zz' }, 'GET hop2': { 'user-agent': 'zz' } },
      }),
      at: 'site',
    }),
  ),
  one({
    id: 'redir-get-keeps-content-type',
    title: 'A GET answered 302 keeps a Content-Type set by script',
    spec: rules,
    request: { headers: [['Content-Type', 'text/plain']] },
    server: { actual: redirect('hop2', 302, acao()), resources: { hop2: onTarget({ actual: allowed }) } },
    expect: readable({
      ...reachedHop2,
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { 'GET hop2': { 'content-type': 'text/plain' } },
    }),
  }),
];

export const redirectRequests = defineSuite({
  id: 'redirect-requests',
  title: 'What a redirect does to the request',
  cases: [...keptHeaders, ...methods, ...authorization, ...originHeader],
});
