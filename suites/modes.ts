/** Request modes and response types. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation } from '../harness/case/schema.ts';
import { acam, acao, allowed, answer, failed, noCors, one, readable, spec } from './helpers.ts';

const opaque = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'opaque',
  type: 'opaque',
  status: 0,
  ...more,
});

const blind: Case[] = [
  one(
    'mode-nocors-opaque',
    'A response to a request without CORS shows neither status nor headers nor body nor URL.',
    [spec.mainFetch, spec.opaqueFilteredResponse],
    noCors(),
    answer(['X-A', '1']),
    opaque({ body: '', url: '', redirected: false, allHeaders: [], requestHeaders: { origin: null } }),
  ),
  one(
    'mode-nocors-opaque/though-allowed',
    'It stays opaque where the server allows the origin.',
    [spec.mainFetch, spec.opaqueFilteredResponse],
    noCors(),
    allowed,
    opaque({ body: '', allHeaders: [] }),
  ),
  one(
    'mode-nocors-opaque/error-status',
    'A server’s error cannot be told from its success.',
    spec.opaqueFilteredResponse,
    noCors(),
    { status: 500 },
    opaque({ body: '', allHeaders: [] }),
  ),
  one(
    'mode-nocors-opaque/post',
    'A POST without CORS says where it comes from.',
    [spec.mainFetch, spec.originHeader],
    noCors({ method: 'POST', body: 'x' }),
    answer(),
    opaque({ requestHeaders: { origin: '{origin}' }, requestBody: 'x' }),
  ),
  one(
    'mode-nocors-same-origin',
    'Without CORS, a response of the page’s own origin is readable.',
    spec.mainFetch,
    noCors(),
    answer(['X-A', '1']),
    readable({ type: 'basic', status: 200, body: 'ok', readable: { 'x-a': '1' } }),
    { at: 'site' },
  ),
  ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'x-own'].map(method =>
    one(
      `mode-nocors-method/${method.toLowerCase()}`,
      `fetch() makes no ${method} request without CORS.`,
      spec.requestClass,
      noCors({ method }),
      allowed,
      failed(),
    ),
  ),
  one(
    'mode-nocors-json-type',
    'Without CORS, a Content-Type that is not safelisted is dropped in favour of the body’s own.',
    [spec.headersClass, spec.requestClass],
    noCors({ method: 'POST', headers: [['Content-Type', 'application/json']], body: '[]' }),
    answer(),
    opaque({ requestHeaders: { 'content-type': 'text/plain;charset=UTF-8' }, requestBody: '[]' }),
  ),
  one(
    'stream-upload-nocors',
    'A stream cannot be sent without CORS.',
    spec.requestClass,
    noCors({ method: 'POST', body: { stream: 'x' } }),
    answer(),
    failed(),
  ),
];

const refusedAtOnce: Case[] = [
  one(
    'mode-same-origin-cross',
    'A request for the page’s own origin only does not leave for another.',
    spec.mainFetch,
    { mode: 'same-origin' },
    answer(acao('*')),
    failed(),
  ),
  one(
    'mode-same-origin-cross/put',
    'Nor does it send a preflight there.',
    spec.mainFetch,
    { mode: 'same-origin', method: 'PUT' },
    { preflight: answer(acao('*'), acam('PUT')), actual: answer(acao('*')) },
    failed(),
  ),
  one(
    'mode-navigate-throws',
    'Script cannot make a navigation request.',
    spec.requestClass,
    { mode: 'navigate' },
    allowed,
    failed(),
  ),
  ...(['cors', 'no-cors'] as const).map(mode =>
    one(
      `mode-only-if-cached/${mode}`,
      `The cache mode only-if-cached is refused with the mode ${mode}.`,
      spec.requestClass,
      { mode, cache: 'only-if-cached' },
      allowed,
      failed(),
    ),
  ),
];

const types: Case[] = [
  ...(['cors', 'no-cors', 'same-origin'] as const).map(mode =>
    one(
      `type-basic-cors-opaque/own-${mode}`,
      `With the mode ${mode}, a response of the page’s own origin is basic.`,
      spec.mainFetch,
      { mode },
      answer(),
      readable({ type: 'basic', body: 'ok' }),
      { at: 'site' },
    ),
  ),
  one(
    'type-basic-cors-opaque/cors',
    'With the mode cors, a response of another origin is of type cors.',
    spec.mainFetch,
    { mode: 'cors' },
    allowed,
    readable({ type: 'cors', body: 'ok' }),
  ),
  one(
    'type-basic-cors-opaque/no-cors',
    'With the mode no-cors, a response of another origin is opaque.',
    spec.mainFetch,
    noCors(),
    allowed,
    opaque(),
  ),
  one(
    'type-basic-cors-opaque/manual-redirect',
    'A redirect that is not followed is an opaque redirect.',
    spec.httpFetch,
    { redirect: 'manual' },
    { status: 302, headers: [acao(), ['Location', '/elsewhere']] },
    { outcome: 'opaque', type: 'opaqueredirect', status: 0, allHeaders: [] },
  ),
];

export const modes = defineSuite({
  id: 'modes',
  title: 'Request modes and response types',
  about: 'What the mode of a request makes of the response, and what never leaves at all.',
  cases: [...blind, ...refusedAtOnce, ...types],
});
