/**
 * Behaviours that generated cases brought to light: each is the smallest case that shows it.
 * Longer than other files, as a suite is one file.
 */

import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  blockedAtResponse,
  type HeaderLine,
  maxAge,
  networkError,
  type OneStep,
  one,
  preflighted,
  readable,
  resourceAt,
} from './helpers.ts';
import { redirect } from './redirect-helpers.ts';
import { fromPreflightCache, MAY_FORGET_EARLY, sequence } from './sequence-helpers.ts';

const withXA: CaseRequest = { headers: [['X-A', '1']] };
const remembering = { preflight: answer(acao(), acah('x-a, if-none-match'), maxAge(600)), actual: allowed };
const anyone = acao('{request:origin}');
/** A same-origin request that is redirected within the origin. */
const dprToOwnOrigin = {
  at: 'site',
  request: { headers: [['DPR', '1']] },
  server: {
    actual: redirect('hop2', 302),
    resources: { hop2: resourceAt('site', { actual: answer() }) },
  },
  expect: readable({ type: 'basic', wire: ['GET', 'GET hop2'], requestHeaders: { dpr: '1' } }),
} satisfies Partial<OneStep>;

/** Same-origin requests that would need a preflight elsewhere, for what no header of script's says. */
const FROM_HOME: readonly [variant: string, what: string, request: CaseRequest][] = [
  ['method', 'A same-origin PUT', { method: 'PUT' }],
  [
    'body',
    'A same-origin XMLHttpRequest with JSON',
    { api: 'xhr', method: 'POST', body: { blob: '{}', type: 'application/json' } },
  ],
];

const FRESH: HeaderLine = ['Cache-Control', 'max-age=600'];
const MAY_HAVE_NO_CACHE = {
  class: 'may',
  because:
    'A user agent need not have an HTTP cache, or may partition it further; it then sends the request again.',
} as const;

