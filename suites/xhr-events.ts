/**
 * XMLHttpRequest's own account of a cross-origin request: its events, its states, its errors.
 * Longer than other files, as a suite is one file.
 */

import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acac,
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  blockedAtResponse,
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';

const XHR: CaseRequest = { api: 'xhr' };
const SYNC: CaseRequest = { api: 'xhr', sync: true };

const DONE = ['readystatechange:4', 'load', 'loadend'];
const FAILED = ['readystatechange:4', 'error', 'loadend'];
const STARTED = ['readystatechange:1', 'loadstart'];
const HEADERS = ['readystatechange:2', 'readystatechange:3'];
const nothing = { status: 0, body: '', url: '', allHeaders: [], error: 'error' };

const UNANSWERED: readonly [variant: string, what: string, request: CaseRequest][] = [
  ['without-body', 'A same-origin PUT', {}],
  ['with-body', 'A same-origin PUT with a body', { body: 'x' }],
  ['sync', 'A synchronous same-origin PUT', { sync: true }],
];

const asynchronous = [
  one({
    id: 'xhr-async-ok',
    title: 'A readable response takes an XMLHttpRequest through its states to load and loadend',
    spec: SPEC.xhrSend,
    request: XHR,
    server: allowed,
    expect: readable({ status: 200, body: 'ok', url: '{url}', events: [...STARTED, ...HEADERS, ...DONE] }),
  }),
  one({
    id: 'xhr-async-ok/empty-body',
    title: 'A readable response without a body skips the loading state',
    spec: SPEC.xhrSend,
    request: XHR,
    server: { status: 204, headers: [acao()] },
    expect: readable({ status: 204, body: '', events: [...STARTED, 'readystatechange:2', ...DONE] }),
  }),
  one({
    id: 'xhr-cors-error',
    title: 'A blocked response shows an error without status, headers, body or URL',
    spec: [SPEC.xhrSend, SPEC.xhrErrorSteps],
    request: XHR,
    server: answer(['X-A', '1']),
    expect: blockedAtResponse({ ...nothing, events: [...STARTED, ...FAILED] }),
  }),
  ...[404, 500].map(status =>
    one({
      id: `xhr-cors-error/${status}`,
      title: `A blocked ${status} is indistinguishable from any other blocked response`,
      spec: [SPEC.xhrSend, SPEC.xhrErrorSteps],
      request: XHR,
      server: { status, headers: [['X-A', '1']] },
      expect: blockedAtResponse({ ...nothing, events: [...STARTED, ...FAILED] }),
    }),
  ),
  one({
    id: 'xhr-preflight-error',
    title: 'A failed preflight looks like a blocked response',
    spec: [SPEC.preflightFetch, SPEC.xhrErrorSteps],
    request: { ...XHR, method: 'PUT' },
    server: { preflight: answer(acao()), actual: allowed },
    expect: blockedAtPreflight({ ...nothing, events: [...STARTED, ...FAILED] }),
  }),
  one({
    id: 'xhr-error-order-upload',
    title: 'A failed preflight fires error and loadend on the upload before it does on the request',
    spec: SPEC.xhrErrorSteps,
    request: { ...XHR, method: 'PUT', headers: [['X-A', '1']], body: 'sent', uploadListener: 'before-send' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: blockedAtPreflight({
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
  }),
  one({
    id: 'xhr-error-order-upload/blocked-response',
    title: 'A blocked response does not fire error on an upload that has finished',
    spec: SPEC.xhrErrorSteps,
    request: { ...XHR, method: 'POST', body: 'sent', uploadListener: 'before-send' },
    server: { preflight: answer(acao()), actual: { delayMs: 250 } },
    expect: blockedAtResponse({
      ...nothing,
      preflight: 'sent',
      events: [...STARTED, 'upload.loadstart', 'upload.load', 'upload.loadend', ...FAILED],
    }),
  }),
  one({
    id: 'xhr-timeout-during-preflight',
    title: 'A timeout during the preflight fires timeout, and the actual request is not sent',
    spec: [SPEC.xhrSend, SPEC.xhrErrorSteps],
    request: { ...XHR, method: 'PUT', timeoutMs: 500 },
    server: { preflight: { fault: 'hang' }, actual: allowed },
    expect: {
      outcome: 'timeout',
      ...nothing,
      error: 'timeout',
      preflight: 'sent',
      actual: 'not sent',
      events: [...STARTED, 'readystatechange:4', 'timeout', 'loadend'],
    },
  }),
  one({
    id: 'xhr-timeout-during-preflight/actual',
    title: 'A timeout during the actual request fires timeout',
    spec: [SPEC.xhrSend, SPEC.xhrErrorSteps],
    request: { ...XHR, timeoutMs: 500 },
    server: { fault: 'hang' },
    expect: {
      outcome: 'timeout',
      ...nothing,
      error: 'timeout',
      actual: 'sent',
      events: [...STARTED, 'readystatechange:4', 'timeout', 'loadend'],
    },
  }),
];

const COOKIE = 'a{nonce}=1';
const sets = answer(acao(), acac(), ['Set-Cookie', `${COOKIE}; Path=/c/{nonce}`]);
const open = answer(acao(), acac());

const credentials = [
  sequence({
    id: 'xhr-with-credentials',
    title: 'withCredentials sends cookies across origins, and without it none are sent',
    spec: [SPEC.xhrSend, SPEC.networkOrCache],
    steps: [
      { request: { ...XHR, withCredentials: true }, server: { actual: sets }, expect: readable() },
      {
        request: { ...XHR, withCredentials: true },
        server: { actual: open },
        expect: readable({ requestHeaders: { cookie: COOKIE } }),
      },
      { request: XHR, server: { actual: open }, expect: readable({ requestHeaders: { cookie: null } }) },
    ],
    class: 'wire',
  }),
  one({
    id: 'xhr-with-credentials-throws-after-send',
    title: 'withCredentials cannot be set after send()',
    spec: SPEC.xhrWithCredentials,
    request: { ...XHR, withCredentialsAfterSend: true },
    server: allowed,
    expect: { outcome: 'error', error: 'InvalidStateError', actual: 'sent' },
  }),
  ...(
    [
      ['refused', '', {}, 'page'],
      ['refused-in-worker', ' in a worker', {}, 'worker'],
      [
        'refused-upload',
        ' for an upload',
        { method: 'POST', body: 'x', uploadListener: 'before-send' },
        'page',
      ],
    ] as const
  ).map(([variant, where, request, realm]) =>
    one({
      id: `xhr-with-credentials-throws-after-send/${variant}`,
      title: `withCredentials cannot be set after send()${where}, even if the request is not sent because of its port`,
      spec: [SPEC.xhrWithCredentials, SPEC.mainFetch],
      request: { ...XHR, ...request, url: 'http://localhost:1/', withCredentialsAfterSend: true },
      server: allowed,
      expect: { outcome: 'error', error: 'InvalidStateError', wire: [] },
      ...(realm === 'worker' && { realm }),
    }),
  ),
];

const synchronous = [
  ...UNANSWERED.map(([variant, what, request]) =>
    one({
      id: `xhr-unanswered-put/${variant}`,
      title: `${what} fails if its connection ends over TLS without an answer`,
      spec: SPEC.xhrErrors,
      page: 'secure-site',
      at: 'secure-site',
      request: { api: 'xhr', method: 'PUT', ...request },
      server: { actual: { fault: 'reset' } },
      expect: {
        outcome: 'error',
        error: request.sync ? 'NetworkError' : 'error',
        status: 0,
        // An engine may send a request without an answer again (RFC 9110, section 9.2.2).
        anyRequests: true,
      },
    }),
  ),
  one({
    id: 'xhr-sync-error',
    title: 'A synchronous request that is blocked throws a NetworkError',
    spec: [SPEC.xhrSend, SPEC.xhrErrorSteps],
    request: SYNC,
    server: answer(),
    expect: blockedAtResponse({ ...nothing, error: 'NetworkError' }),
  }),
  one({
    id: 'xhr-sync-error/preflight',
    title: 'A synchronous request whose preflight fails throws a NetworkError',
    spec: [SPEC.xhrSend, SPEC.preflightFetch],
    request: { ...SYNC, method: 'PUT' },
    server: { preflight: answer(acao()), actual: allowed },
    expect: blockedAtPreflight({ ...nothing, error: 'NetworkError' }),
  }),
  one({
    id: 'xhr-sync-preflight',
    title: 'A synchronous request waits for its preflight',
    spec: [SPEC.xhrSend, SPEC.mainFetch],
    request: { ...SYNC, method: 'PUT', headers: [['X-A', '1']] },
    server: {
      preflight: answer(acao(), acam('PUT'), ['Access-Control-Allow-Headers', 'x-a']),
      actual: allowed,
    },
    expect: readable({
      status: 200,
      body: 'ok',
      wire: ['OPTIONS', 'PUT'],
      accessControlRequestHeaders: 'x-a',
      requestHeaders: { 'x-a': '1' },
    }),
  }),
  one({
    id: 'xhr-sync-conditional',
    title: 'A synchronous request with an If-None-Match of its own is sent past the HTTP cache',
    spec: SPEC.networkOrCache,
    request: { ...SYNC, headers: [['If-None-Match', '"1"']] },
    server: {
      preflight: answer(acao(), ['Access-Control-Allow-Headers', 'if-none-match']),
      actual: allowed,
    },
    expect: preflighted({
      status: 200,
      body: 'ok',
      requestHeaders: { pragma: 'no-cache', 'cache-control': 'no-cache' },
    }),
    class: 'wire',
  }),
  sequence({
    id: 'xhr-sync-credentials',
    title: 'A synchronous request may have credentials',
    spec: [SPEC.xhrSend, SPEC.networkOrCache],
    steps: [
      { request: { ...SYNC, withCredentials: true }, server: { actual: sets }, expect: readable() },
      {
        request: { ...SYNC, withCredentials: true },
        server: { actual: open },
        expect: readable({ status: 200, requestHeaders: { cookie: COOKIE } }),
      },
    ],
  }),
  ...(
    [
      ['timeout', { timeoutMs: 5000 }],
      ['response-type', { responseType: 'text' }],
    ] as [string, CaseRequest][]
  ).flatMap(([name, extra]) => [
    one({
      id: `xhr-sync-timeout-responsetype/${name}`,
      title: `In a window, a synchronous request with a ${name.replace('-', ' ')} is an InvalidAccessError`,
      spec: SPEC.xhrOpen,
      request: { ...SYNC, ...extra },
      server: allowed,
      expect: { outcome: 'error', error: 'InvalidAccessError', wire: [] },
    }),
    one({
      id: `xhr-sync-timeout-responsetype/${name}-in-worker`,
      title: `In a worker, a synchronous request may have a ${name.replace('-', ' ')}`,
      spec: SPEC.xhrOpen,
      request: { ...SYNC, ...extra },
      server: allowed,
      expect: readable({ status: 200, body: 'ok' }),
      realm: 'worker',
    }),
  ]),
];

export const xhrEvents = defineSuite({
  id: 'xhr-events',
  title: 'XMLHttpRequest: events, errors and synchronous requests',
  cases: [...asynchronous, ...credentials, ...synchronous],
});
