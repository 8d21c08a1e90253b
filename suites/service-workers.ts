/** What a service worker may hand to a page, and what a page's request becomes on its way through one. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, RequestStep } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { viaXhr } from './api-helpers.ts';
import {
  acah,
  acam,
  acao,
  aceh,
  allowed,
  answer,
  networkError,
  type OneStep,
  one,
  readable,
  resourceAt,
} from './helpers.ts';
import { GIF } from './media-helpers.ts';

const ESCALATION = 'https://github.com/whatwg/fetch/issues/535';

/** A case of a page that a service worker controls. */
const controlled = ({ worker, ...details }: Omit<OneStep, 'spec'> & { worker: string }): Case =>
  one({
    spec: [SPEC.httpFetch, SPEC.corsFilter],
    realm: 'controlled-frame',
    worker,
    notModelled: 'The model has no service workers.',
    ...details,
  });

const synthetic = controlled({
  id: 'sw-synthetic-response',
  title: 'A synthetic response of a service worker is readable without a CORS check',
  worker: 'synthetic',
  server: answer(),
  expect: readable({ status: 200, body: 'made by the service worker', wire: [] }),
});

const syntheticPut = controlled({
  id: 'sw-synthetic-response/no-preflight',
  title: 'A request that the service worker answers is not preflighted',
  worker: 'synthetic',
  request: { method: 'PUT', headers: [['X-A', '1']] },
  server: answer(),
  expect: readable({ status: 200, body: 'made by the service worker', wire: [] }),
});

const PERMISSIVE: NonNullable<RequestStep['server']> = {
  preflight: answer(acao(), acam('PUT'), acah('x-a')),
  actual: allowed,
};

const passedPut = controlled({
  id: 'sw-passthrough-preflight',
  title: 'A PUT that the service worker forwards is preflighted once',
  worker: 'passthrough',
  request: { method: 'PUT', headers: [['X-A', '1']] },
  server: PERMISSIVE,
  expect: readable({
    type: 'cors',
    status: 200,
    body: 'ok',
    wire: ['OPTIONS', 'PUT'],
    accessControlRequestMethod: 'PUT',
    accessControlRequestHeaders: 'x-a',
    preflightHeaders: { origin: '{origin}' },
    requestHeaders: { origin: '{origin}', 'x-a': '1' },
  }),
});

const exposed = controlled({
  id: 'sw-exposed-names',
  title: 'A response forwarded by a service worker shows only the headers that its server exposes',
  worker: 'passthrough',
  server: answer(acao(), aceh('x-shown'), ['X-Shown', '1'], ['X-Kept', '2']),
  expect: readable({ type: 'cors', readable: { 'x-shown': '1' }, hidden: ['x-kept'], wire: ['GET'] }),
});

const cached = controlled({
  id: 'sw-cache-api-roundtrip',
  title: 'A response of type cors from the Cache API keeps its type and hides the same headers',
  worker: 'through-cache',
  server: answer(acao(), aceh('x-shown'), ['X-Shown', '1'], ['X-Kept', '2']),
  expect: readable({
    type: 'cors',
    body: 'ok',
    readable: { 'x-shown': '1' },
    hidden: ['x-kept'],
    wire: ['GET'],
  }),
});

/** It is the worker that asks, in mode cors. */
const FROM_WORKER = { origin: '{origin}' };

const subresources = [
  controlled({
    id: 'sw-cors-to-no-cors-element/image',
    title: 'An image without crossorigin leaves a canvas readable if a service worker answers with type cors',
    worker: 'cors',
    request: { api: 'image', mode: 'no-cors' },
    server: { headers: [['Content-Type', 'image/gif'], acao()], body: GIF },
    expect: readable({ result: 'load, canvas readable', wire: ['GET'], requestHeaders: FROM_WORKER }),
  }),
  controlled({
    id: 'sw-cors-to-no-cors-element/stylesheet',
    title: 'A style sheet without crossorigin has readable rules if a service worker answers with type cors',
    worker: 'cors',
    request: { api: 'stylesheet', mode: 'no-cors' },
    server: { headers: [['Content-Type', 'text/css'], acao()], body: 'b { color: red }' },
    expect: readable({ result: 'load, rules readable', wire: ['GET'], requestHeaders: FROM_WORKER }),
  }),
  controlled({
    id: 'sw-opaque-to-no-cors-element/image',
    title: 'An image without crossorigin taints a canvas if a service worker answers with an opaque response',
    worker: 'opaque',
    request: { api: 'image', mode: 'no-cors' },
    server: { headers: [['Content-Type', 'image/gif'], acao()], body: GIF },
    expect: readable({ result: 'load, canvas tainted', wire: ['GET'] }),
  }),
];

