/** Requests whose end script is never told: sendBeacon(), fetchLater() and the ping attribute. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation, RequestBody } from '../harness/case/schema.ts';
import { acac, acah, acam, acao, allowed, answer, one, readable, spec, WIRE } from './helpers.ts';
import { B, echo, redirect } from './redirect-words.ts';
import { sequence, step } from './sequences.ts';

type HeaderExpectations = NonNullable<Expectation['requestHeaders']>;

const BEACON = 'https://w3c.github.io/beacon/#sec-processing-model';
const DEFERRED = 'https://fetch.spec.whatwg.org/#deferred-fetch';
const FETCH_LATER = 'https://fetch.spec.whatwg.org/#dom-window-fetchlater';
const AUDITING = 'https://html.spec.whatwg.org/multipage/links.html#hyperlink-auditing';

const FROM_PAGE = { origin: '{origin}' } as const;
const beacon = (body?: RequestBody): CaseRequest => ({ api: 'beacon', ...(body !== undefined && { body }) });
/** sendBeacon() says only whether the request was taken on. */
const taken = (more: Partial<Expectation> = {}): Expectation => readable({ result: 'true', ...more });

const SIMPLE: readonly [
  variant: string,
  what: string,
  body: RequestBody | undefined,
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
    one(
      `beacon-simple/${variant}`,
      `A beacon of ${what} is a POST that asks nobody and carries Origin`,
      BEACON,
      beacon(body),
      answer(),
      taken({ wire: ['POST'], requestHeaders: { ...FROM_PAGE, ...headers } }),
      WIRE,
    ),
  ),
  sequence(
    'beacon-simple/cookies',
    'A beacon carries cookies, and stores those of its answer',
    BEACON,
    [
      step(
        { credentials: 'include' },
        { actual: answer(acao(), acac(), ['Set-Cookie', 'a{nonce}=1; Path=/c/{nonce}']) },
        readable(),
      ),
      step(
        beacon('here'),
        { actual: answer(['Set-Cookie', 'b{nonce}=1; Path=/c/{nonce}']) },
        taken({ requestHeaders: { cookie: 'a{nonce}=1' } }),
      ),
      step(
        { credentials: 'include' },
        { actual: answer(acao(), acac()) },
        readable({ requestHeaders: { cookie: 'a{nonce}=1; b{nonce}=1' } }),
      ),
    ],
    WIRE,
  ),
  one(
    'beacon-simple/too-big',
    'A beacon of more than 64 KiB is not taken on',
    BEACON,
    beacon({ bytes: 65_537 }),
    answer(),
    readable({ result: 'false', wire: [] }),
    // Where it is taken on, it would use up what the other cases of its page may send.
    { fresh: true },
  ),
];

const JSON_BLOB: RequestBody = { blob: '{}', type: 'application/json' };
const json = [
  one(
    'beacon-json-preflight',
    'A beacon of a JSON Blob asks first, and needs permission for credentials',
    [BEACON, spec.preflightFetch],
    beacon(JSON_BLOB),
    { preflight: answer(acao(), acac(), acah('content-type')), actual: answer(acao(), acac()) },
    taken({
      preflight: 'sent',
      actual: 'sent',
      accessControlRequestMethod: 'POST',
      accessControlRequestHeaders: 'content-type',
      preflightHeaders: FROM_PAGE,
      requestHeaders: { ...FROM_PAGE, 'content-type': 'application/json' },
      requestBody: '{}',
    }),
    WIRE,
  ),
  ...(
    [
      ['no-acac', 'without permission for credentials', answer(acao(), acah('content-type'))],
      ['star', 'with wildcards', answer(acao('*'), acac(), acah('*'))],
      ['no-acah', 'without permission for Content-Type', answer(acao(), acac())],
      ['nothing', 'without any permission', answer()],
    ] as const
  ).map(([variant, how, preflight]) =>
    one(
      `beacon-json-denied/${variant}`,
      `A beacon of a JSON Blob is not sent after an answer ${how}, and script is not told`,
      [BEACON, spec.preflightFetch],
      beacon(JSON_BLOB),
      { preflight, actual: answer(acao(), acac()) },
      taken({ preflight: 'sent', actual: 'not sent' }),
      WIRE,
    ),
  ),
];

const redirected = ([307, 308] as const).map(status =>
  one(
    `beacon-redirect/${status}`,
    `A beacon follows a ${status} to a third origin, which is told Origin null`,
    [BEACON, spec.redirectFetch],
    beacon('here'),
    { actual: redirect('hop2', status), resources: { hop2: B({ actual: answer() }) } },
    taken({
      wire: ['POST', 'POST hop2'],
      requestHeadersAt: { POST: FROM_PAGE, 'POST hop2': { origin: 'null' } },
      requestBody: 'here',
    }),
    WIRE,
  ),
);

