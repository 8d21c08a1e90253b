import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Expectation } from '../harness/case/schema.ts';
import { APIS } from './apis.ts';
import { acah, acao, answer, blocked, one, preflighted, readable, spec } from './helpers.ts';

type Line = [name: string, value: string];

const SUCCESS = [200, 201, 202, 203, 206, 226, 299];
const FAILURE = [400, 402, 403, 404, 405, 410, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 599];
const NOT_REDIRECTS = [300, 305, 306, 399];

const status = (code: number, ...headers: Line[]): Answer => ({ status: code, headers });
const CHALLENGE: Line = ['WWW-Authenticate', 'Basic realm="{nonce}"'];

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
  about: 'What the status of a response changes about CORS, and what it does not.',
  cases: [
    ...[...SUCCESS, ...NOT_REDIRECTS, ...FAILURE].map(code =>
      one(
        `status-passthrough/${code}`,
        `Script sees status ${code} where the response allows it`,
        spec.corsCheck,
        {},
        status(code, acao()),
        readable({ status: code, type: 'cors', body: 'ok' }),
      ),
    ),
    ...[201, 404, 500].map(code =>
      one(
        `status-passthrough/xhr-${code}`,
        `XHR sees status ${code} where the response allows it`,
        spec.corsCheck,
        { api: 'xhr' },
        status(code, acao()),
        readable({ status: code, body: 'ok' }),
      ),
    ),
    ...APIS.flatMap(api =>
      [400, 403, 404, 500, 503].map(code =>
        one(
          `status-error-no-acao/${api}-${code}`,
          `Without Access-Control-Allow-Origin ${api} does not learn that the status was ${code}`,
          spec.corsCheck,
          { api },
          status(code),
          blocked(api === 'xhr' ? { status: 0 } : {}),
        ),
      ),
    ),
    ...[600, 699, 999].map(code =>
      one(
        `status-over-599/${code}`,
        `Script sees status ${code}, which no registry knows`,
        [spec.corsCheck, 'https://fetch.spec.whatwg.org/#concept-status'],
        {},
        status(code, acao()),
        readable({ status: code }),
      ),
    ),
    ...[204, 205, 304].flatMap(code =>
      APIS.map(api =>
        one(
          `status-null-body/${api}-${code}`,
          `A response with status ${code} has no body for ${api}, whatever was sent`,
          [spec.mainFetch, 'https://fetch.spec.whatwg.org/#null-body-status'],
          { api, cache: 'no-store' },
          {
            actual: {
              status: code,
              headers: [acao()],
              body: 'not for script',
              framing: 'content-length',
              close: true,
            },
          },
          readable({ status: code, body: '' }),
        ),
      ),
    ),
    ...APIS.flatMap(api => [
      one(
        `status-304-author-conditional/${api}`,
        `A ${api} request that is made conditional by script sees status 304`,
        spec.networkOrCache,
        { api, headers: [ETAG] },
        { preflight: allowsConditional, actual: status(304, acao()) },
        preflighted({
          status: 304,
          accessControlRequestHeaders: 'if-none-match',
          requestHeaders: { 'if-none-match': '"1"' },
        }),
      ),
      one(
        `status-304-author-no-acao/${api}`,
        `Status 304 passes no CORS check without the header, for ${api} either`,
        [spec.httpFetch, spec.corsCheck],
        { api, headers: [ETAG] },
        { preflight: allowsConditional, actual: status(304) },
        blocked({ preflight: 'sent' }),
      ),
      one(
        `status-401-visible/${api}`,
        `A ${api} request without credentials sees status 401 and nobody is asked for a password`,
        spec.networkOrCache,
        { api, ...PATIENCE },
        status(401, acao('*'), CHALLENGE),
        readable({ status: 401, requestHeaders: { authorization: null } }),
      ),
      one(
        `status-407/${api}`,
        `Script never sees status 407 through ${api}`,
        spec.networkOrCache,
        { api, ...PATIENCE },
        status(407, acao('*'), ['Proxy-Authenticate', 'Basic realm="{nonce}"']),
        failed(),
        {
          because:
            'The Standard asks for a proxy password or gives up; there is no proxy here, so there is nothing to ask for.',
        },
      ),
      one(
        `status-101/${api}`,
        `Status 101 is no response that ${api} could see`,
        spec.networkFetch,
        { api, ...PATIENCE },
        {
          actual: {
            raw: 'HTTP/1.1 101 Switching Protocols\r\nAccess-Control-Allow-Origin: *\r\nUpgrade: lab\r\nConnection: Upgrade\r\n\r\n',
            close: true,
          },
        },
        // Some clients ask again where a connection closes without an answer.
        failed({ anyRequests: true }),
      ),
    ]),
    one(
      'status-401-visible/no-challenge',
      'Status 401 without a challenge is visible to a request with credentials too',
      spec.networkOrCache,
      { credentials: 'include', ...PATIENCE },
      status(401, acao(), ['Access-Control-Allow-Credentials', 'true']),
      readable({ status: 401 }),
    ),
    one(
      'status-421/again',
      'Status 421 is tried once more, and is then visible',
      spec.networkOrCache,
      {},
      status(421, acao()),
      readable({ status: 421, wire: ['GET', 'GET'] }),
    ),
    one(
      'status-421/then-200',
      'What is answered at the second attempt after status 421 is what script sees',
      spec.networkOrCache,
      {},
      { actual: [status(421, acao()), status(200, acao())] },
      readable({ status: 200, wire: ['GET', 'GET'] }),
    ),
    one(
      'status-421/new-connection',
      'The second attempt after status 421 is made on a new connection',
      [spec.networkOrCache, 'https://fetch.spec.whatwg.org/#concept-connection-obtain'],
      {},
      { actual: [status(421, acao()), status(200, acao())] },
      readable({ status: 200, wire: ['GET', 'GET'], connections: 'different' }),
      // No other case uses this address, so no other case's connection can be taken.
      { class: 'wire', at: 'ipv6-target' },
    ),
    one(
      'status-425',
      'Status 425 is visible and is not tried again',
      'https://www.rfc-editor.org/rfc/rfc8470#section-5.2',
      {},
      status(425, acao()),
      readable({ status: 425, wire: ['GET'] }),
    ),
    ...[100, 102, 103].map(code =>
      one(
        `status-103-then-200/${code}`,
        `An interim answer with status ${code} does not stand in the way of the final one`,
        spec.networkFetch,
        {},
        { actual: { headers: [acao()], interim: [{ status: code, headers: [['X-Early', '1']] }] } },
        readable({ status: 200, body: 'ok', hidden: ['x-early'] }),
      ),
    ),
    one(
      'status-103-then-200/two',
      'Several interim answers do not stand in the way of the final one',
      spec.networkFetch,
      {},
      { actual: { headers: [acao()], interim: [{ status: 102 }, { status: 103 }, { status: 103 }] } },
      readable({ status: 200, body: 'ok' }),
    ),
    ...APIS.flatMap(api => [
      one(
        `status-206-416/${api}-206`,
        `Status 206 to a request without Range is visible to ${api}`,
        spec.mainFetch,
        { api },
        status(206, acao(), ['Content-Range', 'bytes 0-1/10']),
        readable({ status: 206, body: 'ok', requestHeaders: { range: null } }),
      ),
      one(
        `status-206-416/${api}-416`,
        `Status 416 to a request without Range is visible to ${api}`,
        spec.mainFetch,
        { api },
        status(416, acao(), ['Content-Range', 'bytes */10']),
        readable({ status: 416, body: 'ok' }),
      ),
    ]),
    one(
      'status-truncated-body/closed',
      'A body that ends too early fails when it is read, not before',
      [spec.networkFetch, spec.fetchMethod],
      {},
      {
        actual: {
          raw: 'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 10\r\n\r\nok',
          close: true,
        },
      },
      readable({ status: 200, type: 'cors', bodyError: 'TypeError' }),
    ),
    one(
      'status-truncated-body/xhr',
      'A body that ends too early is a network error to XHR',
      'https://xhr.spec.whatwg.org/#handle-errors',
      { api: 'xhr' },
      { actual: { headers: [acao()], body: { bytes: 4000 }, fault: 'reset-in-body' } },
      failed({ status: 0 }),
    ),
    one(
      'status-truncated-body/blocked',
      'A body that ends too early is never read where the CORS check fails',
      [spec.networkFetch, spec.corsCheck],
      {},
      { actual: { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok', close: true } },
      blocked(),
    ),
  ],
});
