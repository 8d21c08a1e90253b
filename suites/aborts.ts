import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  blockedAtResponse,
  maxAge,
  one,
  PUT,
  preflighted,
  resourceAt,
  type Server,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

const HANG: Answer = { fault: 'hang' };
const putAllowed = answer(acao(), acam('PUT'));
/** Long enough for a preflight on a slow machine. */
const TIMEOUT_MS = 3000;

const ended = (error: string, wire: string[], more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'error',
  error,
  wire,
  ...more,
});
const timedOut = (error: string, wire: string[], more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'timeout',
  error,
  wire,
  ...more,
});

/** Requests that script gives up, and where they stand by then. */
const given: [variant: string, what: string, request: CaseRequest][] = [
  ['get', 'a GET', {}],
  ['put', 'a PUT', PUT],
  ['credentials', 'a GET with credentials', { credentials: 'include' }],
  ['no-cors', 'a no-cors GET', { mode: 'no-cors' }],
];

const phases: [phase: string, what: string, server: Server, wire: string[]][] = [
  ['preflight', 'its preflight', { preflight: HANG, actual: allowed }, ['OPTIONS']],
  ['actual', 'the actual request', { preflight: putAllowed, actual: HANG }, ['OPTIONS', 'PUT']],
];

export const aborts = defineSuite({
  id: 'aborts',
  title: 'Aborts and timeouts',
  about:
    'A request that script gives up is not a CORS failure: it has its own error, and nothing more is sent.',
  cases: [
    ...given.map(([variant, what, request]) =>
      one({
        id: `abort-before/${variant}`,
        title: `A signal that is already aborted keeps ${what} from being sent`,
        spec: SPEC.fetchMethod,
        request: { ...request, abort: 'before' },
        server: { preflight: putAllowed, actual: allowed },
        expect: ended('AbortError', []),
      }),
    ),
    one({
      id: 'abort-during-preflight/fetch',
      title: 'fetch() that is aborted during its preflight does not send the request',
      spec: [SPEC.fetchMethod, SPEC.abortFetch],
      request: { ...PUT, abort: { when: 'preflight' } },
      server: { preflight: HANG, actual: allowed },
      expect: ended('AbortError', ['OPTIONS']),
    }),
    one({
      id: 'abort-during-preflight/xhr',
      title: 'XMLHttpRequest that is aborted during its preflight does not send the request',
      spec: SPEC.xhrAbort,
      request: { ...PUT, api: 'xhr', abort: { when: 'preflight' } },
      server: { preflight: HANG, actual: allowed },
      expect: ended('abort', ['OPTIONS'], {
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'abort', 'loadend'],
      }),
    }),
    one({
      id: 'abort-after-preflight/fetch',
      title: 'fetch() that is aborted during the actual request rejects with an AbortError',
      spec: [SPEC.fetchMethod, SPEC.abortFetch],
      request: { ...PUT, abort: { when: 'actual' } },
      server: { preflight: putAllowed, actual: HANG },
      expect: ended('AbortError', ['OPTIONS', 'PUT']),
    }),
    one({
      id: 'abort-after-preflight/xhr',
      title: 'XMLHttpRequest that is aborted during the actual request fires abort',
      spec: SPEC.xhrAbort,
      request: { ...PUT, api: 'xhr', abort: { when: 'actual' } },
      server: { preflight: putAllowed, actual: HANG },
      expect: ended('abort', ['OPTIONS', 'PUT'], {
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'abort', 'loadend'],
      }),
    }),
    sequence({
      id: 'abort-after-preflight/remembered',
      title: 'An aborted request clears its preflight cache entries: the next one is preflighted again',
      spec: [SPEC.mainFetch, SPEC.preflightCache],
      steps: [
        {
          request: { ...PUT, abort: { when: 'actual' } },
          server: { preflight: answer(acao(), acam('PUT'), maxAge(600)), actual: HANG },
          expect: ended('AbortError', ['OPTIONS', 'PUT']),
        },
        {
          request: PUT,
          server: { preflight: answer(acao(), acam('PUT'), maxAge(600)), actual: allowed },
          expect: preflighted({ status: 200 }),
        },
      ],
      class: 'disputed',
      because:
        'An aborted fetch is a network error too, and main fetch clears the cache entries of any request that ends in one; some engines keep them.',
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `abort-during-redirect/${api}`,
        title: `A request by ${apiName(api)} that is aborted after a redirect ends as aborted`,
        spec: [SPEC.redirectFetch, SPEC.abortFetch],
        request: { api, abort: { when: 'actual', to: 'hop2' } },
        server: {
          actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
          resources: { hop2: resourceAt('other-target', { actual: HANG }) },
        },
        expect: ended(api === 'fetch' ? 'AbortError' : 'abort', ['GET', 'GET hop2']),
      }),
    ),
    ...(['preflight', 'actual'] as const).map(when =>
      one({
        id: `abort-custom-reason/${when}`,
        title: `fetch() rejects with the reason given to abort() during the ${when === 'preflight' ? 'preflight' : 'actual request'}`,
        spec: SPEC.fetchMethod,
        request: { ...PUT, abort: { when, reason: 'enough' } },
        server: when === 'preflight' ? { preflight: HANG } : { preflight: putAllowed, actual: HANG },
        expect: ended('enough', when === 'preflight' ? ['OPTIONS'] : ['OPTIONS', 'PUT']),
      }),
    ),
    one({
      id: 'abort-in-worker/reason',
      title: 'fetch() of a worker rejects with the reason given to abort()',
      spec: SPEC.fetchMethod,
      request: { abort: { when: 'actual', reason: 'enough' } },
      server: { actual: HANG },
      expect: ended('enough', ['GET']),
      realm: 'worker',
    }),
    one({
      id: 'abort-in-worker/timeout',
      title: 'AbortSignal.timeout() rejects fetch() of a worker with a TimeoutError',
      spec: [SPEC.fetchMethod, SPEC.abortSignalTimeout],
      request: { timeoutMs: TIMEOUT_MS },
      server: { actual: HANG },
      expect: timedOut('TimeoutError', ['GET']),
      realm: 'worker',
    }),
    one({
      id: 'abort-keepalive/reason',
      title: 'A keepalive fetch() rejects with the reason given to abort()',
      spec: SPEC.fetchMethod,
      request: { keepalive: true, abort: { when: 'actual', reason: 'enough' } },
      server: { actual: HANG },
      expect: ended('enough', ['GET']),
    }),
    one({
      id: 'abort-keepalive/timeout',
      title: 'AbortSignal.timeout() rejects a keepalive fetch() with a TimeoutError',
      spec: [SPEC.fetchMethod, SPEC.abortSignalTimeout],
      request: { keepalive: true, timeoutMs: TIMEOUT_MS },
      server: { actual: HANG },
      expect: timedOut('TimeoutError', ['GET']),
    }),
    ...phases.flatMap(([phase, what, server, wire]): Case[] => [
      one({
        id: `timeout-signal/${phase}`,
        title: `AbortSignal.timeout() rejects fetch() with a TimeoutError during ${what}`,
        spec: [SPEC.fetchMethod, SPEC.abortSignalTimeout],
        request: { ...PUT, timeoutMs: TIMEOUT_MS },
        server,
        expect: timedOut('TimeoutError', wire),
      }),
      one({
        id: `timeout-signal/${phase}-xhr`,
        title: `The timeout of XMLHttpRequest fires timeout during ${what}`,
        spec: SPEC.xhrTimeout,
        request: { ...PUT, api: 'xhr', timeoutMs: TIMEOUT_MS },
        server,
        expect: timedOut('timeout', wire, {
          events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'timeout', 'loadend'],
        }),
      }),
    ]),
    one({
      id: 'timeout-signal/answered',
      title: 'AbortSignal.timeout() does not affect fetch() that finishes in time',
      spec: [SPEC.fetchMethod, SPEC.abortSignalTimeout],
      request: { ...PUT, timeoutMs: 60_000 },
      server: { preflight: putAllowed, actual: allowed },
      expect: preflighted({ status: 200 }),
    }),
    one({
      id: 'cors-error-not-abort/response',
      title: 'A response that fails the CORS check is a TypeError, not an AbortError',
      spec: [SPEC.fetchMethod, SPEC.corsCheck],
      server: answer(),
      expect: blockedAtResponse({ error: 'TypeError' }),
    }),
    one({
      id: 'cors-error-not-abort/preflight',
      title: 'A failed preflight is a TypeError, not an AbortError',
      spec: [SPEC.fetchMethod, SPEC.preflightFetch],
      request: PUT,
      server: { preflight: answer(), actual: allowed },
      expect: blockedAtPreflight({ error: 'TypeError' }),
    }),
    one({
      id: 'cors-error-not-abort/timeout-set',
      title: 'A CORS failure is a TypeError even if a timeout was set',
      spec: [SPEC.fetchMethod, SPEC.corsCheck],
      request: { timeoutMs: 60_000 },
      server: answer(),
      expect: blockedAtResponse({ error: 'TypeError' }),
    }),
    one({
      id: 'cors-error-not-abort/xhr',
      title: 'A CORS failure of XMLHttpRequest fires error, not abort or timeout',
      spec: SPEC.xhrSend,
      request: { api: 'xhr', timeoutMs: 60_000 },
      server: answer(),
      expect: blockedAtResponse({
        error: 'error',
        status: 0,
        body: '',
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'error', 'loadend'],
      }),
    }),
  ],
});
