/**
 * What the HTTP cache does to CORS.
 * Longer than other files, as a suite is one file.
 */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation, RequestStep } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acah,
  acam,
  acao,
  aceh,
  answer,
  blockedAtResponse,
  type CaseDetails,
  type HeaderLine,
  maxAge,
  preflighted,
  readable,
  resourceAt,
  type Titled,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';

const XHR: CaseRequest = { api: 'xhr' };
const NO_CORS: CaseRequest = { mode: 'no-cors' };
const FRESH: HeaderLine = ['Cache-Control', 'max-age=600'];
const VARY: HeaderLine = ['Vary', 'Origin'];
const NO_CACHE: HeaderLine = ['Cache-Control', 'no-cache'];
const validated: HeaderLine[] = [NO_CACHE, ['ETag', '"1"']];
const CACHES = [SPEC.networkOrCache, SPEC.corsAndCaches];

/** A response that may be stored and used again without asking. */
const stored = (...headers: HeaderLine[]): Answer => ({ headers: [FRESH, ...headers], body: 'stored' });
/** What the server says when it is asked again. */
const later = (...headers: HeaderLine[]): Answer => ({ headers, body: 'later' });

const OPAQUE: Expectation = { outcome: 'opaque', type: 'opaque', body: '' };
/** Script gets a network error, and no request is made. */
const failsFromStore: Expectation = { outcome: 'error', error: 'TypeError', wire: [] };
const readFromStore = (more: Partial<Expectation> = {}): Expectation =>
  readable({ body: 'stored', wire: [], ...more });
const readAnew = (more: Partial<Expectation> = {}): Expectation =>
  readable({ body: 'later', wire: ['GET'], ...more });
/** Script gets a network error, whether or not the server is asked again. */
const fails: Expectation = { outcome: 'error', error: 'TypeError', anyRequests: true };

const OPTIONAL = {
  class: 'may',
  because:
    'A user agent need not have an HTTP cache, or may partition it further; it then sends the request again.',
} as const satisfies Partial<Case>;

/** A redirect that may be stored, and what it leads to. */
const redirecting = (status: number, actual: Answer): NonNullable<RequestStep['server']> => ({
  actual: { status, headers: [FRESH, acao('*'), ['Location', '{url:hop2}']] },
  resources: { hop2: resourceAt('target', { actual }) },
});

type Request = [request: CaseRequest, answer: Answer, expect: Expectation];

/** One request after another for the same URL, each with what the server would answer by then. */
const inTurn = ({
  id,
  title,
  requests,
  spec = CACHES,
  ...details
}: Titled & CaseDetails & { requests: readonly Request[]; spec?: string | string[] }): Case =>
  sequence({
    id,
    title,
    spec,
    steps: requests.map(([request, actual, expect]) => ({ request, server: { actual }, expect })),
    ...details,
  });

