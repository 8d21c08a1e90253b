/** XMLHttpRequest's own account of a cross-origin request: its events, its states, its errors. */
import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { acac, acam, acao, allowed, answer, blocked, one, readable, refused, spec } from './helpers.ts';
import { sequence, step } from './sequences.ts';

const XHR: CaseRequest = { api: 'xhr' };
const ERROR_STEPS = 'https://xhr.spec.whatwg.org/#request-error-steps';
const OPEN = 'https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open';
const SYNC: CaseRequest = { api: 'xhr', sync: true };

const DONE = ['readystatechange:4', 'load', 'loadend'];
const FAILED = ['readystatechange:4', 'error', 'loadend'];
const STARTED = ['readystatechange:1', 'loadstart'];
const HEADERS = ['readystatechange:2', 'readystatechange:3'];
const nothing = { status: 0, body: '', url: '', allHeaders: [], error: 'error' };

const asynchronous = [
  one(
    'xhr-async-ok',
    'A readable response takes an XMLHttpRequest through its states to load and loadend',
    spec.xhrSend,
    XHR,
    allowed,
    readable({ status: 200, body: 'ok', url: '{url}', events: [...STARTED, ...HEADERS, ...DONE] }),
  ),
  one(
    'xhr-async-ok/empty-body',
    'A readable response without a body skips the loading state',
    spec.xhrSend,
    XHR,
    { status: 204, headers: [acao()] },
    readable({ status: 204, body: '', events: [...STARTED, 'readystatechange:2', ...DONE] }),
  ),
  one(
    'xhr-cors-error',
    'A blocked response shows nothing but an error: no status, no headers, no body, no URL',
    [spec.xhrSend, ERROR_STEPS],
    XHR,
    answer(['X-A', '1']),
    blocked({ ...nothing, events: [...STARTED, ...FAILED] }),
  ),
  ...[404, 500].map(status =>
    one(
      `xhr-cors-error/${status}`,
      `A ${status} that does not allow the origin is indistinguishable from any other blocked response`,
      [spec.xhrSend, ERROR_STEPS],
      XHR,
      { status, headers: [['X-A', '1']] },
      blocked({ ...nothing, events: [...STARTED, ...FAILED] }),
    ),
  ),
  one(
    'xhr-preflight-error',
    'A refused preflight looks to script like a blocked response',
    [spec.preflightFetch, ERROR_STEPS],
    { ...XHR, method: 'PUT' },
    { preflight: answer(acao()), actual: allowed },
    refused({ ...nothing, events: [...STARTED, ...FAILED] }),
  ),
  one(
    'xhr-error-order-upload',
    'A request that is refused after its upload began ends the upload first: error and loadend there, then here',
    ERROR_STEPS,
    { ...XHR, method: 'PUT', headers: [['X-A', '1']], body: 'sent', uploadListener: 'before-send' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    refused({
      ...nothing,
      events: [
        ...STARTED,
        'upload.loadstart',
        'readystatechange:4',
        'upload.error',
        'upload.loadend',
        'error',
        'loadend',
      ],
    }),
  ),
  one(
    'xhr-error-order-upload/blocked-response',
    'An upload that has ended well stays so when the response is blocked',
    ERROR_STEPS,
    { ...XHR, method: 'POST', body: 'sent', uploadListener: 'before-send' },
    { preflight: answer(acao()), actual: { delayMs: 250 } },
    blocked({
      ...nothing,
      preflight: 'sent',
      events: [...STARTED, 'upload.loadstart', 'upload.load', 'upload.loadend', ...FAILED],
    }),
  ),
  one(
    'xhr-timeout-during-preflight',
    'A timeout while the preflight is under way is a timeout, and the actual request is never sent',
    [spec.xhrSend, ERROR_STEPS],
    { ...XHR, method: 'PUT', timeoutMs: 500 },
    { preflight: { fault: 'hang' }, actual: allowed },
    {
      outcome: 'timeout',
      ...nothing,
      error: 'timeout',
      preflight: 'sent',
      actual: 'not sent',
      events: [...STARTED, 'readystatechange:4', 'timeout', 'loadend'],
    },
  ),
  one(
    'xhr-timeout-during-preflight/actual',
    'A timeout while the response is awaited is a timeout',
    [spec.xhrSend, ERROR_STEPS],
    { ...XHR, timeoutMs: 500 },
    { fault: 'hang' },
    {
      outcome: 'timeout',
      ...nothing,
      error: 'timeout',
      actual: 'sent',
      events: [...STARTED, 'readystatechange:4', 'timeout', 'loadend'],
    },
  ),
];

const COOKIE = 'a{nonce}=1';
const sets = answer(acao(), acac(), ['Set-Cookie', `${COOKIE}; Path=/c/{nonce}`]);
const open = answer(acao(), acac());

const credentials = [
  sequence(
    'xhr-with-credentials',
    'withCredentials sends cookies across origins, and without it none go along',
    [spec.xhrSend, spec.networkOrCache],
    [
      step({ ...XHR, withCredentials: true }, { actual: sets }, readable()),
      step(
        { ...XHR, withCredentials: true },
        { actual: open },
        readable({ requestHeaders: { cookie: COOKIE } }),
      ),
      step(XHR, { actual: open }, readable({ requestHeaders: { cookie: null } })),
    ],
    { class: 'wire' },
  ),
  one(
    'xhr-with-credentials-throws-after-send',
    'withCredentials cannot be set once the request is under way',
    'https://xhr.spec.whatwg.org/#the-withcredentials-attribute',
    { ...XHR, withCredentialsAfterSend: true },
    allowed,
    { outcome: 'error', error: 'InvalidStateError', actual: 'sent' },
  ),
];

const synchronous = [
  one(
    'xhr-sync-error',
    'A synchronous request that is blocked throws a NetworkError',
    [spec.xhrSend, ERROR_STEPS],
    SYNC,
    answer(),
    blocked({ ...nothing, error: 'NetworkError' }),
  ),
  one(
    'xhr-sync-error/preflight',
    'A synchronous request whose preflight is refused throws a NetworkError',
    [spec.xhrSend, spec.preflightFetch],
    { ...SYNC, method: 'PUT' },
    { preflight: answer(acao()), actual: allowed },
    refused({ ...nothing, error: 'NetworkError' }),
  ),
  one(
    'xhr-sync-preflight',
    'A synchronous request waits for its preflight, too',
    [spec.xhrSend, spec.mainFetch],
    { ...SYNC, method: 'PUT', headers: [['X-A', '1']] },
    { preflight: answer(acao(), acam('PUT'), ['Access-Control-Allow-Headers', 'x-a']), actual: allowed },
    readable({
      status: 200,
      body: 'ok',
      wire: ['OPTIONS', 'PUT'],
      accessControlRequestHeaders: 'x-a',
      requestHeaders: { 'x-a': '1' },
    }),
  ),
  sequence(
    'xhr-sync-credentials',
    'A synchronous request may have credentials',
    [spec.xhrSend, spec.networkOrCache],
    [
      step({ ...SYNC, withCredentials: true }, { actual: sets }, readable()),
      step(
        { ...SYNC, withCredentials: true },
        { actual: open },
        readable({ status: 200, requestHeaders: { cookie: COOKIE } }),
      ),
    ],
  ),
  ...(
    [
      ['timeout', { timeoutMs: 5000 }],
      ['response-type', { responseType: 'text' }],
    ] as [string, CaseRequest][]
  ).flatMap(([name, extra]) => [
    one(
      `xhr-sync-timeout-responsetype/${name}`,
      `In a window, a synchronous request with a ${name.replace('-', ' ')} is an InvalidAccessError`,
      OPEN,
      { ...SYNC, ...extra },
      allowed,
      { outcome: 'error', error: 'InvalidAccessError', wire: [] },
    ),
    one(
      `xhr-sync-timeout-responsetype/${name}-in-worker`,
      `In a worker, a synchronous request may have a ${name.replace('-', ' ')}`,
      OPEN,
      { ...SYNC, ...extra },
      allowed,
      readable({ status: 200, body: 'ok' }),
      { realm: 'worker' },
    ),
  ]),
];

export const xhrEvents = defineSuite({
  id: 'xhr-events',
  title: 'XMLHttpRequest: events, errors and synchronous requests',
  cases: [...asynchronous, ...credentials, ...synchronous],
});
