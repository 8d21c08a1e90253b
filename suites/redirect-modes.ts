/** Redirects under each request mode and redirect mode, behind a service worker, and with a referrer policy. */
import { defineSuite } from '../harness/case/define.ts';
import { acao, allowed, answer, blocked, one, readable, spec } from './helpers.ts';
import { A, landed, P, redirect } from './redirect-words.ts';

const toA = { hop2: A({ actual: allowed }) };

const REFERRER_POLICY = 'https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer';
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
    one(
      `redir-referrer-policy-header/${name}`,
      policy === null
        ? 'Without a Referrer-Policy on the redirect, a foreign next hop gets the origin as Referer'
        : `A redirect's Referrer-Policy "${policy}" governs the Referer of the next hop`,
      [spec.redirectFetch, REFERRER_POLICY],
      {},
      {
        actual: redirect(
          'hop2',
          302,
          ...(policy === null ? [] : [['Referrer-Policy', policy] as [string, string]]),
        ),
        resources: { hop2: A({ actual: allowed }) },
      },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { referer: fullUrl }, 'GET hop2': { referer } },
      }),
      { at: 'site' },
    ),
  ),
  one(
    'redir-referrer-policy-header/not-restored',
    'A referrer that was cut down to its origin on the first hop stays so, whatever policy the redirect sets',
    [spec.mainFetch, REFERRER_POLICY],
    {},
    { actual: redirect('hop2', 302, acao(), ['Referrer-Policy', 'unsafe-url']), resources: toA },
    readable({
      ...landed,
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: { referer: '{origin}/' }, 'GET hop2': { referer: '{origin}/' } },
    }),
  ),
];

const modes = [
  one(
    'redir-mode-same-origin',
    'In same-origin mode a redirect to another origin fails before that origin is contacted',
    spec.mainFetch,
    { mode: 'same-origin' },
    { actual: redirect('hop2', 302), resources: toA },
    { outcome: 'error', error: 'TypeError', wire: ['GET'] },
    { at: 'site' },
  ),
  one(
    'redir-nocors-through',
    'In no-cors mode a request that leaves the own origin and comes back stays opaque',
    [spec.mainFetch, spec.opaqueFilteredResponse],
    { mode: 'no-cors' },
    {
      actual: redirect('hop2', 302),
      resources: { hop2: A({ actual: redirect('hop3', 302) }), hop3: P({ actual: answer() }) },
    },
    {
      outcome: 'opaque',
      type: 'opaque',
      status: 0,
      url: '',
      redirected: false,
      wire: ['GET', 'GET hop2', 'GET hop3'],
    },
    { at: 'site' },
  ),
  one(
    'redir-manual-ok',
    'In manual mode an allowed redirect becomes an opaque-redirect response that shows the first URL only',
    [spec.httpFetch, 'https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect'],
    { redirect: 'manual' },
    { actual: redirect('hop2', 302, acao()), resources: toA },
    {
      outcome: 'opaque',
      type: 'opaqueredirect',
      status: 0,
      url: '{url}',
      redirected: false,
      allHeaders: [],
      body: '',
      wire: ['GET'],
    },
  ),
  one(
    'redir-manual-cors-fail',
    'In manual mode a redirect that does not allow the origin is a network error: the CORS check comes first',
    [spec.httpFetch, spec.corsCheck],
    { redirect: 'manual' },
    { actual: redirect('hop2', 302), resources: toA },
    blocked({ error: 'TypeError', wire: ['GET'] }),
  ),
  ...([301, 302, 303, 307, 308] as const).map(status =>
    one(
      `redir-error-mode/${status}`,
      `In error mode a ${status} is a network error and its target is not contacted`,
      spec.httpFetch,
      { redirect: 'error' },
      { actual: redirect('hop2', status, acao()), resources: toA },
      { outcome: 'error', error: 'TypeError', wire: ['GET'] },
    ),
  ),
  ...(['manual', 'error'] as const).map(mode =>
    one(
      `redir-nocors-manual/${mode}`,
      `A cross-origin no-cors request with redirect mode "${mode}" fails before anything is sent`,
      spec.mainFetch,
      { mode: 'no-cors', redirect: mode },
      allowed,
      { outcome: 'error', error: 'TypeError', wire: [] },
    ),
  ),
];

const serviceWorker = (['follow', 'error', 'manual'] as const).map(mode =>
  one(
    `redir-sw-redirected-response/${mode}`,
    mode === 'follow'
      ? 'A redirected response from a service worker is delivered in follow mode'
      : `A redirected response from a service worker is a network error in ${mode} mode`,
    spec.httpFetch,
    { redirect: mode },
    { actual: redirect('hop2', 302, acao()), resources: toA },
    mode === 'follow'
      ? readable({ ...landed, wire: ['GET', 'GET hop2'] })
      : { outcome: 'error', error: 'TypeError', wire: ['GET', 'GET hop2'] },
    { realm: 'controlled-frame', worker: 'redirected', notModelled: 'a service worker answers' },
  ),
);

export const redirectModes = defineSuite({
  id: 'redirect-modes',
  title: 'Redirects, modes and referrers',
  cases: [...modes, ...serviceWorker, ...referrers],
});