export const serviceWorkers = defineSuite({
  id: 'service-workers',
  title: 'Service workers',
  about: 'A service worker answers before CORS applies; a response that it passes on keeps its type.',
  cases: [
    ...subresources,
    synthetic,
    viaXhr(synthetic),
    syntheticPut,
    viaXhr(syntheticPut),
    controlled({
      id: 'sw-synthetic-response/type',
      title: 'A synthetic response of a service worker to a cross-origin request has type cors',
      worker: 'synthetic',
      server: answer(),
      expect: readable({ type: 'cors', hidden: ['x-made'], wire: [] }),
      class: 'disputed',
      because:
        "As written, main fetch filters every unfiltered response by the request's tainting; engines expose such a response as basic, with all its headers.",
      links: [ESCALATION],
    }),
    controlled({
      id: 'sw-opaque-to-cors',
      title: 'An opaque response from a service worker to a request in mode cors is a network error',
      worker: 'opaque',
      server: allowed,
      expect: networkError(['GET']),
    }),
    controlled({
      id: 'sw-opaque-to-cors/xhr',
      title: 'An opaque response from a service worker to XMLHttpRequest is a network error',
      worker: 'opaque',
      request: { api: 'xhr' },
      server: allowed,
      expect: { outcome: 'error', error: 'error', wire: ['GET'] },
    }),
    controlled({
      id: 'sw-opaque-to-cors/no-cors',
      title: 'An opaque response from a service worker to a no-cors request is opaque',
      worker: 'opaque',
      request: { mode: 'no-cors' },
      server: allowed,
      expect: { outcome: 'opaque', type: 'opaque', status: 0, wire: ['GET'] },
    }),
    controlled({
      id: 'sw-opaque-to-cors/cors-to-no-cors',
      title: 'A response of type cors from a service worker to a no-cors request is readable',
      worker: 'cors',
      request: { mode: 'no-cors' },
      server: allowed,
      expect: readable({ type: 'cors', status: 200, body: 'ok', wire: ['GET'] }),
    }),
    controlled({
      id: 'sw-cors-to-same-origin',
      title:
        'A response of type cors from a service worker to a request in mode same-origin is a network error',
      worker: 'cors-instead',
      request: { mode: 'same-origin', suffix: '?instead={url:elsewhere}' },
      server: { resources: { elsewhere: resourceAt('target', { actual: allowed }) } },
      expect: networkError(['GET elsewhere']),
      at: 'site',
    }),
    controlled({
      id: 'sw-cors-to-same-origin/cors-mode',
      title:
        'A response of type cors from a service worker to a same-origin request in mode cors is readable',
      worker: 'cors-instead',
      request: { mode: 'cors', suffix: '?instead={url:elsewhere}' },
      server: { resources: { elsewhere: resourceAt('target', { actual: allowed }) } },
      expect: readable({
        type: 'cors',
        status: 200,
        body: 'ok',
        url: '{url:elsewhere}',
        wire: ['GET elsewhere'],
      }),
      at: 'site',
    }),
    passedPut,
    viaXhr(passedPut),
    controlled({
      id: 'sw-passthrough-preflight/upload-listener',
      title: 'A request with an upload listener that the service worker forwards is not preflighted',
      worker: 'passthrough',
      request: { api: 'xhr', method: 'POST', body: 'x', uploadListener: 'before-send' },
      server: PERMISSIVE,
      expect: readable({ status: 200, body: 'ok', wire: ['POST'] }),
    }),
    controlled({
      id: 'sw-passthrough-preflight/refused',
      title: 'A PUT whose preflight fails in the service worker fails for the page',
      worker: 'passthrough',
      request: { method: 'PUT' },
      server: { preflight: answer(acao()), actual: allowed },
      expect: { outcome: 'error', error: 'TypeError', wire: ['OPTIONS'] },
    }),
    exposed,
    viaXhr(exposed),
    cached,
    viaXhr(cached),
    controlled({
      id: 'sw-cache-api-roundtrip/opaque',
      title: 'An opaque response from the Cache API is still opaque',
      worker: 'through-cache',
      request: { mode: 'no-cors' },
      server: answer(['X-Kept', '2']),
      expect: { outcome: 'opaque', type: 'opaque', status: 0, body: '', hidden: ['x-kept'], wire: ['GET'] },
    }),
    controlled({
      id: 'sw-network-redirect-not-reintercepted',
      title: 'A redirect of a request that the service worker left to the network is not intercepted',
      worker: 'synthetic-hop2',
      server: {
        actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: resourceAt('target', { actual: { ...allowed, body: 'from the network' } }) },
      },
      expect: readable({
        type: 'cors',
        redirected: true,
        body: 'from the network',
        hidden: ['x-made'],
        wire: ['GET', 'GET hop2'],
      }),
    }),
    controlled({
      id: 'sw-network-redirect-not-reintercepted/control',
      title: "A direct request for the redirect's target is intercepted by the service worker",
      worker: 'synthetic-hop2',
      request: { to: 'hop2' },
      server: {
        resources: { hop2: resourceAt('target', { actual: { ...allowed, body: 'from the network' } }) },
      },
      expect: readable({ body: 'made by the service worker', wire: [] }),
    }),
    controlled({
      id: 'sw-network-redirect-not-reintercepted/passthrough',
      title:
        "A redirect that the service worker's fetch() follows reaches the page as one redirected response",
      worker: 'passthrough',
      server: {
        actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: resourceAt('target', { actual: allowed }) },
      },
      expect: readable({ type: 'cors', redirected: true, url: '{url:hop2}', wire: ['GET', 'GET hop2'] }),
    }),
  ],
});
