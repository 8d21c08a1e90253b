/** EventSource: what it sends, where it may be redirected, and which responses open it. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, type HeaderLine, type OneStep, one, readable } from './helpers.ts';
import { acaoReflected, onTarget, onThirdOrigin, redirect } from './redirect-helpers.ts';

const SOURCE: CaseRequest = { api: 'eventsource' };

const stream = (type: string, ...headers: HeaderLine[]): Answer => ({
  headers: [['Content-Type', type], ...headers],
  body: ': hello\n\n',
});

const events = (...headers: HeaderLine[]): Answer => stream('text/event-stream', ...headers);

const opened = (details: Omit<OneStep, 'spec'>): Case =>
  one({ spec: [SPEC.eventSource, SPEC.mainFetch], request: SOURCE, ...details });

const OPENS = readable({ result: 'open' });
const FAILS = readable({ result: 'error' });

const TYPES: readonly [variant: string, type: string, opens: boolean][] = [
  ['parameter', 'text/event-stream;charset=utf-8', true],
  ['case', 'Text/Event-Stream', true],
  ['plain', 'text/plain', false],
  ['json', 'application/json', false],
];

export const eventSource = defineSuite({
  id: 'event-source',
  title: 'EventSource',
  about: 'An EventSource is a CORS request without a preflight, and shows only whether it opened.',
  cases: [
    opened({
      id: 'es-request',
      title: 'An EventSource sends Origin, Accept: text/event-stream and Cache-Control: no-cache',
      server: { actual: events(acao('*')) },
      expect: readable({
        result: 'open',
        wire: ['GET'],
        requestHeaders: { origin: '{origin}', accept: 'text/event-stream', 'cache-control': 'no-cache' },
      }),
      class: 'wire',
    }),
    opened({
      id: 'es-missing-acao',
      title: 'An EventSource fails without Access-Control-Allow-Origin',
      server: { actual: events() },
      expect: FAILS,
    }),
    ...[204, 404, 500].map(status =>
      opened({
        id: `es-status/${status}`,
        title: `An EventSource fails with status ${status}`,
        server: { actual: { ...events(acao('*')), status, ...(status === 204 && { body: '' }) } },
        expect: FAILS,
      }),
    ),
    ...TYPES.map(([variant, type, opens]) =>
      opened({
        id: `es-type/${variant}`,
        title: `An EventSource ${opens ? 'opens' : 'fails'} with Content-Type: ${type}`,
        server: { actual: stream(type, acao('*')) },
        expect: opens ? OPENS : FAILS,
      }),
    ),
    opened({
      id: 'es-type/none',
      title: 'An EventSource fails without Content-Type',
      server: { headers: [acao('*')], body: ': hello\n\n' },
      expect: FAILS,
    }),
    opened({
      id: 'es-type/last-of-two',
      title: 'An EventSource opens if the last of two Content-Type lines says text/event-stream',
      server: { actual: stream('text/plain', ['Content-Type', 'text/event-stream'], acao('*')) },
      expect: OPENS,
    }),
    opened({
      id: 'es-redirect/same-origin',
      title: 'An EventSource follows a redirect within another origin',
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onTarget({ actual: events(acao()) }) },
      },
      expect: readable({ result: 'open', wire: ['GET', 'GET hop2'] }),
    }),
    opened({
      id: 'es-redirect/third-origin',
      title: 'An EventSource follows a redirect to a third origin with Origin: null',
      server: {
        actual: redirect('hop2', 307, acao()),
        resources: { hop2: onThirdOrigin({ actual: events(acaoReflected) }) },
      },
      expect: readable({
        result: 'open',
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    }),
    opened({
      id: 'es-redirect/third-origin-page-origin',
      title: "An EventSource fails if the third origin allows only the page's origin",
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onThirdOrigin({ actual: events(acao()) }) },
      },
      expect: readable({ result: 'error', wire: ['GET', 'GET hop2'] }),
    }),
    opened({
      id: 'es-redirect/not-allowed',
      title: 'An EventSource does not follow a redirect without Access-Control-Allow-Origin',
      server: {
        actual: redirect('hop2', 302),
        resources: { hop2: onTarget({ actual: events(acao()) }) },
      },
      expect: readable({ result: 'error', wire: ['GET'] }),
    }),
    opened({
      id: 'es-redirect/empty-location',
      title: 'An EventSource that is redirected to where it is fails after twenty times',
      server: { actual: { status: 302, headers: [acao(), ['Location', '']] } },
      expect: readable({ result: 'error', wire: Array.from({ length: 21 }, () => 'GET') }),
    }),
    opened({
      id: 'es-reconnect',
      title: 'An EventSource reconnects with Last-Event-ID, and without a preflight for it',
      request: { ...SOURCE, reads: 'reconnection' },
      server: {
        actual: [{ ...events(acao('*')), body: 'retry: 1\nid: 7\ndata: first\n\n' }, events(acao('*'))],
      },
      expect: readable({
        result: 'open',
        wire: ['GET', 'GET'],
        requestHeadersAt: { 'GET #2': { 'last-event-id': '7', origin: '{origin}' } },
      }),
      notModelled: 'The model does not reconnect an EventSource.',
    }),
    opened({
      id: 'es-userinfo',
      title: 'An EventSource for a URL with a user name and password opens without sending them',
      request: { ...SOURCE, url: 'http://user:pw@localhost:{port:target}{path}' },
      server: { actual: events(acao('*')) },
      expect: readable({ result: 'open', wire: ['GET'], requestHeaders: { authorization: null } }),
    }),
    opened({
      id: 'es-opaque-origin',
      title: 'An EventSource of a sandboxed frame sends Origin: null',
      server: { actual: events(acao('null')) },
      expect: readable({ result: 'open', requestHeaders: { origin: 'null' } }),
      realm: 'sandboxed-frame',
    }),
  ],
});
