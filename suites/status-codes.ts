import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { BOTH_APIS } from './api-helpers.ts';
import {
  acah,
  acao,
  answer,
  blockedAtResponse,
  type HeaderLine,
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { apiName } from './title-helpers.ts';

const SUCCESS = [200, 201, 202, 203, 206, 226, 299];
const FAILURE = [400, 402, 403, 404, 405, 410, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 599];
const NOT_REDIRECTS = [300, 305, 306, 399];

const status = (code: number, ...headers: HeaderLine[]): Answer => ({ status: code, headers });
const CHALLENGE: HeaderLine = ['WWW-Authenticate', 'Basic realm="{nonce}"'];

/** Nothing here may keep script waiting: a browser that asks somebody would wait for ever. */
const PATIENCE = { timeoutMs: 5000 } as const;

/** The request reaches the server, and script gets a network error. */
const failed = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'error',
  actual: 'sent',
  ...more,
});

const ETAG: [string, string] = ['If-None-Match', '"1"'];
const allowsConditional = answer(acao(), acah('if-none-match'));

export const statusCodes = defineSuite({
  id: 'status-codes',
  title: 'Status codes',
  about: 'What the status of a response changes for CORS, and what it does not.',
  cases: [
    ...[...SUCCESS, ...NOT_REDIRECTS, ...FAILURE].map(code =>
      one({
        id: `status-passthrough/${code}`,
        title: `Status ${code} is readable by fetch()`,
        spec: SPEC.corsCheck,
        server: status(code, acao()),
        expect: readable({ status: code, type: 'cors', body: 'ok' }),
      }),
    ),
    ...[201, 404, 500].map(code =>
      one({
        id: `status-passthrough/xhr-${code}`,
        title: `Status ${code} is readable by XMLHttpRequest`,
        spec: SPEC.corsCheck,
        request: { api: 'xhr' },
        server: status(code, acao()),
        expect: readable({ status: code, body: 'ok' }),
      }),
    ),
    ...BOTH_APIS.flatMap(api =>
      [400, 403, 404, 500, 503].map(code =>
        one({
          id: `status-error-no-acao/${api}-${code}`,
          title: `A response ${code} without Access-Control-Allow-Origin hides its status from ${apiName(api)}`,
          spec: SPEC.corsCheck,
          request: { api },
          server: status(code),
          expect: blockedAtResponse(api === 'xhr' ? { status: 0 } : {}),
        }),
      ),
    ),
    ...[600, 699, 999].map(code =>
      one({
        id: `status-over-599/${code}`,
        title: `Status ${code}, which is not registered, is readable by fetch()`,
        spec: [SPEC.corsCheck, SPEC.status],
        server: status(code, acao()),
        expect: readable({ status: code }),
      }),
    ),
    ...[204, 205, 304].flatMap(code =>
      BOTH_APIS.map(api =>
        one({
          id: `status-null-body/${api}-${code}`,
          title: `A response ${code} has no body for ${apiName(api)}, whatever was sent`,
          spec: [SPEC.mainFetch, SPEC.nullBodyStatus],
          request: { api, cache: 'no-store' },
          server: {
            actual: {
              status: code,
              headers: [acao()],
              body: 'not for script',
              framing: 'content-length',
              close: true,
            },
          },
          expect: readable({ status: code, body: '' }),
        }),
      ),
    ),
    ...BOTH_APIS.flatMap(api => [
      one({
        id: `status-304-author-conditional/${api}`,
        title: `Status 304 is readable by ${apiName(api)} if script set If-None-Match`,
        spec: SPEC.networkOrCache,
        request: { api, headers: [ETAG] },
        server: { preflight: allowsConditional, actual: status(304, acao()) },
        expect: preflighted({
          status: 304,
          accessControlRequestHeaders: 'if-none-match',
          requestHeaders: { 'if-none-match': '"1"' },
        }),
      }),
      one({
        id: `status-304-author-no-acao/${api}`,
        title: `Status 304 without Access-Control-Allow-Origin is blocked for ${apiName(api)}`,
        spec: [SPEC.httpFetch, SPEC.corsCheck],
        request: { api, headers: [ETAG] },
        server: { preflight: allowsConditional, actual: status(304) },
        expect: blockedAtResponse({ preflight: 'sent' }),
      }),
      one({
        id: `status-401-visible/${api}`,
        title: `Status 401 is readable by ${apiName(api)} without credentials, without a password prompt`,
        spec: SPEC.networkOrCache,
        request: { api, ...PATIENCE },
        server: status(401, acao('*'), CHALLENGE),
        expect: readable({ status: 401, requestHeaders: { authorization: null } }),
      }),
      one({
        id: `status-407/${api}`,
        title: `Status 407 is a network error for ${apiName(api)}`,
        spec: SPEC.networkOrCache,
        request: { api, ...PATIENCE },
        server: status(407, acao('*'), ['Proxy-Authenticate', 'Basic realm="{nonce}"']),
        expect: failed(),
        because:
          'The Standard prompts for a proxy password or returns a network error; there is no proxy here to authenticate to.',
      }),
      one({
        id: `status-101/${api}`,
        title: `Status 101 is a network error for ${apiName(api)}`,
        spec: SPEC.networkFetch,
        request: { api, ...PATIENCE },
        server: {
          actual: {
            raw: 'HTTP/1.1 101 Switching Protocols\r\nAccess-Control-Allow-Origin: *\r\nUpgrade: lab\r\nConnection: Upgrade\r\n\r\n',
            close: true,
          },
        },
        expect: failed({ anyRequests: true }),
        because:
          'The Standard ends the loop over 1xx responses at a 101 only for a WebSocket. A web platform test expects a readable 101.',
      }),
    ]),
    one({
      id: 'status-401-visible/no-challenge',
      title: 'Status 401 without a challenge is readable with credentials',
      spec: SPEC.networkOrCache,
      request: { credentials: 'include', ...PATIENCE },
      server: status(401, acao(), ['Access-Control-Allow-Credentials', 'true']),
      expect: readable({ status: 401 }),
    }),
    one({
      id: 'status-421/again',
      title: 'Status 421 is retried once and is then readable',
      spec: SPEC.networkOrCache,
      server: status(421, acao()),
      expect: readable({ status: 421, wire: ['GET', 'GET'] }),
    }),
    one({
      id: 'status-421/then-200',
      title: 'After status 421, script sees the response to the retry',
      spec: SPEC.networkOrCache,
      server: { actual: [status(421, acao()), status(200, acao())] },
      expect: readable({ status: 200, wire: ['GET', 'GET'] }),
    }),
    one({
      id: 'status-421/new-connection',
      title: 'The retry after status 421 uses a new connection',
      spec: [SPEC.networkOrCache, SPEC.obtainConnection],
      server: { actual: [status(421, acao()), status(200, acao())] },
      expect: readable({ status: 200, wire: ['GET', 'GET'], connections: 'different' }),
      class: 'wire',
      at: 'ipv6-target',
    }),
    one({
      id: 'status-425',
      title: 'Status 425 is readable and is not retried',
      spec: [SPEC.networkOrCache, SPEC.tooEarly],
      server: status(425, acao()),
      expect: readable({ status: 425, wire: ['GET'] }),
    }),
    ...[100, 102, 103].map(code =>
      one({
        id: `status-103-then-200/${code}`,
        title: `A response ${code} before the final one is ignored`,
        spec: SPEC.networkFetch,
        server: { actual: { headers: [acao()], interim: [{ status: code, headers: [['X-Early', '1']] }] } },
        expect: readable({ status: 200, body: 'ok', hidden: ['x-early'] }),
      }),
    ),
    one({
      id: 'status-103-then-200/two',
      title: 'Several 1xx responses before the final one are ignored',
      spec: SPEC.networkFetch,
      server: { actual: { headers: [acao()], interim: [{ status: 102 }, { status: 103 }, { status: 103 }] } },
      expect: readable({ status: 200, body: 'ok' }),
    }),
    ...BOTH_APIS.flatMap(api => [
      one({
        id: `status-206-416/${api}-206`,
        title: `Status 206 to a request without Range is readable by ${apiName(api)}`,
        spec: SPEC.mainFetch,
        request: { api },
        server: status(206, acao(), ['Content-Range', 'bytes 0-1/10']),
        expect: readable({ status: 206, body: 'ok', requestHeaders: { range: null } }),
      }),
      one({
        id: `status-206-416/${api}-416`,
        title: `Status 416 to a request without Range is readable by ${apiName(api)}`,
        spec: SPEC.mainFetch,
        request: { api },
        server: status(416, acao(), ['Content-Range', 'bytes */10']),
        expect: readable({ status: 416, body: 'ok' }),
      }),
    ]),
    one({
      id: 'status-truncated-body/closed',
      title: 'A truncated body fails when it is read, not before',
      spec: [SPEC.networkFetch, SPEC.fetchMethod],
      server: {
        actual: {
          raw: 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 10\r\n\r\nok',
          close: true,
        },
      },
      expect: readable({ status: 200, type: 'cors', bodyError: 'TypeError' }),
    }),
    one({
      id: 'status-truncated-body/xhr',
      title: 'A truncated body is a network error for XMLHttpRequest',
      spec: SPEC.xhrErrors,
      request: { api: 'xhr' },
      server: { actual: { headers: [acao()], body: { bytes: 4000 }, fault: 'reset-in-body' } },
      expect: failed({
        status: 0,
        events: [
          'readystatechange:1',
          'loadstart',
          'readystatechange:2',
          'readystatechange:3',
          'readystatechange:4',
          'error',
          'loadend',
        ],
      }),
    }),
    one({
      id: 'status-truncated-body/blocked',
      title: 'A truncated body is not read if the CORS check fails',
      spec: [SPEC.networkFetch, SPEC.corsCheck],
      server: { actual: { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok', close: true } },
      expect: blockedAtResponse(),
    }),
  ],
});
