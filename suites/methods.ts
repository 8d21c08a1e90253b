/** Methods: which are normalized, which script may use, and how a method list is matched. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { viaXhr, withXhr } from './api-helpers.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  INCLUDE,
  one,
  preflighted,
  readable,
  type Titled,
} from './helpers.ts';
import { asksFirst, needsNoPreflight } from './safelist-helpers.ts';

const NORMALIZED: [written: string, sent: string, list: string | null][] = [
  ['Put', 'PUT', 'PUT'],
  ['delete', 'DELETE', 'DELETE'],
  ['options', 'OPTIONS', 'OPTIONS'],
  ['post', 'POST', null],
  ['get', 'GET', null],
  ['HeaD', 'HEAD', null],
];

const normalized = ([written, sent, list]: (typeof NORMALIZED)[number]): Case =>
  one({
    id: `method-normalize/${written.toLowerCase()}`,
    title: `The method ${written} is sent as ${sent}`,
    spec: SPEC.normalizeMethod,
    request: { method: written },
    server: { preflight: answer(acao(), ...(list ? [acam(list)] : [])), actual: allowed },
    expect: readable({
      status: 200,
      wire: list ? ['OPTIONS', sent] : [sent],
      ...(list && { accessControlRequestMethod: sent }),
    }),
  });

/** A method beside what a preflight answer lists: matched byte for byte. */
const matched = ({
  id,
  method,
  list,
  ok,
  request = {},
}: {
  request?: CaseRequest;
  id: string;
  method: string;
  list: string;
  ok: boolean;
}): Case =>
  one({
    id,
    title: `Access-Control-Allow-Methods: ${list} ${ok ? 'allows' : 'does not allow'} the method ${method}${request.credentials === undefined ? '' : ' with credentials'}`,
    spec: [SPEC.preflightFetch, SPEC.normalizeMethod],
    request: { method, ...request },
    server: { preflight: answer(acao(), acac(), acam(list)), actual: answer(acao(), acac()) },
    expect: ok
      ? readable({ status: 200, wire: ['OPTIONS', method], accessControlRequestMethod: method })
      : blockedAtPreflight({ wire: ['OPTIONS'], accessControlRequestMethod: method }),
  });

/** A call that throws before anything is sent; XHR throws in open(). */
const thrown = ({
  id,
  title,
  spec,
  request,
  errors: [byFetch, byXhr],
}: Titled & { spec: string; request: CaseRequest; errors: [string, string | null] }): Case[] => {
  const throws = (error: string): Expectation => ({ outcome: 'error', error, wire: [] });
  const withFetch = one({
    id,
    title,
    spec: [spec, SPEC.requestClass],
    request,
    server: allowed,
    expect: throws(byFetch),
  });
  if (byXhr === null) return [withFetch];
  const withXhr = one({
    id,
    title,
    spec: [spec, SPEC.xhrOpen],
    request,
    server: allowed,
    expect: throws(byXhr),
  });
  return [withFetch, viaXhr(withXhr)];
};

const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK', 'connect', 'Trace', 'tRaCk'];
const NO_TOKENS: [id: string, method: string, what: string][] = [
  ['space', 'GET A', 'A method with a space'],
  ['empty', '', 'An empty method'],
  ['colon', 'GET:', 'A method with a colon'],
  ['line-feed', 'GET\n', 'A method with a line feed'],
  ['nonascii', 'G\xc9T', 'A method with a letter that is not ASCII'],
];

const OVERRIDES = ['X-HTTP-Method', 'X-HTTP-Method-Override', 'X-Method-Override'];
const OVERRIDDEN: [id: string, value: string][] = [
  ['trace', 'TRACE'],
  ['list', 'GET, track'],
  ['lower', 'connect'],
];

const bodyWith = (method: string): CaseRequest => ({ method, body: 'hello' });

