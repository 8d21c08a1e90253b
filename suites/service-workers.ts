/** What a service worker may hand to a page, and what a page's request becomes on its way through one. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation, RequestStep } from '../harness/case/schema.ts';
import { viaXhr } from './apis.ts';
import { acah, acam, acao, aceh, allowed, answer, at, failed, one, readable, spec } from './helpers.ts';

const ESCALATION = 'https://github.com/whatwg/fetch/issues/535';

type Server = Parameters<typeof one>[4];

/** A case of a page that a service worker controls. */
const controlled = (
  worker: string,
  id: string,
  title: string,
  request: CaseRequest,
  server: Server,
  expect: Expectation,
  more: Partial<Case> = {},
): Case =>
  one(id, title, [spec.httpFetch, spec.filteredResponse], request, server, expect, {
    realm: 'controlled-frame',
    worker,
    notModelled: 'a service worker stands between the page and the network',
    ...more,
  });

const synthetic = controlled(
  'synthetic',
  'sw-synthetic-response',
  'A response that a service worker makes is delivered for a cross-origin request, without a CORS check.',
  {},
  answer(),
  readable({ status: 200, body: 'made by the service worker', wire: [] }),
);

const syntheticPut = controlled(
  'synthetic',
  'sw-synthetic-response/no-preflight',
  'A request that would be preflighted is not, where the service worker answers it.',
  { method: 'PUT', headers: [['X-A', '1']] },
  answer(),
  readable({ status: 200, body: 'made by the service worker', wire: [] }),
);

const PERMISSIVE: NonNullable<RequestStep['server']> = {
  preflight: answer(acao(), acam('PUT'), acah('x-a')),
  actual: allowed,
};

const passedPut = controlled(
  'passthrough',
  'sw-passthrough-preflight',
  'A PUT that the service worker fetches in the page’s stead is preflighted once.',
  { method: 'PUT', headers: [['X-A', '1']] },
  PERMISSIVE,
  readable({
    type: 'cors',
    status: 200,
    body: 'ok',
    wire: ['OPTIONS', 'PUT'],
    accessControlRequestMethod: 'PUT',
    accessControlRequestHeaders: 'x-a',
    preflightHeaders: { origin: '{origin}' },
    requestHeaders: { origin: '{origin}', 'x-a': '1' },
  }),
);

const exposed = controlled(
  'passthrough',
  'sw-exposed-names',
  'A response that comes through a service worker shows only the headers that its server exposes.',
  {},
  answer(acao(), aceh('x-shown'), ['X-Shown', '1'], ['X-Kept', '2']),
  readable({ type: 'cors', readable: { 'x-shown': '1' }, hidden: ['x-kept'], wire: ['GET'] }),
);

const cached = controlled(
  'through-cache',
  'sw-cache-api-roundtrip',
  'A CORS response that was kept in a Cache is still a CORS response, and hides what it hid.',
  {},
  answer(acao(), aceh('x-shown'), ['X-Shown', '1'], ['X-Kept', '2']),
  readable({
    type: 'cors',
    body: 'ok',
    readable: { 'x-shown': '1' },
    hidden: ['x-kept'],
    wire: ['GET'],
  }),
);

