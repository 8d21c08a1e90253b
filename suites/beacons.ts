/** Requests whose end script is never told: sendBeacon(), fetchLater() and the ping attribute. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseBody, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acah, acam, acao, allowed, answer, one, readable } from './helpers.ts';
import { acaoReflected, onThirdOrigin, redirect } from './redirect-helpers.ts';
import { sequence } from './sequence-helpers.ts';

type HeaderExpectations = NonNullable<Expectation['requestHeaders']>;

const FROM_PAGE = { origin: '{origin}' } as const;
const beacon = (body?: CaseBody): CaseRequest => ({ api: 'beacon', ...(body !== undefined && { body }) });
/** sendBeacon() says only whether the request was taken on. */
const taken = (more: Partial<Expectation> = {}): Expectation => readable({ result: 'true', ...more });

const SIMPLE: readonly [
  variant: string,
  what: string,
  body: CaseBody | undefined,
  headers: HeaderExpectations,
][] = [
  ['string', 'text', 'here', { 'content-type': 'text/plain;charset=UTF-8' }],
  [
    'urlencoded',
    'form fields',
    { urlencoded: [['a', '1']] },
    { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
  ],
  [
    'multipart',
    'a multipart form',
    { multipart: [['a', '1']] },
    { 'content-type': { matches: '^multipart/form-data; ?boundary=' } },
  ],
  ['text-blob', 'a text/plain Blob', { blob: 'here', type: 'text/plain' }, { 'content-type': 'text/plain' }],
  ['typeless-blob', 'a Blob without a type', { blob: 'here', type: '' }, { 'content-type': null }],
  ['buffer', 'bytes', { buffer: 'here' }, { 'content-type': null }],
  ['empty', 'nothing', undefined, { 'content-type': null }],
];

const simple = [
  ...SIMPLE.map(([variant, what, body, headers]) =>
    one({
      id: `beacon-simple/${variant}`,
      title: `A beacon of ${what} is a POST with Origin that needs no preflight`,
      spec: [SPEC.beacon, SPEC.fetch],
      request: beacon(body),
      server: answer(),
      expect: taken({ wire: ['POST'], requestHeaders: { ...FROM_PAGE, ...headers } }),
      class: 'wire',
    }),
  ),
  sequence({
    id: 'beacon-simple/cookies',
    title: 'A beacon sends cookies and stores those of its response',
    spec: [SPEC.beacon, SPEC.fetch],
    steps: [
      {
        request: { credentials: 'include' },
        server: { actual: answer(acao(), acac(), ['Set-Cookie', 'a{nonce}=1; Path=/c/{nonce}']) },
        expect: readable(),
      },
      {
        request: beacon('here'),
        server: { actual: answer(['Set-Cookie', 'b{nonce}=1; Path=/c/{nonce}']) },
        expect: taken({ requestHeaders: { cookie: 'a{nonce}=1' } }),
      },
      {
        request: { credentials: 'include' },
        server: { actual: answer(acao(), acac()) },
        expect: readable({ requestHeaders: { cookie: 'a{nonce}=1; b{nonce}=1' } }),
      },
    ],
    class: 'wire',
  }),
  one({
    id: 'beacon-simple/too-big',
    title: 'sendBeacon() returns false for more than 64 KiB',
    spec: [SPEC.beacon, SPEC.fetch],
    request: beacon({ bytes: 65_537 }),
    server: answer(),
    expect: readable({ result: 'false', wire: [] }),
    fresh: true,
  }),
];

const JSON_BLOB: CaseBody = { blob: '{}', type: 'application/json' };
const json = [
  one({
    id: 'beacon-json-preflight',
    title: 'A beacon of a JSON Blob is preflighted, and its preflight must allow credentials',
    spec: [SPEC.beacon, SPEC.preflightFetch],
    request: beacon(JSON_BLOB),
    server: { preflight: answer(acao(), acac(), acah('content-type')), actual: answer(acao(), acac()) },
    expect: taken({
      preflight: 'sent',
      actual: 'sent',
      accessControlRequestMethod: 'POST',
      accessControlRequestHeaders: 'content-type',
      preflightHeaders: FROM_PAGE,
      requestHeaders: { ...FROM_PAGE, 'content-type': 'application/json' },
      requestBody: '{}',
    }),
    class: 'wire',
  }),
  ...(
    [
      ['no-acac', 'without Access-Control-Allow-Credentials', answer(acao(), acah('content-type'))],
      ['star', 'with wildcards', answer(acao('*'), acac(), acah('*'))],
      ['no-acah', 'without Access-Control-Allow-Headers', answer(acao(), acac())],
      ['nothing', 'without any CORS header', answer()],
    ] as const
  ).map(([variant, how, preflight]) =>
    one({
      id: `beacon-json-denied/${variant}`,
      title: `A beacon of a JSON Blob is not sent after a preflight response ${how}`,
      spec: [SPEC.beacon, SPEC.preflightFetch],
      request: beacon(JSON_BLOB),
      server: { preflight, actual: answer(acao(), acac()) },
      expect: taken({ preflight: 'sent', actual: 'not sent' }),
      class: 'wire',
    }),
  ),
];

const redirected = ([307, 308] as const).map(status =>
  one({
    id: `beacon-redirect/${status}`,
    title: `A beacon follows a ${status} to a third origin with Origin: null`,
    spec: [SPEC.beacon, SPEC.redirectFetch],
    request: beacon('here'),
    server: { actual: redirect('hop2', status), resources: { hop2: onThirdOrigin({ actual: answer() }) } },
    expect: taken({
      wire: ['POST', 'POST hop2'],
      requestHeadersAt: { POST: FROM_PAGE, 'POST hop2': { origin: 'null' } },
      requestBody: 'here',
    }),
    class: 'wire',
  }),
);

const becomesGet = one({
  id: 'beacon-redirect/302',
  title: 'A beacon answered 302 becomes a GET without Origin',
  spec: [SPEC.beacon, SPEC.redirectFetch, SPEC.originHeader],
  request: beacon('here'),
  server: { actual: redirect('hop2', 302), resources: { hop2: onThirdOrigin({ actual: answer() }) } },
  expect: taken({
    wire: ['POST', 'GET hop2'],
    requestHeadersAt: { POST: FROM_PAGE, 'GET hop2': { origin: null } },
    requestBody: '',
  }),
  class: 'wire',
});

const LATER: CaseRequest = { api: 'fetch-later' };
const queued = (more: Partial<Expectation> = {}): Expectation => readable({ body: 'queued', ...more });

const later = [
  one({
    id: 'fetchlater-cors/get',
    title: 'A deferred GET is sent with Origin, whether or not its response allows it',
    spec: [SPEC.fetchLater, SPEC.deferredFetch, SPEC.originHeader],
    request: LATER,
    server: answer(),
    expect: queued({ actual: 'sent', requestHeaders: FROM_PAGE }),
    class: 'wire',
  }),
  one({
    id: 'fetchlater-cors/post',
    title: 'A deferred POST of text needs no preflight',
    spec: [SPEC.fetchLater, SPEC.deferredFetch],
    request: { ...LATER, method: 'POST', body: 'here' },
    server: answer(),
    expect: queued({ requestHeaders: FROM_PAGE, requestBody: 'here' }),
    class: 'wire',
  }),
  one({
    id: 'fetchlater-cors/put',
    title: 'A deferred PUT is preflighted',
    spec: [SPEC.fetchLater, SPEC.deferredFetch, SPEC.preflightFetch],
    request: { ...LATER, method: 'PUT' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: queued({
      preflight: 'sent',
      actual: 'sent',
      accessControlRequestMethod: 'PUT',
      preflightHeaders: FROM_PAGE,
      requestHeaders: FROM_PAGE,
    }),
    class: 'wire',
  }),
  one({
    id: 'fetchlater-cors/refused',
    title: 'A deferred PUT is not sent if its preflight fails',
    spec: [SPEC.fetchLater, SPEC.deferredFetch, SPEC.preflightFetch],
    request: { ...LATER, method: 'PUT' },
    server: { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    expect: queued({ preflight: 'sent', actual: 'not sent' }),
    class: 'wire',
  }),
  one({
    id: 'fetchlater-cors/no-cors',
    title: 'A deferred GET in mode no-cors is sent without Origin',
    spec: [SPEC.fetchLater, SPEC.deferredFetch, SPEC.originHeader],
    request: { ...LATER, mode: 'no-cors' },
    server: answer(),
    expect: queued({ requestHeaders: { origin: null } }),
    class: 'wire',
  }),
  one({
    id: 'fetchlater-cors/redirect',
    title: 'A deferred GET follows a redirect to a third origin with Origin: null',
    spec: [SPEC.fetchLater, SPEC.deferredFetch, SPEC.redirectFetch],
    request: LATER,
    server: {
      actual: redirect('hop2', 302, acao()),
      resources: { hop2: onThirdOrigin({ actual: answer(acaoReflected) }) },
    },
    expect: queued({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
    class: 'wire',
  }),
];

const OPTIONAL = {
  class: 'may',
  because: 'The HTML Standard lets a user agent ignore any ping URL; one that sends it must send this.',
} as const satisfies Partial<Case>;

const pings = [
  one({
    id: 'ping-attribute/cross-origin',
    title: 'Following a link sends its ping as a POST of text/ping without a preflight',
    spec: SPEC.hyperlinkAuditing,
    request: { api: 'ping' },
    server: answer(),
    expect: readable({
      result: 'clicked',
      wire: ['POST'],
      requestHeaders: { ...FROM_PAGE, 'content-type': 'text/ping', referer: null },
      requestBody: 'PING',
    }),
    ...OPTIONAL,
  }),
  one({
    id: 'ping-attribute/redirect',
    title: 'A ping follows a redirect to a third origin with Origin: null and without a preflight',
    spec: [SPEC.hyperlinkAuditing, SPEC.redirectFetch],
    request: { api: 'ping' },
    server: { actual: redirect('hop2', 307), resources: { hop2: onThirdOrigin({ actual: answer() }) } },
    expect: readable({
      result: 'clicked',
      wire: ['POST', 'POST hop2'],
      requestHeadersAt: { POST: FROM_PAGE, 'POST hop2': { origin: 'null' } },
    }),
    ...OPTIONAL,
  }),
];

export const beacons = defineSuite({
  id: 'beacons',
  title: 'Beacons, deferred requests and pings',
  about:
    'sendBeacon(), fetchLater() and the ping attribute: script never learns the outcome, but servers see the requests.',
  cases: [...simple, ...json, ...redirected, becomesGet, ...later, ...pings],
});
