/** Connections that end in the middle of a body, and bodies that are not what Content-Encoding says. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { forBoth } from './api-helpers.ts';
import { acao, allowed, GZIP, type HeaderLine, one, readable, resourceAt } from './helpers.ts';
import { apiName } from './title-helpers.ts';

/** Long enough that some of it has arrived when the connection is reset. */
const cut = (...headers: HeaderLine[]): Answer => ({
  headers,
  body: { bytes: 4000 },
  fault: 'reset-in-body',
});

const FAILED: Expectation = { outcome: 'error', error: 'error', status: 0, url: '', wire: ['GET'] };

/** With fetch(), the response is there before its body. */
const UNDECODABLE: Readonly<Record<'fetch' | 'xhr', Expectation>> = {
  fetch: readable({ status: 200, bodyError: 'TypeError' }),
  xhr: FAILED,
};

interface Coded {
  readonly id: string;
  readonly what: string;
  readonly coding: string;
  readonly body: string;
  /** Absent where reading it fails. */
  readonly decoded?: string;
}

const PLAIN = 'hello, world';
const CODINGS: readonly Coded[] = [
  ...['gzip', 'deflate', 'br'].map(coding => ({
    id: `${coding}-garbled`,
    what: `A plain body under Content-Encoding: ${coding}`,
    coding,
    body: PLAIN,
  })),
  {
    id: 'gzip-once-of-two',
    what: 'A body in one gzip of the two declared',
    coding: 'gzip, gzip',
    body: GZIP,
  },
  {
    id: 'gzip-cut',
    what: 'A gzip body of which the last bytes are missing',
    coding: 'gzip',
    body: GZIP.slice(0, 20),
    decoded: 'compresse',
  },
  {
    id: 'gzip-trailing',
    what: 'A gzip body that other bytes follow',
    coding: 'gzip',
    body: `${GZIP}more`,
    decoded: 'compressed',
  },
  {
    id: 'x-gzip',
    what: 'A body under Content-Encoding: x-gzip',
    coding: 'x-gzip',
    body: GZIP,
    decoded: 'compressed',
  },
  {
    id: 'unknown',
    what: 'A body in a coding that nobody knows',
    coding: 'x-none',
    body: PLAIN,
    decoded: PLAIN,
  },
  {
    id: 'identity',
    what: 'A body under Content-Encoding: identity',
    coding: 'identity',
    body: PLAIN,
    decoded: PLAIN,
  },
];

const BY_BOTH: readonly [variant: string, what: string, request: CaseRequest][] = [
  ['fetch', 'fetch()', {}],
  ['xhr', 'XMLHttpRequest', { api: 'xhr' }],
];

export const cutBodies = defineSuite({
  id: 'cut-bodies',
  title: 'Bodies that end early or cannot be decoded',
  about:
    'A response is there once its headers are; that its body ends early, or is not coded as it says, is a failure of its own, and no matter of CORS.',
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
    ...BY_BOTH.map(([variant, what, request]) =>
      one({
        id: `${variant === 'xhr' ? 'cut-body-xhr' : 'cut-body'}/tls-until-close`,
        title: `${what} fails to read a body that ends with its connection if TLS has no closure alert`,
        spec: SPEC.networkFetch,
        page: 'secure-site',
        at: 'secure-target',
        request,
        server: { actual: { ...cut(acao()), framing: 'close' } },
        expect: variant === 'xhr' ? FAILED : readable({ status: 200, type: 'cors', bodyError: 'TypeError' }),
        class: 'outside',
        because:
          'HTTP rules on this (RFC 9112, section 9.8): such a body is complete only if a valid closure alert came. No engine asks for one.',
      }),
    ),
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
    ...BY_BOTH.map(([variant, what, request]) =>
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
    one({
      id: 'cut-body-unauthorized',
      title: 'fetch() resolves with a status 401 whose body is cut short',
      spec: SPEC.networkFetch,
      server: { actual: { ...cut(acao()), status: 401 } },
      expect: readable({ status: 401, bodyError: 'TypeError' }),
    }),
    ...CODINGS.flatMap(({ id, what, coding, body, decoded }) =>
      forBoth(api =>
        one({
          id: `content-coding/${id}-${api}`,
          title: `${what}, ${decoded === undefined ? 'fails to be read' : 'is read'} by ${apiName(api)}`,
          spec: SPEC.handleContentCodings,
          request: { api },
          server: { actual: { headers: [acao(), ['Content-Encoding', coding]], body } },
          expect: decoded === undefined ? UNDECODABLE[api] : readable({ status: 200, body: decoded }),
        }),
      ),
    ),
  ],
});