export const serviceWorkers = defineSuite({
  id: 'service-workers',
  title: 'Service workers between page and network',
  about:
    'A service worker answers before CORS is asked; what it passes on keeps the type that the network gave it.',
  cases: [
    synthetic,
    viaXhr(synthetic),
    syntheticPut,
    viaXhr(syntheticPut),
    controlled(
      'synthetic',
      'sw-synthetic-response/type',
      'What the service worker makes for a cross-origin request is filtered as a CORS response.',
      {},
      answer(),
      readable({ type: 'cors', hidden: ['x-made'], wire: [] }),
      {
        class: 'disputed',
        because:
          'As written, main fetch filters every unfiltered response by the request’s tainting; engines show such a response as basic, with all its headers.',
        links: [ESCALATION],
      },
    ),
    controlled(
      'opaque',
      'sw-opaque-to-cors',
      'An opaque response is a network error where the page asked with CORS.',
      {},
      allowed,
      failed(['GET']),
    ),
    controlled(
      'opaque',
      'sw-opaque-to-cors/xhr',
      'An opaque response is a network error for an XMLHttpRequest.',
      { api: 'xhr' },
      allowed,
      { outcome: 'error', error: 'error', wire: ['GET'] },
    ),
    controlled(
      'opaque',
      'sw-opaque-to-cors/no-cors',
      'An opaque response stays opaque where the page asked without CORS.',
      { mode: 'no-cors' },
      allowed,
      { outcome: 'opaque', type: 'opaque', status: 0, wire: ['GET'] },
    ),
    controlled(
      'cors',
      'sw-opaque-to-cors/cors-to-no-cors',
      'A CORS response may be handed to a request without CORS, and can then be read.',
      { mode: 'no-cors' },
      allowed,
      readable({ type: 'cors', status: 200, body: 'ok', wire: ['GET'] }),
    ),
    controlled(
      'cors-instead',
      'sw-cors-to-same-origin',
      'A CORS response is a network error where the page asked for its own origin only.',
      { mode: 'same-origin', suffix: '?instead={url:elsewhere}' },
      { resources: { elsewhere: at('target', { actual: allowed }) } },
      failed(['GET elsewhere']),
      { at: 'site' },
    ),
    controlled(
      'cors-instead',
      'sw-cors-to-same-origin/cors-mode',
      'The same response is readable where the page asked with CORS, though the URL is its own origin’s.',
      { mode: 'cors', suffix: '?instead={url:elsewhere}' },
      { resources: { elsewhere: at('target', { actual: allowed }) } },
      readable({ type: 'cors', status: 200, body: 'ok', url: '{url:elsewhere}', wire: ['GET elsewhere'] }),
      { at: 'site' },
    ),
    passedPut,
    viaXhr(passedPut),
    controlled(
      'passthrough',
      'sw-passthrough-preflight/upload-listener',
      'The flag that an upload listener sets is not passed on with the request: nothing is preflighted.',
      { api: 'xhr', method: 'POST', body: 'x', uploadListener: 'before-send' },
      PERMISSIVE,
      readable({ status: 200, body: 'ok', wire: ['POST'] }),
    ),
    controlled(
      'passthrough',
      'sw-passthrough-preflight/refused',
      'A PUT that the service worker’s preflight refuses fails for the page.',
      { method: 'PUT' },
      { preflight: answer(acao()), actual: allowed },
      { outcome: 'error', error: 'TypeError', wire: ['OPTIONS'] },
    ),
    exposed,
    viaXhr(exposed),
    cached,
    viaXhr(cached),
    controlled(
      'through-cache',
      'sw-cache-api-roundtrip/opaque',
      'An opaque response that was kept in a Cache is still opaque.',
      { mode: 'no-cors' },
      answer(['X-Kept', '2']),
      { outcome: 'opaque', type: 'opaque', status: 0, body: '', hidden: ['x-kept'], wire: ['GET'] },
    ),
    controlled(
      'synthetic-hop2',
      'sw-network-redirect-not-reintercepted',
      'A request that the service worker left to the network stays with the network after a redirect.',
      {},
      {
        actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: at('target', { actual: { ...allowed, body: 'from the network' } }) },
      },
      readable({
        type: 'cors',
        redirected: true,
        body: 'from the network',
        hidden: ['x-made'],
        wire: ['GET', 'GET hop2'],
      }),
    ),
    controlled(
      'synthetic-hop2',
      'sw-network-redirect-not-reintercepted/control',
      'The service worker would have answered a request for that second URL.',
      { to: 'hop2' },
      { resources: { hop2: at('target', { actual: { ...allowed, body: 'from the network' } }) } },
      readable({ body: 'made by the service worker', wire: [] }),
    ),
    controlled(
      'passthrough',
      'sw-network-redirect-not-reintercepted/passthrough',
      'A redirect that the service worker’s own fetch follows reaches the page as one redirected response.',
      {},
      {
        actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: at('target', { actual: allowed }) },
      },
      readable({ type: 'cors', redirected: true, url: '{url:hop2}', wire: ['GET', 'GET hop2'] }),
    ),
  ],
});
