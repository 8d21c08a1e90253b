/** Methods: which are normalized, which script may use, and how a method list is matched. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { viaXhr, withXhr } from './apis.ts';
import { asked, unasked } from './families.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  one,
  preflighted,
  readable,
  refused,
  spec,
} from './helpers.ts';

const NORMALIZED: [written: string, sent: string, list: string | null][] = [
  ['Put', 'PUT', 'PUT'],
  ['delete', 'DELETE', 'DELETE'],
  ['options', 'OPTIONS', 'OPTIONS'],
  ['post', 'POST', null],
  ['get', 'GET', null],
  ['HeaD', 'HEAD', null],
];

const normalized = ([written, sent, list]: (typeof NORMALIZED)[number]): Case =>
  one(
    `method-normalize/${written.toLowerCase()}`,
    `The method ${written} is sent as ${sent}`,
    spec.normalizeMethod,
    { method: written },
    { preflight: answer(acao(), ...(list ? [acam(list)] : [])), actual: allowed },
    readable({
      status: 200,
      wire: list ? ['OPTIONS', sent] : [sent],
      ...(list && { accessControlRequestMethod: sent }),
    }),
  );

/** A method beside what a preflight answer lists: matched byte for byte. */
const matched = (id: string, method: string, list: string, ok: boolean, more: CaseRequest = {}): Case =>
  one(
    id,
    `The method ${method} is ${ok ? 'allowed' : 'not allowed'} by the list "${list}"`,
    [spec.preflightFetch, spec.normalizeMethod],
    { method, ...more },
    { preflight: answer(acao(), acac(), acam(list)), actual: answer(acao(), acac()) },
    ok
      ? readable({ status: 200, wire: ['OPTIONS', method], accessControlRequestMethod: method })
      : refused({ wire: ['OPTIONS'], accessControlRequestMethod: method }),
  );

/** A call that throws before anything is sent; XHR throws in open(). */
const thrown = (
  id: string,
  title: string,
  link: string,
  request: CaseRequest,
  [byFetch, byXhr]: [string, string | null],
): Case[] => {
  const throws = (error: string): Expectation => ({ outcome: 'error', error, wire: [] });
  const withFetch = one(id, title, [link, spec.requestClass], request, allowed, throws(byFetch));
  if (byXhr === null) return [withFetch];
  const withXhr = one(id, title, [link, spec.xhrOpen], request, allowed, throws(byXhr));
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
  about:
    'Six methods are put into capitals, three are forbidden, and any other is sent and matched as it is written.',
  cases: [
    ...NORMALIZED.map(normalized).flatMap(withXhr),
    matched('method-patch-not-normalized/lower-by-upper', 'patch', 'PATCH', false),
    ...withXhr(matched('method-patch-not-normalized/lower-by-lower', 'patch', 'patch', true)),
    matched('method-patch-not-normalized/upper-by-lower', 'PATCH', 'patch', false),
    ...withXhr(matched('method-patch-not-normalized/upper-by-upper', 'PATCH', 'PATCH', true)),
    matched('method-patch-not-normalized/mixed-by-upper', 'Patch', 'PATCH', false),
    ...['eGg', 'chicken', 'NEW'].flatMap(method =>
      withXhr(matched(`method-custom-case/${method.toLowerCase()}`, method, method, true)),
    ),
    matched('method-custom-case/other-case', 'eGg', 'EGG, egg', false),
    ...withXhr(matched('method-star-literal/credentials', '*', '*', true, { credentials: 'include' })),
    matched('method-star-literal/other-method', 'PUT', '*', false, { credentials: 'include' }),
    ...FORBIDDEN.flatMap(method =>
      thrown(
        `method-forbidden/${method.toLowerCase()}${method === method.toUpperCase() ? '' : '-in-other-case'}`,
        `The method ${method} is forbidden: the call throws and nothing is sent`,
        spec.forbiddenMethod,
        { method },
        ['TypeError', 'SecurityError'],
      ),
    ),
    ...NO_TOKENS.flatMap(([id, method, what]) =>
      thrown(
        `method-invalid-token/${id}`,
        `${what} is no method: the call throws and nothing is sent`,
        'https://fetch.spec.whatwg.org/#concept-method',
        { method },
        ['TypeError', 'SyntaxError'],
      ),
    ),
    ...['GET', 'HEAD'].flatMap(method => [
      ...thrown(
        `method-get-with-body/${method.toLowerCase()}`,
        `fetch() throws where a ${method} has a body`,
        spec.requestClass,
        bodyWith(method),
        ['TypeError', null],
      ),
      one(
        `method-get-with-body/${method.toLowerCase()}-xhr`,
        `XMLHttpRequest drops the body of a ${method}`,
        spec.xhrSend,
        { api: 'xhr', ...bodyWith(method) },
        allowed,
        readable({
          status: 200,
          wire: [method],
          requestHeaders: { 'content-type': null, 'content-length': null, 'transfer-encoding': null },
        }),
      ),
    ]),
    ...['GET', 'HEAD', 'POST'].flatMap(method =>
      [null, 'PUT', method.toLowerCase()].map(list =>
        one(
          `method-safelisted-never-in-acam/${method.toLowerCase()}-${list === null ? 'no-list' : list === 'PUT' ? 'other-list' : 'lower-list'}`,
          `${method} with a custom header needs no method list${list === null ? '' : `, and "${list}" does not hurt`}`,
          [spec.preflightFetch, spec.safelistedMethod],
          { method, headers: [['X-A', '1']] },
          { preflight: answer(acao(), acah('x-a'), ...(list === null ? [] : [acam(list)])), actual: allowed },
          preflighted({ status: 200, accessControlRequestMethod: method }),
        ),
      ),
    ),
    ...OVERRIDES.flatMap(name =>
      OVERRIDDEN.map(([id, value]) =>
        unasked(
          `method-override-headers/${name.toLowerCase()}-${id}`,
          `${name} is dropped where its value is "${value}"`,
          { headers: [[name, value]] },
          { requestHeaders: { [name.toLowerCase()]: null } },
          { spec: [spec.forbiddenRequestHeader] },
        ),
      ),
    ),
    viaXhr(
      unasked(
        'method-override-headers/all',
        'Method override headers are dropped where they name a forbidden method',
        { headers: OVERRIDES.map(name => [name, 'TRACE']) },
        { requestHeaders: Object.fromEntries(OVERRIDES.map(name => [name.toLowerCase(), null])) },
        { spec: [spec.forbiddenRequestHeader, spec.xhrSetRequestHeader] },
      ),
    ),
    ...OVERRIDES.map(name =>
      asked(
        `method-override-allowed/${name.toLowerCase()}`,
        `${name} is an ordinary header where it names no forbidden method`,
        { method: 'POST', headers: [[name, 'PUT']] },
        name.toLowerCase(),
      ),
    ),
  ],
});
