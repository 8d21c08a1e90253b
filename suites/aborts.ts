import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import {
  acam,
  acao,
  allowed,
  answer,
  at,
  blocked,
  maxAge,
  one,
  PUT,
  preflighted,
  refused,
  spec,
} from './helpers.ts';
import { sequence, step } from './sequences.ts';

const ABORT = 'https://fetch.spec.whatwg.org/#abort-fetch';
const TIMEOUT = 'https://dom.spec.whatwg.org/#dom-abortsignal-timeout';
const XHR_ABORT = 'https://xhr.spec.whatwg.org/#the-abort()-method';
const XHR_TIMEOUT = 'https://xhr.spec.whatwg.org/#the-timeout-attribute';

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

const phases: [phase: string, what: string, server: Parameters<typeof one>[4], wire: string[]][] = [
  ['preflight', 'its preflight', { preflight: HANG, actual: allowed }, ['OPTIONS']],
  ['actual', 'the request itself', { preflight: putAllowed, actual: HANG }, ['OPTIONS', 'PUT']],
];

export const aborts = defineSuite({
  id: 'aborts',
  title: 'Aborts and timeouts',
  about: 'What script gives up is not a CORS failure: it has a name of its own, and nothing more is sent.',
  cases: [
    ...given.map(([variant, what, request]) =>
      one(
        `abort-before/${variant}`,
        `A signal that is aborted already keeps ${what} from being sent`,
        spec.fetchMethod,
        { ...request, abort: 'before' },
        { preflight: putAllowed, actual: allowed },
        ended('AbortError', []),
      ),
    ),
    one(
      'abort-during-preflight/fetch',
      'A fetch that is aborted during its preflight never sends the request',
      [spec.fetchMethod, ABORT],
      { ...PUT, abort: { when: 'preflight' } },
      { preflight: HANG, actual: allowed },
      ended('AbortError', ['OPTIONS']),
    ),
    one(
      'abort-during-preflight/xhr',
      'An XMLHttpRequest that is aborted during its preflight never sends the request',
      XHR_ABORT,
      { ...PUT, api: 'xhr', abort: { when: 'preflight' } },
      { preflight: HANG, actual: allowed },
      ended('abort', ['OPTIONS'], {
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'abort', 'loadend'],
      }),
    ),
    one(
      'abort-after-preflight/fetch',
      'A fetch that is aborted once its request is out ends in an AbortError',
      [spec.fetchMethod, ABORT],
      { ...PUT, abort: { when: 'actual' } },
      { preflight: putAllowed, actual: HANG },
      ended('AbortError', ['OPTIONS', 'PUT']),
    ),
    one(
      'abort-after-preflight/xhr',
      'An XMLHttpRequest that is aborted once its request is out ends in an abort event',
      XHR_ABORT,
      { ...PUT, api: 'xhr', abort: { when: 'actual' } },
      { preflight: putAllowed, actual: HANG },
      ended('abort', ['OPTIONS', 'PUT'], {
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'abort', 'loadend'],
      }),
    ),
    sequence(
      'abort-after-preflight/remembered',
      'An aborted request takes what its preflight allowed with it: the next one asks again',
      [spec.mainFetch, spec.preflightCache],
      [
        step(
          { ...PUT, abort: { when: 'actual' } },
          { preflight: answer(acao(), acam('PUT'), maxAge(600)), actual: HANG },
          ended('AbortError', ['OPTIONS', 'PUT']),
        ),
        step(
          PUT,
          { preflight: answer(acao(), acam('PUT'), maxAge(600)), actual: allowed },
          preflighted({ status: 200 }),
        ),
      ],
      {
        class: 'disputed',
        because:
          'An aborted fetch is a network error too, and main fetch clears the cache entries of any request that ends in one; some engines keep the entry.',
      },
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `abort-during-redirect/${api}`,
        `A ${api} request that is aborted behind a redirect ends as aborted`,
        [spec.redirectFetch, ABORT],
        { api, abort: { when: 'actual', to: 'hop2' } },
        {
          actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']] },
          resources: { hop2: at('other-target', { actual: HANG }) },
        },
        ended(api === 'fetch' ? 'AbortError' : 'abort', ['GET', 'GET hop2']),
      ),
    ),
    ...(['preflight', 'actual'] as const).map(when =>
      one(
        `abort-custom-reason/${when}`,
        `The reason given to abort() is what fetch rejects with, during the ${when === 'preflight' ? 'preflight' : 'request'}`,
        spec.fetchMethod,
        { ...PUT, abort: { when, reason: 'enough' } },
        when === 'preflight' ? { preflight: HANG } : { preflight: putAllowed, actual: HANG },
        ended('enough', when === 'preflight' ? ['OPTIONS'] : ['OPTIONS', 'PUT']),
      ),
    ),
    ...phases.flatMap(([phase, what, server, wire]): Case[] => [
      one(
        `timeout-signal/${phase}`,
        `AbortSignal.timeout() ends a fetch with a TimeoutError while ${what} waits`,
        [spec.fetchMethod, TIMEOUT],
        { ...PUT, timeoutMs: TIMEOUT_MS },
        server,
        timedOut('TimeoutError', wire),
      ),
      one(
        `timeout-signal/${phase}-xhr`,
        `The timeout of XMLHttpRequest ends in a timeout event while ${what} waits`,
        XHR_TIMEOUT,
        { ...PUT, api: 'xhr', timeoutMs: TIMEOUT_MS },
        server,
        timedOut('timeout', wire, {
          events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'timeout', 'loadend'],
        }),
      ),
    ]),
    one(
      'timeout-signal/answered',
      'A timeout that has not come leaves an answered fetch alone',
      TIMEOUT,
      { ...PUT, timeoutMs: 60_000 },
      { preflight: putAllowed, actual: allowed },
      preflighted({ status: 200 }),
    ),
    one(
      'cors-error-not-abort/response',
      'A response that fails the CORS check is a TypeError, not an AbortError',
      [spec.fetchMethod, spec.corsCheck],
      {},
      answer(),
      blocked({ error: 'TypeError' }),
    ),
    one(
      'cors-error-not-abort/preflight',
      'A preflight that refuses is a TypeError, not an AbortError',
      [spec.fetchMethod, spec.preflightFetch],
      PUT,
      { preflight: answer(), actual: allowed },
      refused({ error: 'TypeError' }),
    ),
    one(
      'cors-error-not-abort/timeout-set',
      'A CORS failure is a TypeError also where a timeout was set',
      [spec.fetchMethod, spec.corsCheck],
      { timeoutMs: 60_000 },
      answer(),
      blocked({ error: 'TypeError' }),
    ),
    one(
      'cors-error-not-abort/xhr',
      'A CORS failure of an XMLHttpRequest is an error event, neither abort nor timeout',
      spec.xhrSend,
      { api: 'xhr', timeoutMs: 60_000 },
      answer(),
      blocked({
        error: 'error',
        status: 0,
        body: '',
        events: ['readystatechange:1', 'loadstart', 'readystatechange:4', 'error', 'loadend'],
      }),
    ),
  ],
});