const becomesGet = one(
  'beacon-redirect/302',
  'A 302 makes a GET of a beacon, which carries no Origin',
  [BEACON, spec.redirectFetch, spec.originHeader],
  beacon('here'),
  { actual: redirect('hop2', 302), resources: { hop2: B({ actual: answer() }) } },
  taken({
    wire: ['POST', 'GET hop2'],
    requestHeadersAt: { POST: FROM_PAGE, 'GET hop2': { origin: null } },
    requestBody: '',
  }),
  WIRE,
);

const LATER: CaseRequest = { api: 'fetch-later' };
const queued = (more: Partial<Expectation> = {}): Expectation => readable({ body: 'queued', ...more });

const later = [
  one(
    'fetchlater-cors/get',
    'A deferred GET is sent with Origin, whether or not its answer allows it',
    [FETCH_LATER, DEFERRED, spec.originHeader],
    LATER,
    answer(),
    queued({ actual: 'sent', requestHeaders: FROM_PAGE }),
    WIRE,
  ),
  one(
    'fetchlater-cors/post',
    'A deferred POST of text asks nobody',
    [FETCH_LATER, DEFERRED],
    { ...LATER, method: 'POST', body: 'here' },
    answer(),
    queued({ requestHeaders: FROM_PAGE, requestBody: 'here' }),
    WIRE,
  ),
  one(
    'fetchlater-cors/put',
    'A deferred PUT asks first',
    [FETCH_LATER, DEFERRED, spec.preflightFetch],
    { ...LATER, method: 'PUT' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    queued({
      preflight: 'sent',
      actual: 'sent',
      accessControlRequestMethod: 'PUT',
      preflightHeaders: FROM_PAGE,
      requestHeaders: FROM_PAGE,
    }),
    WIRE,
  ),
  one(
    'fetchlater-cors/refused',
    'A deferred PUT that is not allowed is not sent',
    [FETCH_LATER, DEFERRED, spec.preflightFetch],
    { ...LATER, method: 'PUT' },
    { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    queued({ preflight: 'sent', actual: 'not sent' }),
    WIRE,
  ),
  one(
    'fetchlater-cors/no-cors',
    'A deferred GET in mode no-cors is sent without Origin',
    [FETCH_LATER, DEFERRED, spec.originHeader],
    { ...LATER, mode: 'no-cors' },
    answer(),
    queued({ requestHeaders: { origin: null } }),
    WIRE,
  ),
  one(
    'fetchlater-cors/redirect',
    'A deferred GET follows a redirect that allows the page, and tells a third origin null',
    [FETCH_LATER, DEFERRED, spec.redirectFetch],
    LATER,
    { actual: redirect('hop2', 302, acao()), resources: { hop2: B({ actual: answer(echo) }) } },
    queued({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
    WIRE,
  ),
];

const OPTIONAL = {
  class: 'may',
  because: 'The HTML Standard lets a user agent ignore any ping URL; one that sends it has to send this.',
} as const satisfies Partial<Case>;

const pings = [
  one(
    'ping-attribute/cross-origin',
    'Following a link sends its ping as a POST of text/ping that asks nobody',
    AUDITING,
    { api: 'ping' },
    answer(),
    readable({
      result: 'clicked',
      wire: ['POST'],
      requestHeaders: { ...FROM_PAGE, 'content-type': 'text/ping', referer: null },
      requestBody: 'PING',
    }),
    OPTIONAL,
  ),
  one(
    'ping-attribute/redirect',
    'A ping follows a redirect to a third origin without asking, and tells it Origin null',
    [AUDITING, spec.redirectFetch],
    { api: 'ping' },
    { actual: redirect('hop2', 307), resources: { hop2: B({ actual: answer() }) } },
    readable({
      result: 'clicked',
      wire: ['POST', 'POST hop2'],
      requestHeadersAt: { POST: FROM_PAGE, 'POST hop2': { origin: 'null' } },
    }),
    OPTIONAL,
  ),
];

export const beacons = defineSuite({
  id: 'beacons',
  title: 'Beacons, deferred requests and pings',
  about:
    'sendBeacon(), fetchLater() and the ping attribute: script is not told how they end, servers see all.',
  cases: [...simple, ...json, ...redirected, becomesGet, ...later, ...pings],
});
