/** Redirects under each request mode and redirect mode, behind a service worker, and with a referrer policy. */

import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, allowed, answer, blockedAtResponse, one, readable } from './helpers.ts';
import { onPageOrigin, onTarget, reachedHop2, redirect } from './redirect-helpers.ts';

const toA = { hop2: onTarget({ actual: allowed }) };

const fullUrl = { matches: '/agent/page\\?page=' };

const referrers = [
  ...(
    [
      ['none', null, '{origin}/'],
      ['no-referrer', 'no-referrer', null],
      ['same-origin', 'same-origin', null],
      ['unsafe-url', 'unsafe-url', fullUrl],
      ['last-known', 'no-referrer, unknown-policy', null],
    ] as const
  ).map(([name, policy, referer]) =>
    one({
      id: `redir-referrer-policy-header/${name}`,
      title:
        policy === null
          ? 'Without Referrer-Policy on a redirect, a cross-origin next hop receives the origin as Referer'
          : `A redirect's Referrer-Policy "${policy}" governs the Referer of the next hop`,
      spec: [SPEC.redirectFetch, SPEC.referrer],
      server: {
        actual: redirect(
          'hop2',
          302,
          ...(policy === null ? [] : [['Referrer-Policy', policy] as [string, string]]),
        ),
        resources: { hop2: onTarget({ actual: allowed }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { referer: fullUrl }, 'GET hop2': { referer } },
      }),
      at: 'site',
    }),
  ),
  one({
    id: 'redir-referrer-policy-header/not-restored',
    title:
      'A referrer that was cut to its origin on the first hop stays so, whatever policy the redirect sets',
    spec: [SPEC.mainFetch, SPEC.referrer],
    server: { actual: redirect('hop2', 302, acao(), ['Referrer-Policy', 'unsafe-url']), resources: toA },
    expect: readable({
      ...reachedHop2,
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: { referer: '{origin}/' }, 'GET hop2': { referer: '{origin}/' } },
    }),
  }),
];

const modes = [
  one({
    id: 'redir-mode-same-origin',
    title: 'In mode same-origin, a redirect to another origin fails before that origin is contacted',
    spec: SPEC.mainFetch,
    request: { mode: 'same-origin' },
    server: { actual: redirect('hop2', 302), resources: toA },
    expect: { outcome: 'error', error: 'TypeError', wire: ['GET'] },
    at: 'site',
  }),
  one({
    id: 'redir-nocors-through',
    title: 'In mode no-cors, a response that was redirected to another origin and back is opaque',
    spec: [SPEC.mainFetch, SPEC.opaqueFilter],
    request: { mode: 'no-cors' },
    server: {
      actual: redirect('hop2', 302),
      resources: {
        hop2: onTarget({ actual: redirect('hop3', 302) }),
        hop3: onPageOrigin({ actual: answer() }),
      },
    },
    expect: {
      outcome: 'opaque',
      type: 'opaque',
      status: 0,
      url: '',
      redirected: false,
      wire: ['GET', 'GET hop2', 'GET hop3'],
    },
    at: 'site',
  }),
  one({
    id: 'redir-nocors-post-home',
    title: "In mode no-cors, a POST that another origin redirects back to the page's sends Origin: null",
    spec: [SPEC.appendOriginHeader, SPEC.redirectTaint],
    request: { mode: 'no-cors', method: 'POST', body: 'x' },
    server: {
      actual: redirect('hop2', 307),
      resources: { hop2: onPageOrigin({ actual: answer() }) },
    },
    expect: {
      outcome: 'opaque',
      wire: ['POST', 'POST hop2'],
      requestHeadersAt: { POST: { origin: '{origin}' }, 'POST hop2': { origin: 'null' } },
    },
    class: 'wire',
  }),
  one({
    id: 'redir-manual-ok',
    title:
      'In redirect mode manual, an allowed redirect is an opaque-redirect response with the first URL only',
    spec: [SPEC.httpFetch, SPEC.opaqueRedirectFilter],
    request: { redirect: 'manual' },
    server: { actual: redirect('hop2', 302, acao()), resources: toA },
    expect: {
      outcome: 'opaque',
      type: 'opaqueredirect',
      status: 0,
      url: '{url}',
      redirected: false,
      allHeaders: [],
      body: '',
      wire: ['GET'],
    },
  }),
  one({
    id: 'redir-manual-cors-fail',
    title: 'In redirect mode manual, a redirect without Access-Control-Allow-Origin is a network error',
    spec: [SPEC.httpFetch, SPEC.corsCheck],
    request: { redirect: 'manual' },
    server: { actual: redirect('hop2', 302), resources: toA },
    expect: blockedAtResponse({ error: 'TypeError', wire: ['GET'] }),
  }),
  ...([301, 302, 303, 307, 308] as const).map(status =>
    one({
      id: `redir-error-mode/${status}`,
      title: `In redirect mode error, a ${status} is a network error and its target is not contacted`,
      spec: SPEC.httpFetch,
      request: { redirect: 'error' },
      server: { actual: redirect('hop2', status, acao()), resources: toA },
      expect: { outcome: 'error', error: 'TypeError', wire: ['GET'] },
    }),
  ),
  ...(['manual', 'error'] as const).map(mode =>
    one({
      id: `redir-nocors-manual/${mode}`,
      title: `A cross-origin no-cors request with redirect mode ${mode} fails before anything is sent`,
      spec: SPEC.mainFetch,
      request: { mode: 'no-cors', redirect: mode },
      server: allowed,
      expect: { outcome: 'error', error: 'TypeError', wire: [] },
    }),
  ),
];

const serviceWorker = (['follow', 'error', 'manual'] as const).map(mode =>
  one({
    id: `redir-sw-redirected-response/${mode}`,
    title:
      mode === 'follow'
        ? 'In redirect mode follow, a redirected response from a service worker is delivered'
        : `In redirect mode ${mode}, a redirected response from a service worker is a network error`,
    spec: SPEC.httpFetch,
    request: { redirect: mode },
    server: { actual: redirect('hop2', 302, acao()), resources: toA },
    expect:
      mode === 'follow'
        ? readable({ ...reachedHop2, wire: ['GET', 'GET hop2'] })
        : { outcome: 'error', error: 'TypeError', wire: ['GET', 'GET hop2'] },
    realm: 'controlled-frame',
    worker: 'redirected',
    notModelled: 'The model has no service workers.',
  }),
);

export const redirectModes = defineSuite({
  id: 'redirect-modes',
  title: 'Redirects, modes and referrers',
  cases: [...modes, ...serviceWorker, ...referrers],
});