export const methods = defineSuite({
  id: 'methods',
  title: 'Methods',
  about: 'Six methods are uppercased, three are forbidden, and any other is sent and matched as written.',
  cases: [
    ...NORMALIZED.map(normalized).flatMap(withXhr),
    matched({ id: 'method-patch-not-normalized/lower-by-upper', method: 'patch', list: 'PATCH', ok: false }),
    ...withXhr(
      matched({ id: 'method-patch-not-normalized/lower-by-lower', method: 'patch', list: 'patch', ok: true }),
    ),
    matched({ id: 'method-patch-not-normalized/upper-by-lower', method: 'PATCH', list: 'patch', ok: false }),
    ...withXhr(
      matched({ id: 'method-patch-not-normalized/upper-by-upper', method: 'PATCH', list: 'PATCH', ok: true }),
    ),
    matched({ id: 'method-patch-not-normalized/mixed-by-upper', method: 'Patch', list: 'PATCH', ok: false }),
    ...['eGg', 'chicken', 'NEW'].flatMap(method =>
      withXhr(matched({ id: `method-custom-case/${method.toLowerCase()}`, method, list: method, ok: true })),
    ),
    matched({ id: 'method-custom-case/other-case', method: 'eGg', list: 'EGG, egg', ok: false }),
    ...withXhr(
      matched({
        id: 'method-star-literal/credentials',
        method: '*',
        list: '*',
        ok: true,
        request: INCLUDE,
      }),
    ),
    matched({
      id: 'method-star-literal/other-method',
      method: 'PUT',
      list: '*',
      ok: false,
      request: INCLUDE,
    }),
    ...FORBIDDEN.flatMap(method =>
      thrown({
        id: `method-forbidden/${method.toLowerCase()}${method === method.toUpperCase() ? '' : '-in-other-case'}`,
        title: `The forbidden method ${method} makes the call throw, and nothing is sent`,
        spec: SPEC.forbiddenMethod,
        request: { method },
        errors: ['TypeError', 'SecurityError'],
      }),
    ),
    ...NO_TOKENS.flatMap(([id, method, what]) =>
      thrown({
        id: `method-invalid-token/${id}`,
        title: `${what} makes the call throw, and nothing is sent`,
        spec: SPEC.method,
        request: { method },
        errors: ['TypeError', 'SyntaxError'],
      }),
    ),
    ...['GET', 'HEAD'].flatMap(method => [
      ...thrown({
        id: `method-get-with-body/${method.toLowerCase()}`,
        title: `fetch() throws for a ${method} with a body`,
        spec: SPEC.requestClass,
        request: bodyWith(method),
        errors: ['TypeError', null],
      }),
      one({
        id: `method-get-with-body/${method.toLowerCase()}-xhr`,
        title: `XMLHttpRequest drops the body of a ${method}`,
        spec: SPEC.xhrSend,
        request: { api: 'xhr', ...bodyWith(method) },
        server: allowed,
        expect: readable({
          status: 200,
          wire: [method],
          requestHeaders: { 'content-type': null, 'content-length': null, 'transfer-encoding': null },
        }),
      }),
    ]),
    ...['GET', 'HEAD', 'POST'].flatMap(method =>
      [null, 'PUT', method.toLowerCase()].map(list =>
        one({
          id: `method-safelisted-never-in-acam/${method.toLowerCase()}-${list === null ? 'no-list' : list === 'PUT' ? 'other-list' : 'lower-list'}`,
          title: `A ${method} with a custom header is allowed ${list === null ? 'without Access-Control-Allow-Methods' : `by Access-Control-Allow-Methods: ${list}`}`,
          spec: [SPEC.preflightFetch, SPEC.safelistedMethod],
          request: { method, headers: [['X-A', '1']] },
          server: {
            preflight: answer(acao(), acah('x-a'), ...(list === null ? [] : [acam(list)])),
            actual: allowed,
          },
          expect: preflighted({ status: 200, accessControlRequestMethod: method }),
        }),
      ),
    ),
    ...OVERRIDES.flatMap(name =>
      OVERRIDDEN.map(([id, value]) =>
        needsNoPreflight({
          id: `method-override-headers/${name.toLowerCase()}-${id}`,
          title: `${name}: ${value} is dropped, as it names a forbidden method`,
          request: { headers: [[name, value]] },
          expect: { requestHeaders: { [name.toLowerCase()]: null } },
          spec: [SPEC.forbiddenRequestHeader],
        }),
      ),
    ),
    asksFirst({
      id: 'method-override-allowed/quoted',
      title: 'X-HTTP-Method: "TRACE", with its quotes, is an ordinary header and needs a preflight',
      request: { headers: [['X-HTTP-Method', '"TRACE"']] },
      names: 'x-http-method',
      spec: [SPEC.forbiddenRequestHeader],
    }),
    viaXhr(
      needsNoPreflight({
        id: 'method-override-headers/all',
        title: 'Method override headers are dropped if they name a forbidden method',
        request: { headers: OVERRIDES.map(name => [name, 'TRACE']) },
        expect: { requestHeaders: Object.fromEntries(OVERRIDES.map(name => [name.toLowerCase(), null])) },
        spec: [SPEC.forbiddenRequestHeader, SPEC.xhrSetRequestHeader],
      }),
    ),
    ...OVERRIDES.map(name =>
      asksFirst({
        id: `method-override-allowed/${name.toLowerCase()}`,
        title: `${name} is an ordinary header if it names no forbidden method`,
        request: { method: 'POST', headers: [[name, 'PUT']] },
        names: name.toLowerCase(),
      }),
    ),
  ],
});
