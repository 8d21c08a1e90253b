/** Connections that end in the middle of a body. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, allowed, type HeaderLine, one, readable, resourceAt } from './helpers.ts';

/** Long enough that some of it has arrived when the connection is reset. */
const cut = (...headers: HeaderLine[]): Answer => ({
  headers,
  body: { bytes: 4000 },
  fault: 'reset-in-body',
});

const FAILED: Expectation = { outcome: 'error', error: 'error', status: 0, url: '', wire: ['GET'] };

const REDIRECTED: readonly [variant: string, what: string, request: CaseRequest][] = [
  ['fetch', 'fetch()', {}],
  ['xhr', 'XMLHttpRequest', { api: 'xhr' }],
];

export const cutBodies = defineSuite({
  id: 'cut-bodies',
  title: 'Bodies that end early',
  about:
    'A response is there once its headers are; that its body ends early is a failure of its own, and no matter of CORS.',
  cases: [
    one({
      id: 'cut-body/fetch',
      title: 'A body that a reset cuts short fails to be read with a TypeError, after a readable response',
      spec: SPEC.networkFetch,
      server: { actual: cut(acao()) },
      expect: readable({ status: 200, type: 'cors', bodyError: 'TypeError' }),
    }),
    one({
      id: 'cut-body/same-origin',
      title: 'A same-origin body that a reset cuts short fails to be read with a TypeError',
      spec: SPEC.networkFetch,
      at: 'site',
      server: { actual: cut() },
      expect: readable({ status: 200, type: 'basic', bodyError: 'TypeError' }),
    }),
    one({
      id: 'cut-body/tls',
      title: 'A body that a reset cuts short over TLS fails to be read with a TypeError',
      spec: SPEC.networkFetch,
      page: 'secure-site',
      at: 'secure-target',
      server: { actual: cut(acao()) },
      expect: readable({ status: 200, type: 'cors', bodyError: 'TypeError' }),
    }),
    one({
      id: 'cut-body/tls-error-status',
      title: 'The body of an error that a reset cuts short over TLS fails to be read with a TypeError',
      spec: SPEC.networkFetch,
      page: 'secure-site',
      at: 'secure-target',
      server: { actual: { ...cut(acao()), status: 404 } },
      expect: readable({ status: 404, type: 'cors', bodyError: 'TypeError' }),
    }),
    one({
      id: 'cut-body/no-cors',
      title: 'A no-cors response whose body a reset cuts short is opaque like any other',
      spec: [SPEC.networkFetch, SPEC.mainFetch],
      request: { mode: 'no-cors' },
      server: { actual: cut(['Content-Type', 'text/plain']) },
      expect: { outcome: 'opaque', type: 'opaque', body: '' },
    }),
    one({
      id: 'cut-body-xhr/same-origin',
      title: 'XMLHttpRequest whose same-origin body is cut short shows neither status nor URL',
      spec: SPEC.xhrErrors,
      at: 'site',
      request: { api: 'xhr' },
      server: { actual: cut() },
      expect: FAILED,
    }),
    one({
      id: 'cut-body-xhr/sync',
      title: 'A synchronous XMLHttpRequest whose body is cut short throws a NetworkError',
      spec: SPEC.xhrErrors,
      request: { api: 'xhr', sync: true },
      server: { actual: cut(acao()) },
      expect: { ...FAILED, error: 'NetworkError' },
    }),
    ...REDIRECTED.map(([variant, what, request]) =>
      one({
        id: `cut-body-redirect/${variant}`,
        title: `${what} follows a redirect whose body is cut short`,
        spec: SPEC.redirectFetch,
        request,
        server: {
          actual: { ...cut(acao(), ['Location', '{url:hop2}']), status: 307 },
          resources: { hop2: resourceAt('target', { actual: allowed }) },
        },
        expect: readable({ status: 200, wire: ['GET', 'GET hop2'] }),
      }),
    ),
  ],
});