export const fuzzFinds = defineSuite({
  id: 'fuzz-finds',
  title: 'Found by generated cases',
  about:
    'Details in which engines differ from the Standard, found by running generated cases against the model.',
  cases: [
    ...([301, 302, 307, 308] as const).map(status =>
      one({
        id: `redirect-delete-stays-delete/${status}`,
        title: `A DELETE answered ${status} stays a DELETE at another origin`,
        spec: SPEC.redirectFetch,
        request: { method: 'DELETE' },
        server: {
          preflight: answer(acao(), acam('DELETE')),
          actual: { status, headers: [acao(), ['Location', '{url:hop2}']] },
          resources: {
            hop2: resourceAt('other-target', {
              preflight: answer(anyone, acam('DELETE')),
              actual: answer(anyone),
            }),
          },
        },
        expect: readable({ status: 200, wire: ['OPTIONS', 'DELETE', 'OPTIONS hop2', 'DELETE hop2'] }),
      }),
    ),
    one({
      id: 'redirect-delete-from-home',
      title: "A DELETE that a redirect leads away from the page's own origin is preflighted there",
      spec: [SPEC.redirectFetch, SPEC.mainFetch],
      request: { method: 'DELETE' },
      at: 'site',
      server: {
        actual: { status: 307, headers: [['Location', '{url:hop2}']] },
        resources: {
          hop2: resourceAt('target', { preflight: answer(acao(), acam('DELETE')), actual: allowed }),
        },
      },
      expect: readable({ status: 200, wire: ['DELETE', 'OPTIONS hop2', 'DELETE hop2'] }),
    }),
    one({
      id: 'forced-preflight-without-methods',
      title: "A preflight forced by an upload listener allows the request's method if no method is listed",
      spec: SPEC.preflightFetch,
      request: { api: 'xhr', method: 'PUT', uploadListener: 'before-send', body: 'hello' },
      server: { preflight: answer(acao(), acah('content-type')), actual: allowed },
      expect: preflighted({ status: 200, accessControlRequestMethod: 'PUT' }),
      class: 'disputed',
      because:
        "The Standard adds the request's method to the list if there is no Access-Control-Allow-Methods and the use-CORS-preflight flag is set. All three engines block: for them, a method that is not safelisted must be listed.",
    }),
    one({
      id: 'forced-preflight-empty-methods',
      title:
        "A preflight forced by an upload listener does not allow the request's method if the list is empty",
      spec: SPEC.preflightFetch,
      request: { api: 'xhr', method: 'PUT', uploadListener: 'before-send', body: 'hello' },
      server: { preflight: answer(acao(), acam(''), acah('content-type')), actual: allowed },
      expect: blockedAtPreflight({ wire: ['OPTIONS'], accessControlRequestMethod: 'PUT' }),
    }),
    one({
      id: 'ct-comma-in-parameter',
      title: 'A comma in a parameter of multipart/form-data needs no preflight',
      spec: SPEC.safelistedRequestHeader,
      request: {
        method: 'POST',
        headers: [['Content-Type', 'multipart/form-data; boundary=a,b']],
        body: { buffer: '' },
      },
      server: allowed,
      expect: readable({
        status: 200,
        requestHeaders: { 'content-type': 'multipart/form-data; boundary=a,b' },
      }),
    }),
    one({
      id: 'ct-entries-judged-apart',
      title:
        'Content-Type entries text/plain;charset=utf-8 and application/json are judged one by one and need a preflight',
      spec: [SPEC.unsafeRequestHeaderNames, SPEC.safelistedRequestHeader],
      request: {
        headers: [
          ['Content-Type', 'text/plain;charset=utf-8'],
          ['Content-Type', 'application/json'],
        ],
      },
      server: { preflight: answer(acao(), acah('content-type')), actual: allowed },
      expect: preflighted({ status: 200, accessControlRequestHeaders: 'content-type' }),
    }),
    one({
      id: 'content-type-lines-joined',
      title: 'Two Content-Type lines of a response are combined by a comma and a space',
      spec: SPEC.getHeader,
      server: answer(acao(), ['Content-Type', 'text/plain'], ['Content-Type', 'text/html']),
      expect: readable({ readable: { 'content-type': 'text/plain, text/html' } }),
    }),
    ...(
      [
        ['reload', 'Cache mode reload', { cache: 'reload' }],
        ['no-store', 'Cache mode no-store', { cache: 'no-store' }],
        [
          'conditional',
          'An If-None-Match set by script',
          {
            headers: [
              ['X-A', '1'],
              ['If-None-Match', '"1"'],
            ],
          },
        ],
      ] as [variant: string, bypass: string, request: Partial<CaseRequest>][]
    ).map(([variant, bypass, more]) =>
      sequence({
        id: `cache-mode-asks-again/${variant}`,
        title: `${bypass} does not bypass the preflight cache`,
        spec: [SPEC.preflightCache, SPEC.networkOrCache],
        steps: [
          { request: { ...withXA, ...more }, server: remembering, expect: preflighted() },
          { request: { ...withXA, ...more }, expect: fromPreflightCache() },
        ],
        ...MAY_FORGET_EARLY,
      }),
    ),
    one({
      id: 'cache-mode-after-redirect',
      title:
        'A POST with cache mode reload carries Pragma and Cache-Control after a redirect to another site, too',
      spec: [SPEC.redirectFetch, SPEC.networkOrCache],
      request: { method: 'POST', body: 'x', cache: 'reload' },
      server: {
        actual: redirect('hop2', 308, acao('*')),
        resources: { hop2: resourceAt('other-site', { actual: answer(acao('*')) }) },
      },
      expect: readable({
        wire: ['POST', 'POST hop2'],
        requestHeadersAt: {
          POST: { pragma: 'no-cache', 'cache-control': 'no-cache' },
          'POST hop2': { pragma: 'no-cache', 'cache-control': 'no-cache' },
        },
      }),
      class: 'wire',
    }),
    one({
      id: 'entries-with-empty',
      title: 'An empty entry of a request header is sent along with the other entries of its name',
      spec: SPEC.unsafeRequestHeaderNames,
      request: {
        headers: [
          ['X-A', '1'],
          ['X-A', ''],
          ['X-A', '2'],
        ],
      },
      server: { preflight: answer(acao(), acah('x-a')), actual: allowed },
      expect: preflighted({ requestHeaders: { 'x-a': '1, , 2' } }),
      class: 'wire',
    }),
    one({
      id: 'entries-authorization',
      title: 'Two Authorization entries are both sent',
      spec: SPEC.unsafeRequestHeaderNames,
      request: {
        headers: [
          ['Authorization', 'Basic dTpw'],
          ['Authorization', 'Basic dTpx'],
        ],
      },
      server: { preflight: answer(acao(), acah('authorization')), actual: allowed },
      expect: preflighted({ requestHeaders: { authorization: 'Basic dTpw, Basic dTpx' } }),
      class: 'wire',
    }),
    one({
      id: 'xhr-upload-of-nothing',
      title: 'An empty body fires load and loadend on the upload object',
      spec: SPEC.xhrSend,
      request: { api: 'xhr', method: 'POST', uploadListener: 'before-send', body: '' },
      server: { preflight: answer(acao()), actual: allowed },
      expect: preflighted({
        events: [
          'readystatechange:1',
          'loadstart',
          'upload.loadstart',
          'upload.load',
          'upload.loadend',
          'readystatechange:2',
          'readystatechange:3',
          'readystatechange:4',
          'load',
          'loadend',
        ],
      }),
    }),
    one({
      id: 'redirect-removed-headers-stay-away/content-type',
      title: 'A Content-Type that a redirect removed is not sent after the next redirect',
      spec: SPEC.redirectFetch,
      request: { method: 'POST', body: 'text' },
      server: {
        actual: { status: 303, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: {
          hop2: resourceAt('target', {
            actual: { status: 307, headers: [acao(), ['Location', '{url:hop3}']] },
          }),
          hop3: resourceAt('target', { actual: allowed }),
        },
      },
      expect: readable({
        wire: ['POST', 'GET hop2', 'GET hop3'],
        requestHeadersAt: { 'GET hop2': { 'content-type': null }, 'GET hop3': { 'content-type': null } },
      }),
    }),
    one({
      id: 'redirect-removed-headers-stay-away/content-language',
      title: 'A Content-Language that a redirect removed is not sent after the next redirect',
      spec: SPEC.redirectFetch,
      request: { method: 'POST', headers: [['Content-Language', 'de']] },
      server: {
        actual: { status: 303, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: {
          hop2: resourceAt('target', {
            actual: { status: 307, headers: [acao(), ['Location', '{url:hop3}']] },
          }),
          hop3: resourceAt('target', { actual: allowed }),
        },
      },
      expect: readable({
        wire: ['POST', 'GET hop2', 'GET hop3'],
        requestHeadersAt: {
          'GET hop2': { 'content-language': null },
          'GET hop3': { 'content-language': null },
        },
      }),
    }),
    ...FROM_HOME.map(([variant, what, request]) =>
      one({
        id: `redirect-303-from-home/${variant}`,
        title: `${what} that a 303 leads to another origin is not preflighted there`,
        spec: [SPEC.redirectFetch, SPEC.mainFetch],
        at: 'site',
        request,
        server: {
          actual: redirect('hop2', 303),
          resources: { hop2: resourceAt('target', { actual: allowed }) },
        },
        expect: readable({ wire: [request.method as string, 'GET hop2'] }),
      }),
    ),
    one({
      id: 'redirect-303-after-leaving',
      title: "A PUT that leaves the page's origin and then becomes a GET needs no second preflight",
      spec: [SPEC.redirectFetch, SPEC.mainFetch],
      at: 'site',
      request: { method: 'PUT' },
      server: {
        actual: redirect('hop2', 307),
        resources: {
          hop2: resourceAt('target', {
            preflight: answer(acao(), acam('PUT')),
            actual: redirect('hop3', 303, acao(), acac()),
          }),
          hop3: resourceAt('target', { actual: allowed }),
        },
      },
      expect: readable({ wire: ['PUT', 'OPTIONS hop2', 'PUT hop2', 'GET hop3'] }),
    }),
    ...(
      [
        ['own-origin', 'site', "the page's own origin"],
        ['other-origin', 'other-target', 'another origin'],
      ] as const
    ).map(([variant, at, where]) =>
      one({
        id: `redirect-synchronous-body-headers/${variant}`,
        title: `A redirect within ${where} that makes a synchronous POST a GET removes the headers about its body`,
        spec: SPEC.redirectFetch,
        at,
        request: {
          api: 'xhr',
          sync: true,
          method: 'POST',
          headers: [
            ['Content-Type', 'text/plain'],
            ['Content-Language', 'de'],
          ],
          body: 'text',
        },
        server: {
          actual: redirect('hop2', 302, acao()),
          resources: { hop2: resourceAt(at, { actual: allowed }) },
        },
        expect: readable({
          wire: ['POST', 'GET hop2'],
          requestHeaders: { 'content-type': null, 'content-language': null },
        }),
      }),
    ),
    one({
      id: 'redirect-no-cors-origin',
      title: 'A POST in mode no-cors that a redirect to another origin makes a GET loses its Origin header',
      spec: [SPEC.originHeader, SPEC.redirectFetch],
      at: 'site',
      request: { method: 'POST', mode: 'no-cors' },
      server: {
        actual: redirect('hop2', 301),
        resources: { hop2: resourceAt('target', { actual: answer() }) },
      },
      expect: {
        outcome: 'opaque',
        wire: ['POST', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: null } },
      },
    }),
    one({
      id: 'xhr-response-url-refused-redirect',
      title: 'responseURL is empty after a redirect to a URL with credentials at another origin',
      spec: [SPEC.redirectFetch, SPEC.xhrSend],
      at: 'site',
      request: { api: 'xhr' },
      server: { actual: redirect('http://user@localhost:{port:target}{path:main}', 302) },
      expect: { outcome: 'error', error: 'error', url: '', wire: ['GET'] },
    }),
    sequence({
      id: 'cache-validates-in-shared-worker',
      title: 'A response that XMLHttpRequest stores in a shared worker with no-cache is validated there',
      spec: SPEC.networkOrCache,
      realm: 'shared-worker',
      steps: ['stored', 'later'].map(body => ({
        request: { api: 'xhr' },
        server: { actual: { ...answer(acao(), ['Cache-Control', 'no-cache'], ['ETag', '"1"']), body } },
        expect: readable({ body, wire: ['GET'] }),
      })),
      class: 'wire',
    }),
    sequence({
      id: 'cache-validates-for-shared-worker',
      title: 'A response that XMLHttpRequest stores in a page with no-cache is validated for a shared worker',
      spec: SPEC.networkOrCache,
      steps: (['page', 'shared-worker'] as const).map((realm, n) => ({
        realm,
        request: { api: 'xhr' },
        server: {
          actual: {
            ...answer(acao(), ['Cache-Control', 'no-cache'], ['ETag', '"1"']),
            body: n === 0 ? 'stored' : 'later',
          },
        },
        expect: readable({ body: n === 0 ? 'stored' : 'later', wire: ['GET'] }),
      })),
      ...MAY_HAVE_NO_CACHE,
    }),
    one({
      id: 'content-type-empty-lines',
      title: 'Two empty Content-Type lines of a response are combined by a comma and a space',
      spec: SPEC.getHeader,
      server: answer(acao(), ['Content-Type', ''], ['Content-Type', '']),
      expect: readable({ readable: { 'content-type': ', ' } }),
    }),
    sequence({
      id: 'cache-differing-locations',
      title:
        'A redirect with two Location lines that differ is stored and fails again after the server is fixed',
      spec: [SPEC.networkOrCache, SPEC.locationUrl],
      steps: [
        {
          server: {
            actual: {
              status: 308,
              headers: [acao(), ['Cache-Control', 'max-age=600'], ['Location', '/a'], ['Location', '/b']],
            },
          },
          expect: networkError(['GET']),
        },
        { server: { actual: allowed }, expect: { outcome: 'error', error: 'TypeError', wire: [] } },
      ],
      class: 'may',
      because: 'A user agent need not have an HTTP cache; without one it sends the request again.',
    }),
    sequence({
      id: 'cache-unasked-304',
      title: 'A 304 that nobody asked for is not stored, not even for cache mode force-cache',
      spec: SPEC.networkOrCache,
      steps: [
        { server: { actual: { ...allowed, status: 304 } }, expect: readable({ status: 304 }) },
        {
          request: { cache: 'force-cache' },
          server: { actual: { ...allowed, body: 'later' } },
          expect: readable({ body: 'later', wire: ['GET'] }),
        },
      ],
      class: 'outside',
      because:
        'HTTP Caching rules on this: a response without a lifetime is stored only if its status is defined as heuristically cacheable, which 304 is not.',
    }),
    one({
      id: 'xhr-upload-refused-without-body',
      title: 'A request without a body that its preflight refuses fires no events on the upload object',
      spec: SPEC.xhrSend,
      request: { api: 'xhr', method: 'PUT', uploadListener: 'before-send' },
      server: { preflight: answer(acao(), acam('DELETE')), actual: allowed },
      expect: {
        outcome: 'blocked',
        blockedAt: 'preflight',
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'error', 'loadend'],
      },
    }),
    ...(['GET', 'HEAD'] as const).map(method =>
      one({
        id: `xhr-get-unsent-body-type/${method.toLowerCase()}`,
        title: `A ${method} by XMLHttpRequest that is given a URLSearchParams sends neither body nor Content-Type`,
        spec: SPEC.xhrSend,
        request: { api: 'xhr', method, body: { urlencoded: [['a', 'b']] } },
        server: allowed,
        expect: readable({ requestHeaders: { 'content-type': null }, requestBody: '' }),
      }),
    ),
    ...(['PATCH', 'DELETE'] as const).map(method =>
      one({
        id: `empty-body-length/${method.toLowerCase()}`,
        title: `A ${method} of an XMLHttpRequest with an upload listener and an empty body says Content-Length: 0`,
        spec: SPEC.networkOrCache,
        request: { api: 'xhr', method, body: '', uploadListener: 'before-send' },
        server: { preflight: answer(acao(), acam(method)), actual: allowed },
        expect: preflighted({ requestHeaders: { 'content-length': '0' } }),
        class: 'wire',
      }),
    ),
    one({
      id: 'empty-body-length/blob',
      title: 'A DELETE by XMLHttpRequest with an empty Blob as body says Content-Length: 0',
      spec: SPEC.networkOrCache,
      request: { api: 'xhr', method: 'DELETE', body: { blob: '', type: '' } },
      server: { preflight: answer(acao(), acam('DELETE')), actual: allowed },
      expect: preflighted({ requestHeaders: { 'content-length': '0' } }),
      class: 'wire',
    }),
    one({
      id: 'save-data-off',
      title: 'Save-Data: off needs a preflight',
      spec: SPEC.safelistedRequestHeader,
      request: { headers: [['Save-Data', 'off']] },
      server: { preflight: answer(acao(), acah('save-data')), actual: allowed },
      expect: preflighted({ status: 200, accessControlRequestHeaders: 'save-data' }),
    }),
    ...(
      [
        ['redirect-client-hint/other-origin', 'DPR', '1'],
        ['redirect-save-data', 'Save-Data', 'on'],
      ] as const
    ).map(([id, name, value]) =>
      one({
        id,
        title: `A redirect to another origin keeps ${name} set by script, and is preflighted for it`,
        spec: [SPEC.redirectFetch, SPEC.safelistedRequestHeader],
        at: 'site',
        request: { headers: [[name, value]] },
        server: {
          actual: redirect('hop2', 302),
          resources: {
            hop2: resourceAt('target', { preflight: answer(anyone, acah(name)), actual: allowed }),
          },
        },
        expect: readable({
          wire: ['GET', 'OPTIONS hop2', 'GET hop2'],
          requestHeaders: { [name.toLowerCase()]: value },
        }),
      }),
    ),
    one({
      id: 'redirect-client-hint/worker',
      title: 'A redirect of a worker to its own origin keeps DPR set by script',
      spec: SPEC.redirectFetch,
      realm: 'worker',
      ...dprToOwnOrigin,
    }),
    one({
      id: 'redirect-own-client-hint',
      title: 'A redirect of a page to its own origin keeps DPR set by script',
      spec: SPEC.redirectFetch,
      ...dprToOwnOrigin,
    }),
    one({
      id: 'aceh-star-before-bad-token-xhr',
      title: 'Access-Control-Expose-Headers: *, b@d exposes nothing to XMLHttpRequest',
      spec: [SPEC.mainFetch, SPEC.newHeaderSyntax],
      request: { api: 'xhr' },
      server: answer(acao('*'), ['Access-Control-Expose-Headers', '*, b@d'], ['X-A', 'a']),
      expect: readable({ hidden: ['x-a'] }),
    }),
    sequence({
      id: 'cache-serves-head',
      title: 'A cached header name applies to HEAD as to GET',
      spec: [SPEC.preflightCache, SPEC.safelistedMethod],
      steps: [
        { request: withXA, server: remembering, expect: preflighted() },
        { request: { ...withXA, method: 'HEAD' }, expect: fromPreflightCache() },
      ],
      ...MAY_FORGET_EARLY,
    }),
    ...(
      [
        [
          'userinfo',
          'a URL with a password at another origin',
          'http://user:password@localhost:{port:other-target}/',
          blockedAtResponse(),
        ],
        ['scheme', 'a mailto: URL', 'mailto:a@example.com', networkError(['GET'])],
      ] as const
    ).map(([variant, where, location, notFollowed]) =>
      sequence({
        id: `cache-redirect-not-followed/${variant}`,
        title: `A redirect to ${where} is stored and fails again even after the server is fixed`,
        spec: [SPEC.networkOrCache, SPEC.redirectFetch],
        steps: [
          {
            server: { actual: { status: 301, headers: [acao(), FRESH, ['Location', location]] } },
            expect: notFollowed,
          },
          { server: { actual: allowed }, expect: networkError() },
        ],
        ...MAY_HAVE_NO_CACHE,
      }),
    ),
    one({
      id: 'cache-empty-location',
      title: 'A stored redirect with an empty Location leads to itself from the cache until that is an error',
      spec: [SPEC.networkOrCache, SPEC.redirectFetch],
      server: { status: 302, headers: [acao(), FRESH, ['Location', '']] },
      expect: networkError(['GET']),
      ...MAY_HAVE_NO_CACHE,
    }),
    sequence({
      id: 'cache-see-other-forced',
      title: 'Cache mode force-cache uses a 303 that says no-cache',
      spec: [SPEC.networkOrCache, SPEC.redirectFetch],
      steps: [
        {
          server: {
            actual: redirect('hop2', 303, acao(), ['Cache-Control', 'no-cache']),
            resources: { hop2: resourceAt('target', { actual: answer(acao(), FRESH) }) },
          },
          expect: readable({ wire: ['GET', 'GET hop2'], redirected: true }),
        },
        { request: { cache: 'force-cache' }, expect: readable({ wire: [], redirected: true }) },
      ],
      ...MAY_HAVE_NO_CACHE,
    }),
    sequence({
      id: 'cache-after-unasked-304',
      title: 'A response is stored although the answer before it was a 304 that nobody asked for',
      spec: SPEC.networkOrCache,
      steps: [
        { server: { actual: { status: 304, headers: [acao()] } }, expect: readable({ status: 304 }) },
        {
          server: { actual: { headers: [acao(), FRESH], body: 'kept' } },
          expect: readable({ body: 'kept' }),
        },
        {
          server: { actual: { headers: [acao()], body: 'new' } },
          expect: readable({ body: 'kept', wire: [] }),
        },
      ],
      ...MAY_HAVE_NO_CACHE,
    }),
    one({
      id: 'es-opaque-origin-home',
      title: "An EventSource of a sandboxed frame sends no Referer to its page's own server",
      spec: SPEC.referrer,
      request: { api: 'eventsource' },
      at: 'site',
      realm: 'sandboxed-frame',
      server: answer(acao('null'), ['Content-Type', 'text/event-stream']),
      expect: readable({ result: 'open', requestHeaders: { referer: null } }),
      class: 'outside',
      because: 'Referrer Policy rules on this: a document with an opaque origin has no referrer.',
    }),
    one({
      id: 'referer-unsafe-url-back',
      title: 'Under unsafe-url, a redirect through another site leaves the Referer as it was',
      spec: SPEC.referrer,
      request: { referrerPolicy: 'unsafe-url' },
      at: 'site',
      server: {
        actual: redirect('hop2', 307),
        resources: {
          hop2: resourceAt('cross-site-target', { actual: redirect('hop3', 307, anyone, acac()) }),
          hop3: resourceAt('site', { actual: answer(anyone) }),
        },
      },
      expect: readable({
        wire: ['GET', 'GET hop2', 'GET hop3'],
        requestHeadersAt: {
          GET: { referer: { matches: '/agent/page\\?' } },
          'GET hop2': { referer: { matches: '/agent/page\\?' } },
          'GET hop3': { referer: { matches: '/agent/page\\?' } },
        },
      }),
      class: 'may',
      because: 'Referrer Policy lets a user agent cut a referrer down.',
    }),
    one({
      id: 'redir-empty-location-mode/error',
      title: 'In redirect mode error, an empty Location is a network error',
      spec: SPEC.httpFetch,
      request: { redirect: 'error' },
      server: { status: 302, headers: [acao(), ['Location', '']] },
      expect: networkError(['GET']),
    }),
    ...(
      [
        ['redir-empty-location-mode/manual', 'an empty Location', ''],
        ['redir-invalid-location-manual', 'a Location that is no URL', 'http://'],
      ] as const
    ).map(([id, what, location]) =>
      one({
        id,
        title: `In redirect mode manual, ${what} gives an opaque-redirect response`,
        spec: SPEC.httpFetch,
        request: { redirect: 'manual' },
        server: { status: 302, headers: [acao(), ['Location', location]], body: 'no way on' },
        expect: { outcome: 'opaque', type: 'opaqueredirect', status: 0, body: '' },
      }),
    ),
  ],
});
