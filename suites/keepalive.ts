/** Requests that outlive their page: keepalive follows the same rules as any other request. */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
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
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { acaoReflected, onThirdOrigin, redirect } from './redirect-helpers.ts';

const KEEP: CaseRequest = { keepalive: true };
const FROM_PAGE = { origin: '{origin}' } as const;
/** What the page is told where a frame made the request while it was being taken away. */
const left = (more: Partial<Expectation> = {}): Expectation => readable({ result: 'unloaded', ...more });
/** A redirect that comes when its frame has surely gone: while a frame goes, WebKit may lose it. */
const ONCE_GONE = { delayMs: 400 } as const satisfies Partial<Answer>;
const leaving = { realm: 'unloading-frame', class: 'wire' } as const satisfies Partial<Case>;

const open: Answer = answer(acao(), acac());

const staying = [
  one({
    id: 'keepalive-cors/allowed',
    title: "A keepalive request is readable if its response allows the page's origin",
    spec: SPEC.mainFetch,
    request: KEEP,
    server: allowed,
    expect: readable({ type: 'cors', status: 200, requestHeaders: FROM_PAGE }),
  }),
  one({
    id: 'keepalive-cors/denied',
    title: 'A keepalive request is blocked without Access-Control-Allow-Origin',
    spec: [SPEC.mainFetch, SPEC.corsCheck],
    request: KEEP,
    server: answer(),
    expect: blockedAtResponse({ error: 'TypeError', requestHeaders: FROM_PAGE }),
  }),
  one({
    id: 'keepalive-cors/credentials',
    title: 'A keepalive request with credentials is readable if its response allows credentials',
    spec: SPEC.corsCheck,
    request: { ...KEEP, credentials: 'include' },
    server: open,
    expect: readable({ type: 'cors', status: 200 }),
  }),
  one({
    id: 'keepalive-cors/credentials-star',
    title: 'A keepalive request with credentials is blocked by Access-Control-Allow-Origin: *',
    spec: SPEC.corsCheck,
    request: { ...KEEP, credentials: 'include' },
    server: answer(acao('*'), acac()),
    expect: blockedAtResponse({ error: 'TypeError' }),
  }),
  one({
    id: 'keepalive-cors/no-cors',
    title: 'A keepalive request in mode no-cors gives an opaque response',
    spec: SPEC.mainFetch,
    request: { ...KEEP, mode: 'no-cors' },
    server: answer(),
    expect: { outcome: 'opaque', type: 'opaque', status: 0, requestHeaders: { origin: null } },
  }),
  one({
    id: 'keepalive-cors/post',
    title: 'A keepalive POST of text needs no preflight',
    spec: [SPEC.mainFetch, SPEC.safelistedMethod],
    request: { ...KEEP, method: 'POST', body: 'gone' },
    server: allowed,
    expect: readable({ type: 'cors', status: 200, requestHeaders: FROM_PAGE, requestBody: 'gone' }),
  }),
  one({
    id: 'keepalive-preflight/put',
    title: 'A keepalive PUT is preflighted',
    spec: SPEC.preflightFetch,
    request: { ...KEEP, method: 'PUT', body: 'gone' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: preflighted({ status: 200, accessControlRequestMethod: 'PUT', requestBody: 'gone' }),
  }),
  one({
    id: 'keepalive-preflight/header',
    title: 'A keepalive request with a custom header is preflighted',
    spec: SPEC.preflightFetch,
    request: { ...KEEP, headers: [['X-Own', '1']] },
    server: { preflight: answer(acao(), acah('x-own')), actual: allowed },
    expect: preflighted({
      status: 200,
      accessControlRequestHeaders: 'x-own',
      requestHeaders: { 'x-own': '1' },
    }),
  }),
  one({
    id: 'keepalive-preflight/refused',
    title: 'A keepalive PUT is not sent if its preflight fails',
    spec: SPEC.preflightFetch,
    request: { ...KEEP, method: 'PUT' },
    server: { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    expect: blockedAtPreflight({ error: 'TypeError' }),
  }),
  one({
    id: 'keepalive-redirect-cross/staying',
    title: 'A keepalive request follows a redirect to a third origin with Origin: null',
    spec: SPEC.redirectFetch,
    request: KEEP,
    server: {
      actual: redirect('hop2', 302, acao()),
      resources: { hop2: onThirdOrigin({ actual: answer(acaoReflected) }) },
    },
    expect: readable({
      type: 'cors',
      redirected: true,
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
  }),
];

const LIMIT = 65_536;
/** What other cases have under way in the same page would count too. */
const OWN_PAGE = { fresh: true } as const;
const limits = (['cors', 'no-cors'] as const).flatMap(mode => [
  one({
    id: `keepalive-64k/${mode}-exact`,
    title: `A keepalive request in mode ${mode} may carry 64 KiB`,
    spec: SPEC.networkOrCache,
    request: { ...KEEP, mode, method: 'POST', body: { bytes: LIMIT } },
    server: allowed,
    expect: mode === 'cors' ? readable({ status: 200 }) : { outcome: 'opaque' },
    ...OWN_PAGE,
  }),
  one({
    id: `keepalive-64k/${mode}-over`,
    title: `A keepalive request in mode ${mode} with one byte more than 64 KiB fails before it is sent`,
    spec: SPEC.networkOrCache,
    request: { ...KEEP, mode, method: 'POST', body: { bytes: LIMIT + 1 } },
    server: allowed,
    expect: { outcome: 'error', error: 'TypeError', wire: [] },
  }),
]);

const inFlight = one({
  id: 'keepalive-64k/in-flight',
  title: 'A keepalive request fails if it and those in flight exceed 64 KiB together',
  spec: SPEC.networkOrCache,
  request: { ...KEEP, mode: 'no-cors', method: 'POST', body: { bytes: 40_000 }, atOnce: 2 },
  server: { actual: { delayMs: 300 } },
  expect: { outcome: 'error', error: 'TypeError', wire: ['POST'] },
  ...OWN_PAGE,
});

const overWithPreflight = one({
  id: 'keepalive-64k/preflight-over',
  title: 'A keepalive request over 64 KiB that needs a preflight fails after the preflight',
  spec: [SPEC.httpFetch, SPEC.networkOrCache],
  request: { ...KEEP, method: 'PUT', body: { bytes: LIMIT + 1 } },
  server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
  expect: { outcome: 'error', error: 'TypeError', preflight: 'sent', actual: 'not sent' },
  class: 'disputed',
  because:
    'Read literally, the limit is checked in HTTP-network-or-cache fetch, after the preflight; engines reject the call at once.',
});

const unloading = [
  one({
    id: 'keepalive-unload/no-cors',
    title: 'A keepalive no-cors request made by a frame while it unloads reaches the server',
    spec: [SPEC.fetchMethod, SPEC.mainFetch],
    request: { ...KEEP, mode: 'no-cors' },
    server: answer(),
    expect: left({ requestHeaders: { origin: null } }),
    ...leaving,
  }),
  one({
    id: 'keepalive-unload/allowed',
    title: 'A keepalive request made by a frame while it unloads reaches the server with its Origin',
    spec: [SPEC.fetchMethod, SPEC.mainFetch],
    request: KEEP,
    server: allowed,
    expect: left({ requestHeaders: FROM_PAGE }),
    ...leaving,
  }),
  one({
    id: 'keepalive-unload/denied',
    title: 'A keepalive request whose response is not allowed reaches the server while its frame unloads',
    spec: [SPEC.fetchMethod, SPEC.mainFetch],
    request: KEEP,
    server: answer(),
    expect: left({ requestHeaders: FROM_PAGE }),
    ...leaving,
  }),
  one({
    id: 'keepalive-unload/post',
    title: 'A keepalive POST made by a frame while it unloads arrives with its body',
    spec: [SPEC.fetchMethod, SPEC.mainFetch],
    request: { ...KEEP, method: 'POST', body: 'gone' },
    server: allowed,
    expect: left({ requestHeaders: FROM_PAGE, requestBody: 'gone' }),
    ...leaving,
  }),
  one({
    id: 'keepalive-preflight/unload',
    title: 'A keepalive PUT made by a frame while it unloads is preflighted and then sent',
    spec: [SPEC.fetchMethod, SPEC.preflightFetch],
    request: { ...KEEP, method: 'PUT', body: 'gone' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: left({
      preflight: 'sent',
      actual: 'sent',
      preflightHeaders: FROM_PAGE,
      requestHeaders: FROM_PAGE,
      requestBody: 'gone',
    }),
    ...leaving,
  }),
  one({
    id: 'keepalive-preflight/unload-refused',
    title: 'A keepalive PUT made by a frame while it unloads is not sent if its preflight fails',
    spec: [SPEC.fetchMethod, SPEC.preflightFetch],
    request: { ...KEEP, method: 'PUT' },
    server: { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    expect: left({ preflight: 'sent', actual: 'not sent' }),
    ...leaving,
  }),
  one({
    id: 'keepalive-redirect-cross/unload',
    title: 'A keepalive request made by a frame while it unloads follows a redirect to a third origin',
    spec: [SPEC.fetchMethod, SPEC.redirectFetch],
    request: KEEP,
    server: {
      actual: { ...redirect('hop2', 302, acao()), ...ONCE_GONE },
      resources: { hop2: onThirdOrigin({ actual: answer(acaoReflected) }) },
    },
    expect: left({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
    ...leaving,
  }),
  one({
    id: 'keepalive-redirect-cross/unload-no-cors',
    title: 'A keepalive no-cors request made by a frame while it unloads follows a redirect',
    spec: [SPEC.fetchMethod, SPEC.redirectFetch],
    request: { ...KEEP, mode: 'no-cors' },
    server: {
      actual: { ...redirect('hop2', 302), ...ONCE_GONE },
      resources: { hop2: onThirdOrigin({ actual: answer() }) },
    },
    expect: left({ wire: ['GET', 'GET hop2'] }),
    ...leaving,
  }),
  one({
    id: 'keepalive-redirect-cross/unload-denied',
    title:
      'A keepalive request made by a frame while it unloads does not follow a redirect that is not allowed',
    spec: [SPEC.fetchMethod, SPEC.httpFetch, SPEC.corsCheck],
    request: KEEP,
    server: {
      actual: { ...redirect('hop2', 302), ...ONCE_GONE },
      resources: { hop2: onThirdOrigin({ actual: answer(acaoReflected) }) },
    },
    expect: left({ wire: ['GET'] }),
    ...leaving,
  }),
];

export const keepalive = defineSuite({
  id: 'keepalive',
  title: 'Requests that outlive their page',
  about: 'fetch() with keepalive, in a page that stays and in a frame that is removed.',
  cases: [...staying, ...limits, inFlight, overWithPreflight, ...unloading],
});