export const httpCache = defineSuite({
  id: 'http-cache',
  title: 'The HTTP cache and Vary',
  about:
    'The HTTP cache ignores CORS: it returns what it stored, and the CORS check then uses the stored headers.',
  cases: [
    inTurn({
      id: 'cache-nocors-then-cors/reused',
      title:
        'A response stored by a no-cors request without CORS headers is blocked for a CORS request from the cache',
      requests: [
        [NO_CORS, stored(), OPAQUE],
        [{}, later(acao()), failsFromStore],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-nocors-then-cors/script-element',
      title: 'A response stored by a script element is blocked for a CORS request from the cache',
      requests: [
        [
          { api: 'script', mode: 'no-cors' },
          { headers: [FRESH, ['Content-Type', 'text/javascript']], body: '' },
          { outcome: 'readable', result: 'load', wire: ['GET'] },
        ],
        [{}, later(acao()), failsFromStore],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-nocors-then-cors/never-read',
      title: 'A response stored by a no-cors request is never readable by a CORS request that is not allowed',
      requests: [
        [NO_CORS, stored(), OPAQUE],
        [{}, later(), fails],
      ],
    }),
    inTurn({
      id: 'cache-nocors-then-cors/allowed-before',
      title: 'A response with "*" stored by a no-cors request serves a CORS request from the cache',
      requests: [
        [NO_CORS, stored(acao('*')), OPAQUE],
        [{}, later(acao('*')), readFromStore({ type: 'cors' })],
      ],
      ...OPTIONAL,
    }),
    ...(['reload', 'no-store'] as const).map(cache =>
      inTurn({
        id: `cache-nocors-then-cors/${cache}`,
        title: `Cache mode ${cache} bypasses a response stored by a no-cors request`,
        requests: [
          [NO_CORS, stored(), OPAQUE],
          [{ cache }, later(acao()), readAnew({ type: 'cors' })],
        ],
      }),
    ),
    inTurn({
      id: 'cache-vary-origin/no-cors-then-cors',
      title: 'With Vary: Origin, a response stored without Origin does not serve a request with it',
      requests: [
        [NO_CORS, stored(VARY), { ...OPAQUE, requestHeaders: { origin: null } }],
        [{}, later(acao(), VARY), readAnew({ requestHeaders: { origin: '{origin}' } })],
      ],
    }),
    inTurn({
      id: 'cache-vary-origin/same-origin-again',
      title: 'With Vary: Origin, a stored response serves the same origin again',
      requests: [
        [{}, stored(acao(), VARY), readable({ body: 'stored' })],
        [{}, later(acao(), VARY), readFromStore()],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-vary-origin/star',
      title: 'With Vary: *, a stored response is not used without revalidation',
      requests: [
        [{}, stored(acao(), ['Vary', '*']), readable({ body: 'stored' })],
        [{}, later(acao()), readAnew()],
      ],
    }),
    inTurn({
      id: 'cache-cred-vs-anon/reused',
      title: 'A response stored with "*" is blocked for a request with credentials from the cache',
      requests: [
        [{ credentials: 'omit' }, stored(acao('*')), readable({ body: 'stored' })],
        [
          { credentials: 'include' },
          later(acao(), ['Access-Control-Allow-Credentials', 'true']),
          failsFromStore,
        ],
      ],
      ...OPTIONAL,
      because:
        'Whether requests with and without credentials share a cache is under discussion; the Standard lets them.',
      links: ['https://github.com/whatwg/fetch/issues/1253'],
    }),
    inTurn({
      id: 'cache-cred-vs-anon/never-read',
      title: 'A response stored with "*" is never readable by a request with credentials',
      requests: [
        [{ credentials: 'omit' }, stored(acao('*')), readable({ body: 'stored' })],
        [{ credentials: 'include' }, later(acao('*')), fails],
      ],
    }),
    inTurn({
      id: 'cache-failed-cors-stored/reused',
      title: 'A response that failed the CORS check is stored and fails again even after the server is fixed',
      requests: [
        [{}, stored(), blockedAtResponse()],
        [{}, later(acao()), failsFromStore],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-failed-cors-stored/worker',
      title: "A response that failed the CORS check is stored by a worker's fetch() too",
      requests: [
        [{}, stored(), blockedAtResponse()],
        [{}, later(acao()), failsFromStore],
      ],
      realm: 'worker',
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-failed-cors-stored/reload',
      title: 'Cache mode reload reads the response of the fixed server',
      requests: [
        [{}, stored(), blockedAtResponse()],
        [{ cache: 'reload' }, later(acao()), readAnew()],
      ],
    }),
    inTurn({
      id: 'cache-failed-cors-stored/unstored',
      title: 'A response that is blocked and may not be stored leaves what is stored',
      requests: [
        [{}, stored(acao()), readable({ body: 'stored' })],
        [{ cache: 'no-store' }, later(), blockedAtResponse()],
        [{}, later(acao()), readFromStore()],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-failed-cors-stored/replaced',
      title: 'A response fetched in cache mode reload replaces a stored response that failed the CORS check',
      requests: [
        [{}, stored(), blockedAtResponse()],
        [{ cache: 'reload' }, stored(acao()), readable({ wire: ['GET'] })],
        [{}, later(acao()), readFromStore()],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-cors-then-nocors/reused',
      title: 'A response stored by a CORS request serves a no-cors request as an opaque response',
      requests: [
        [{}, stored(acao()), readable({ body: 'stored' })],
        [NO_CORS, later(), { ...OPAQUE, status: 0, allHeaders: [], wire: [] }],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-cors-then-nocors/never-read',
      title: 'A response stored by a CORS request is opaque to a no-cors request',
      requests: [
        [{}, stored(acao()), readable({ body: 'stored' })],
        [NO_CORS, later(), { ...OPAQUE, status: 0, allHeaders: [], anyRequests: true }],
      ],
    }),
    sequence({
      id: 'cache-acao-echo-two-origins/reused',
      title:
        'A response with a reflected origin stored without Vary is blocked for another origin of the site',
      spec: CACHES,
      steps: [
        {
          server: { actual: stored(acao('{request:origin}')) },
          expect: readable({ body: 'stored' }),
        },
        { expect: failsFromStore, page: 'other-site' },
      ],
      ...OPTIONAL,
    }),
    sequence({
      id: 'cache-acao-echo-two-origins/vary',
      title: 'A response with a reflected origin stored with Vary: Origin does not affect another origin',
      spec: CACHES,
      steps: [
        {
          server: { actual: stored(acao('{request:origin}'), VARY) },
          expect: readable({ body: 'stored' }),
        },
        {
          server: { actual: later(acao('{request:origin}'), VARY) },
          expect: readAnew(),
          page: 'other-site',
        },
      ],
    }),
    ...(
      [
        ['sandboxed', 'a sandboxed frame', { realm: 'sandboxed-frame' }],
        ['cross-site', 'a frame of another site', { frame: 'cross-site' }],
        ['data-worker', 'a data: worker', { realm: 'data-worker', request: { api: 'xhr' } }],
        ['sandboxed-elsewhere', 'a sandboxed frame', { realm: 'sandboxed-frame' }, 'cross-site-target'],
        ['cross-site-elsewhere', 'a frame of another site', { frame: 'cross-site' }, 'cross-site-target'],
      ] as const
    ).map(([variant, what, where, at]) =>
      sequence({
        id: `cache-by-frame/${variant}`,
        title: `A response${at ? ' of a third site' : ''} stored by a page serves ${what} in it`,
        spec: SPEC.httpCachePartition,
        ...(at && { at }),
        steps: [
          { server: { actual: stored(acao('*')) }, expect: readable({ body: 'stored' }) },
          { server: { actual: later(acao('*')) }, expect: readFromStore(), ...where },
        ],
        ...OPTIONAL,
      }),
    ),
    ...(
      [
        ['no-body', 'A PUT without a body', { method: 'PUT' }, 200],
        ['no-store', 'A PUT in cache mode no-store', { method: 'PUT', body: 'x', cache: 'no-store' }, 200],
        ['failed', 'A PUT that fails', { method: 'PUT', body: 'x' }, 501],
        ['failed-reload', 'A PUT that fails', { method: 'PUT', body: 'x', cache: 'reload' }, 501],
      ] as const
    ).map(([variant, what, request, status]) =>
      sequence({
        id: `cache-invalidated/${variant}`,
        title:
          status === 200
            ? `${what} takes out what is stored for its URL`
            : `${what}${variant === 'failed' ? '' : ' in cache mode reload'} leaves what is stored for its URL`,
        spec: SPEC.networkOrCache,
        steps: [
          { server: { actual: stored(acao()) }, expect: readable({ body: 'stored' }) },
          {
            request,
            server: { preflight: answer(acao(), acam('PUT')), actual: { status, headers: [acao()] } },
            expect: preflighted({ status }),
          },
          {
            server: { actual: later(acao()) },
            expect: status === 200 ? readAnew() : readFromStore(),
          },
        ],
        class: 'outside',
        because: 'HTTP Caching rules on this (section 4.4): what is stored is invalid after a success.',
      }),
    ),
    ...(['DELETE', 'PATCH', 'PUT'] as const).map(method =>
      sequence({
        id: `cache-force-cache-unsafe/${method.toLowerCase()}`,
        title: `A ${method} is sent in cache mode force-cache too, whatever is stored for its URL`,
        spec: SPEC.networkOrCache,
        steps: [
          { server: { actual: stored(acao()) }, expect: readable({ body: 'stored' }) },
          {
            request: { method, body: 'x', cache: 'force-cache' },
            server: { preflight: answer(acao(), acam(method)), actual: later(acao()) },
            expect: preflighted({ body: 'later' }),
          },
        ],
      }),
    ),
    ...([404, 500] as const).map(status =>
      inTurn({
        id: `cache-fresh-statuses/${status}`,
        title: `A response with status ${status} and a max-age serves the next request`,
        requests: [
          [{}, { ...stored(acao()), status }, readable({ status, body: 'stored' })],
          [{}, later(acao()), readFromStore({ status })],
        ],
        ...OPTIONAL,
      }),
    ),
    ...([203, 404] as const).map(status =>
      inTurn({
        id: `cache-validated-statuses/${status}`,
        title: `A stored response with status ${status} and an ETag is validated by If-None-Match`,
        requests: [
          [
            {},
            { status, headers: [acao(), ...validated], body: 'stored' },
            readable({ status, body: 'stored' }),
          ],
          [{}, later(acao()), readAnew({ requestHeaders: { 'if-none-match': '"1"' } })],
        ],
        ...OPTIONAL,
      }),
    ),
    ...(
      [
        ['etag', ['ETag', '"1"'], { 'if-none-match': '"1"' }],
        [
          'last-modified',
          ['Last-Modified', 'Sat, 01 Jan 2000 00:00:00 GMT'],
          { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' },
        ],
      ] as const
    ).map(([variant, validator, requestHeaders]) =>
      inTurn({
        id: `cache-validated/${variant}`,
        title: `A 304 to a request that validates by ${validator[0]} makes the stored response readable, without a preflight`,
        requests: [
          [{}, { headers: [acao(), NO_CACHE, [...validator]], body: 'stored' }, readable({ body: 'stored' })],
          [
            {},
            { status: 304, headers: [acao()] },
            readable({ status: 200, body: 'stored', wire: ['GET'], requestHeaders }),
          ],
        ],
        ...OPTIONAL,
      }),
    ),
    inTurn({
      id: 'cache-validated/headers-replaced',
      title: 'The CORS check of a validated response goes by the headers that the 304 brought',
      requests: [
        [{}, { headers: [acao(), ...validated], body: 'stored' }, readable({ body: 'stored' })],
        [{}, { status: 304, headers: [acao('{origin:other-site}')] }, blockedAtResponse({ wire: ['GET'] })],
      ],
    }),
    inTurn({
      id: 'cache-validated/headers-replaced-xhr',
      title:
        'The CORS check of a response that is validated for XMLHttpRequest goes by the headers that the 304 brought',
      requests: [
        [XHR, { headers: [acao(), ...validated], body: 'stored' }, readable({ body: 'stored' })],
        [XHR, { status: 304, headers: [acao('{origin:other-site}')] }, blockedAtResponse({ wire: ['GET'] })],
      ],
    }),
    inTurn({
      id: 'cache-reused-xhr',
      title: 'A response stored by XMLHttpRequest serves the next XMLHttpRequest',
      requests: [
        [XHR, stored(acao()), readable({ body: 'stored' })],
        [XHR, later(acao()), readFromStore()],
      ],
      ...OPTIONAL,
    }),
    sequence({
      id: 'cache-preflighted-xhr',
      title: 'An XMLHttpRequest that needs a preflight is preflighted even if the HTTP cache has its answer',
      spec: [SPEC.preflightFetch, SPEC.networkOrCache],
      steps: [
        {
          request: { ...XHR, headers: [['X-A', '1']] },
          server: { preflight: answer(acao(), acah('x-a'), maxAge(0)), actual: stored(acao()) },
          expect: preflighted({ body: 'stored' }),
        },
        {
          request: { ...XHR, headers: [['X-A', '1']] },
          expect: readable({ body: 'stored', wire: ['OPTIONS'] }),
        },
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-empty-line',
      title: 'A stored response has the header lines that were received empty',
      requests: [
        [{}, stored(acao(), aceh('x-a'), ['X-A', '']), readable({ readable: { 'x-a': '' } })],
        [{}, later(acao()), readFromStore({ readable: { 'x-a': '' } })],
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-validated/headers-kept',
      title: 'The CORS check of a validated response goes by the stored headers that the 304 does not bring',
      requests: [
        [{}, { headers: [acao(), ...validated], body: 'stored' }, readable({ body: 'stored' })],
        [{}, { status: 304 }, readable({ status: 200, body: 'stored', wire: ['GET'] })],
      ],
      ...OPTIONAL,
    }),
    sequence({
      id: 'cache-variants',
      title: 'With Vary: Origin, responses for two origins of a site are stored side by side',
      spec: CACHES,
      steps: [
        {
          server: { actual: stored(acao('{request:origin}'), VARY) },
          expect: readable({ body: 'stored' }),
        },
        { expect: readable({ body: 'stored' }), page: 'other-site' },
        { server: { actual: later(acao('{request:origin}'), VARY) }, expect: readFromStore() },
      ],
      ...OPTIONAL,
    }),
    inTurn({
      id: 'cache-refused-redirect',
      title: 'A redirect that fails the CORS check is stored and fails again even after the server is fixed',
      requests: [
        [{}, { status: 301, headers: [FRESH, ['Location', '{url}']] }, blockedAtResponse()],
        [{}, later(acao()), failsFromStore],
      ],
      ...OPTIONAL,
    }),
    sequence({
      id: 'cache-without-lifetime',
      title:
        'A status 307 that says nothing about caching is not stored, not even for cache mode force-cache',
      spec: SPEC.networkOrCache,
      steps: [
        {
          server: {
            actual: { status: 307, headers: [acao(), ['Location', '{url:hop2}']] },
            resources: {
              hop2: resourceAt('other-target', { actual: answer(acao('*'), ['Cache-Control', 'no-store']) }),
            },
          },
          expect: readable({ wire: ['GET', 'GET hop2'], redirected: true }),
        },
        {
          request: { cache: 'force-cache' },
          expect: readable({ wire: ['GET', 'GET hop2'], redirected: true }),
        },
      ],
      class: 'outside',
      because:
        'HTTP Caching rules on this: a response without a lifetime is stored only if its status is defined as heuristically cacheable, which 307 is not.',
    }),
    sequence({
      id: 'cache-preflight-not-http-cached',
      title: 'A preflight response is not stored in the HTTP cache, whatever its Cache-Control',
      spec: [SPEC.preflightFetch, SPEC.httpOptions],
      steps: [
        {
          request: { method: 'PUT' },
          server: { preflight: answer(acao(), acam('PUT'), maxAge(0), FRESH), actual: answer(acao()) },
          expect: preflighted(),
        },
        { request: { method: 'PUT' }, expect: preflighted() },
      ],
      class: 'wire',
    }),
    ...(
      [
        ['if-none-match', '"1"'],
        ['if-modified-since', 'Sat, 01 Jan 2000 00:00:00 GMT'],
      ] as const
    ).map(([name, value]) =>
      sequence({
        id: `cache-conditional-author/${name}`,
        title: `A conditional ${name} set by script is preflighted and sent with Pragma and Cache-Control: no-cache`,
        spec: SPEC.networkOrCache,
        steps: [
          {
            request: { headers: [[name, value]] },
            server: { preflight: answer(acao(), acah(name)), actual: answer(acao()) },
            expect: preflighted({
              accessControlRequestHeaders: name,
              requestHeaders: { [name]: value, pragma: 'no-cache', 'cache-control': 'no-cache' },
              preflightHeaders: { pragma: null, 'cache-control': null },
            }),
          },
        ],
        class: 'wire',
      }),
    ),
    sequence({
      id: 'cache-conditional-author/status-304',
      title: 'A 304 to an If-None-Match set by script is readable',
      spec: SPEC.networkOrCache,
      steps: [
        {
          request: { headers: [['If-None-Match', '"1"']] },
          server: {
            preflight: answer(acao(), acah('if-none-match')),
            actual: { status: 304, headers: [acao(), ['ETag', '"1"']] },
          },
          expect: preflighted({ status: 304, body: '' }),
        },
      ],
    }),
    ...(
      [
        ['default', { pragma: null, 'cache-control': null }],
        ['force-cache', { pragma: null, 'cache-control': null }],
        ['reload', { pragma: 'no-cache', 'cache-control': 'no-cache' }],
        ['no-store', { pragma: 'no-cache', 'cache-control': 'no-cache' }],
        ['no-cache', { 'cache-control': 'max-age=0' }],
      ] as const
    ).map(([cache, requestHeaders]) =>
      sequence({
        id: `cache-mode-headers-not-unsafe/${cache}`,
        title: `The headers added by cache mode ${cache} need no preflight`,
        spec: [SPEC.networkOrCache, SPEC.unsafeRequestHeaderNames],
        steps: [
          {
            request: { cache },
            server: { actual: answer(acao()) },
            expect: readable({ preflight: 'not sent', requestHeaders }),
          },
        ],
        class: 'wire',
      }),
    ),
    sequence({
      id: 'cache-split-top-level',
      title: 'A response stored under one top-level site is not used under another',
      spec: SPEC.httpCachePartition,
      steps: [
        { server: { actual: stored(acao('*')) }, expect: readable({ body: 'stored' }) },
        { server: { actual: later(acao('*')) }, expect: readAnew(), page: 'cross-site' },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-redirect-cached/replayed',
      title: 'A stored redirect is followed again without another request for it',
      spec: [SPEC.networkOrCache, SPEC.redirectFetch],
      steps: [
        {
          server: {
            actual: { status: 301, headers: [FRESH, acao(), ['Location', '{url:hop2}']] },
            resources: {
              hop2: resourceAt('other-target', { actual: answer(acao('*'), ['Cache-Control', 'no-store']) }),
            },
          },
          expect: readable({ wire: ['GET', 'GET hop2'], redirected: true }),
        },
        { expect: readable({ wire: ['GET hop2'], redirected: true, url: '{url:hop2}' }) },
      ],
      ...OPTIONAL,
    }),
    ...(
      [
        ['permanent', 'permanent redirect', 301],
        ['temporary', 'temporary redirect', 302],
      ] as const
    ).flatMap(([variant, what, status]) => [
      sequence({
        id: `cache-redirect-cached/validated-${variant}`,
        title: `What a stored ${what} leads to is validated, and stored anew`,
        spec: [SPEC.networkOrCache, SPEC.redirectFetch],
        steps: [
          {
            server: redirecting(status, { headers: [acao('*'), ...validated], body: 'stored' }),
            expect: readable({ body: 'stored', wire: ['GET', 'GET hop2'] }),
          },
          {
            server: redirecting(status, { headers: [acao('*'), NO_CACHE, ['ETag', '"2"']], body: 'later' }),
            expect: readable({
              body: 'later',
              wire: ['GET hop2'],
              requestHeadersAt: { 'GET hop2': { 'if-none-match': '"1"' } },
            }),
          },
          {
            request: { to: 'hop2' },
            expect: readable({
              wire: ['GET hop2'],
              requestHeadersAt: { 'GET hop2': { 'if-none-match': '"2"' } },
            }),
          },
        ],
        ...OPTIONAL,
      }),
      sequence({
        id: `cache-redirect-cached/used-${variant}`,
        title: `What a stored ${what} leads to is used while it is fresh`,
        spec: [SPEC.networkOrCache, SPEC.redirectFetch],
        steps: [
          {
            server: redirecting(status, stored(acao('*'))),
            expect: readable({ body: 'stored', wire: ['GET', 'GET hop2'] }),
          },
          {
            server: redirecting(status, later(acao('*'))),
            expect: readFromStore({ redirected: true, url: '{url:hop2}' }),
          },
        ],
        ...OPTIONAL,
      }),
    ]),
    sequence({
      id: 'cache-redirect-cached/used-permanent-after-no-store',
      title:
        'What a stored permanent redirect leads to is used while it is fresh, whatever was said there before',
      spec: [SPEC.networkOrCache, SPEC.redirectFetch],
      steps: [
        {
          server: redirecting(301, { headers: [acao('*'), ['Cache-Control', 'no-store']], body: 'first' }),
          expect: readable({ body: 'first', wire: ['GET', 'GET hop2'] }),
        },
        {
          server: redirecting(301, stored(acao('*'))),
          expect: readable({ body: 'stored', wire: ['GET hop2'] }),
        },
        {
          server: redirecting(301, later(acao('*'))),
          expect: readFromStore({ redirected: true, url: '{url:hop2}' }),
        },
      ],
      ...OPTIONAL,
    }),
    sequence({
      id: 'cache-redirect-cached/checked',
      title: 'A redirect stored without CORS headers is blocked for a CORS request',
      spec: [SPEC.httpFetch, SPEC.redirectFetch],
      steps: [
        {
          request: NO_CORS,
          server: {
            actual: { status: 301, headers: [FRESH, ['Location', '{url:hop2}']] },
            resources: {
              hop2: resourceAt('other-target', { actual: answer(acao('*'), ['Cache-Control', 'no-store']) }),
            },
          },
          expect: { outcome: 'opaque', wire: ['GET', 'GET hop2'] },
        },
        { expect: fails },
      ],
    }),
  ],
});
