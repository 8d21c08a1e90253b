/** Request modes and response types. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, allowed, answer, networkError, noCors, one, readable } from './helpers.ts';

const opaque = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'opaque',
  type: 'opaque',
  status: 0,
  ...more,
});

const blind: Case[] = [
  one({
    id: 'mode-nocors-opaque',
    title: 'A response to a no-cors request hides its status, headers, body and URL',
    spec: [SPEC.mainFetch, SPEC.opaqueFilter],
    request: noCors(),
    server: answer(['X-A', '1']),
    expect: opaque({
      body: '',
      url: '',
      redirected: false,
      allHeaders: [],
      requestHeaders: { origin: null },
    }),
  }),
  one({
    id: 'mode-nocors-opaque/though-allowed',
    title: 'A response to a no-cors request is opaque even if the server allows the origin',
    spec: [SPEC.mainFetch, SPEC.opaqueFilter],
    request: noCors(),
    server: allowed,
    expect: opaque({ body: '', allHeaders: [] }),
  }),
  one({
    id: 'mode-nocors-opaque/error-status',
    title: 'A response to a no-cors request hides an error status',
    spec: SPEC.opaqueFilter,
    request: noCors(),
    server: { status: 500 },
    expect: opaque({ body: '', allHeaders: [] }),
  }),
  one({
    id: 'mode-nocors-opaque/post',
    title: "A no-cors POST sends the page's origin",
    spec: [SPEC.mainFetch, SPEC.originHeader],
    request: noCors({ method: 'POST', body: 'x' }),
    server: answer(),
    expect: opaque({ requestHeaders: { origin: '{origin}' }, requestBody: 'x' }),
  }),
  one({
    id: 'mode-nocors-same-origin',
    title: 'A same-origin response to a no-cors request is readable',
    spec: SPEC.mainFetch,
    request: noCors(),
    server: answer(['X-A', '1']),
    expect: readable({ type: 'basic', status: 200, body: 'ok', readable: { 'x-a': '1' } }),
    at: 'site',
  }),
  ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'x-own'].map(method =>
    one({
      id: `mode-nocors-method/${method.toLowerCase()}`,
      title: `fetch() throws for the method ${method} in mode no-cors`,
      spec: SPEC.requestClass,
      request: noCors({ method }),
      server: allowed,
      expect: networkError(),
    }),
  ),
  one({
    id: 'mode-nocors-json-type',
    title: "In mode no-cors, a Content-Type that is not safelisted is replaced by the body's type",
    spec: [SPEC.headersClass, SPEC.requestClass],
    request: noCors({ method: 'POST', headers: [['Content-Type', 'application/json']], body: '[]' }),
    server: answer(),
    expect: opaque({ requestHeaders: { 'content-type': 'text/plain;charset=UTF-8' }, requestBody: '[]' }),
  }),
  one({
    id: 'stream-upload-nocors',
    title: 'In mode no-cors, a stream cannot be the body',
    spec: SPEC.requestClass,
    request: noCors({ method: 'POST', body: { stream: 'x' } }),
    server: answer(),
    expect: networkError(),
  }),
];

const refusedAtOnce: Case[] = [
  one({
    id: 'mode-only-if-cached/same-origin',
    title: 'In cache mode only-if-cached, a same-origin URL that is not cached is a network error',
    spec: SPEC.networkOrCache,
    request: { cache: 'only-if-cached', mode: 'same-origin' },
    server: answer(),
    expect: networkError(),
    at: 'site',
  }),
  one({
    id: 'mode-same-origin-cross',
    title: 'In mode same-origin, a request to another origin is not sent',
    spec: SPEC.mainFetch,
    request: { mode: 'same-origin' },
    server: answer(acao('*')),
    expect: networkError(),
  }),
  one({
    id: 'mode-same-origin-cross/put',
    title: 'In mode same-origin, no preflight is sent to another origin',
    spec: SPEC.mainFetch,
    request: { mode: 'same-origin', method: 'PUT' },
    server: { preflight: answer(acao('*'), acam('PUT')), actual: answer(acao('*')) },
    expect: networkError(),
  }),
  one({
    id: 'mode-navigate-throws',
    title: 'fetch() throws for mode navigate',
    spec: SPEC.requestClass,
    request: { mode: 'navigate' },
    server: allowed,
    expect: networkError(),
  }),
  ...(['cors', 'no-cors'] as const).map(mode =>
    one({
      id: `mode-only-if-cached/${mode}`,
      title: `fetch() throws for cache mode only-if-cached in mode ${mode}`,
      spec: SPEC.requestClass,
      request: { mode, cache: 'only-if-cached' },
      server: allowed,
      expect: networkError(),
    }),
  ),
];

const types: Case[] = [
  ...(['cors', 'no-cors', 'same-origin'] as const).map(mode =>
    one({
      id: `type-basic-cors-opaque/own-${mode}`,
      title: `In mode ${mode}, a same-origin response has type basic`,
      spec: SPEC.mainFetch,
      request: { mode },
      server: answer(),
      expect: readable({ type: 'basic', body: 'ok' }),
      at: 'site',
    }),
  ),
  one({
    id: 'type-basic-cors-opaque/cors',
    title: 'In mode cors, a cross-origin response has type cors',
    spec: SPEC.mainFetch,
    request: { mode: 'cors' },
    server: allowed,
    expect: readable({ type: 'cors', body: 'ok' }),
  }),
  one({
    id: 'type-basic-cors-opaque/no-cors',
    title: 'In mode no-cors, a cross-origin response has type opaque',
    spec: SPEC.mainFetch,
    request: noCors(),
    server: allowed,
    expect: opaque(),
  }),
  one({
    id: 'type-basic-cors-opaque/manual-redirect',
    title: 'In redirect mode manual, a redirect has type opaqueredirect',
    spec: SPEC.httpFetch,
    request: { redirect: 'manual' },
    server: { status: 302, headers: [acao(), ['Location', '/elsewhere']] },
    expect: { outcome: 'opaque', type: 'opaqueredirect', status: 0, allHeaders: [] },
  }),
];

export const modes = defineSuite({
  id: 'modes',
  title: 'Request modes and response types',
  about: "What a request's mode makes of the response, and which requests are never sent.",
  cases: [...blind, ...refusedAtOnce, ...types],
});
