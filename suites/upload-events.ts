/** The events of XMLHttpRequest.upload: for a request without a body, and over a redirect. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, allowed, answer, type OneStep, one, readable } from './helpers.ts';
import { onTarget, redirect } from './redirect-helpers.ts';

const LISTENED: CaseRequest = { api: 'xhr', method: 'POST', uploadListener: 'before-send' };
const SENT: CaseRequest = { ...LISTENED, body: 'sent' };
const both = { preflight: answer(acao()), actual: allowed };

const OPENED = ['readystatechange:1', 'loadstart'];
const UPLOADED = ['upload.loadstart', 'upload.load', 'upload.loadend'];
const LOADED = ['readystatechange:2', 'readystatechange:3', 'readystatechange:4', 'load', 'loadend'];

/** Late enough that the end of the upload has been told by then. */
const LATE = { delayMs: 250 } as const;

/** What becomes of a request after its body was sent, with the event that tells of it. */
const THEN_FAILURE: readonly [
  variant: string,
  what: string,
  request: CaseRequest,
  actual: Answer,
  end: string,
][] = [
  ['timeout', 'the request times out', { timeoutMs: 1000 }, { fault: 'hang' }, 'timeout'],
  [
    'redirect',
    'a redirect leads to a scheme that is not followed',
    {},
    { status: 307, headers: [acao(), ['Location', 'mailto:a@example.com']], ...LATE },
    'error',
  ],
];

/** What becomes of a same-origin request, and what script is told of it. */
const LATE_SAME_ORIGIN: readonly [
  variant: string,
  what: string,
  request: CaseRequest,
  actual: Answer,
  expect: Expectation,
][] = [
  ['load', 'when it ends well', {}, answer(), readable({ status: 200, events: [...OPENED, ...LOADED] })],
  [
    'timeout',
    'of a timeout',
    { timeoutMs: 1000 },
    { fault: 'hang' },
    { outcome: 'timeout', events: [...OPENED, 'readystatechange:4', 'timeout', 'loadend'] },
  ],
  [
    'redirect',
    'of a redirect that is not followed',
    {},
    { status: 307, headers: [['Location', 'mailto:a@example.com']] },
    { outcome: 'error', wire: ['POST'], events: [...OPENED, 'readystatechange:4', 'error', 'loadend'] },
  ],
  [
    'reset',
    'of a connection that is reset',
    {},
    { fault: 'reset' },
    { outcome: 'error', anyRequests: true, events: [...OPENED, 'readystatechange:4', 'error', 'loadend'] },
  ],
];

const fired = (details: Omit<OneStep, 'spec'>): Case => one({ spec: SPEC.xhrSend, ...details });

export const uploadEvents = defineSuite({
  id: 'upload-events',
  title: 'Upload events',
  about: 'What XMLHttpRequest.upload fires, and when.',
  cases: [
    ...THEN_FAILURE.map(([variant, what, request, actual, end]) =>
      fired({
        id: `xhr-upload-then-failure/${variant}`,
        title: `An upload that was sent has ended well when ${what}`,
        request: { ...SENT, ...request },
        server: { preflight: answer(acao()), actual },
        expect: {
          outcome: end === 'timeout' ? 'timeout' : 'error',
          wire: ['OPTIONS', 'POST'],
          events: [...OPENED, ...UPLOADED, 'readystatechange:4', end, 'loadend'],
        },
      }),
    ),
    fired({
      id: 'upload-events-body',
      title: 'An upload fires loadstart, load and loadend before the response arrives',
      request: SENT,
      server: both,
      expect: readable({
        status: 200,
        wire: ['OPTIONS', 'POST'],
        events: [...OPENED, ...UPLOADED, ...LOADED],
      }),
    }),
    fired({
      id: 'upload-events-late-listener',
      title: 'A listener that was added to the upload object after send() is told nothing of a failure',
      request: { ...SENT, method: 'PUT', uploadListener: 'after-send' },
      server: { preflight: answer(acao(), acam('PUT')), actual: answer() },
      expect: {
        outcome: 'blocked',
        blockedAt: 'response',
        wire: ['OPTIONS', 'PUT'],
        events: [...OPENED, 'readystatechange:4', 'error', 'loadend'],
      },
    }),
    ...LATE_SAME_ORIGIN.map(([variant, what, request, actual, expect]) =>
      fired({
        id: `upload-events-late-same-origin/${variant}`,
        title: `An upload listener added after a same-origin send() is told nothing ${what}`,
        at: 'site',
        request: { ...SENT, ...request, uploadListener: 'after-send' },
        server: { actual },
        expect,
      }),
    ),
    fired({
      id: 'upload-events-no-body',
      title: 'A POST without a body fires load and loadend on its upload, but not loadstart',
      request: LISTENED,
      server: both,
      // Whether there is a preflight is another case's matter.
      expect: readable({
        status: 200,
        anyRequests: true,
        events: [...OPENED, 'upload.load', 'upload.loadend', ...LOADED],
      }),
      class: 'disputed',
      because:
        'The Standard runs "process request end-of-body" for a request without a body too; no engine fires an event on its upload.',
    }),
    fired({
      id: 'upload-events-redirect/307',
      title: 'A POST that a 307 repeats fires load and loadend on its upload for each hop',
      request: SENT,
      server: { actual: redirect('hop2', 307), resources: { hop2: onTarget(both) } },
      expect: readable({
        status: 200,
        wire: ['POST', 'OPTIONS hop2', 'POST hop2'],
        events: [...OPENED, ...UPLOADED, 'upload.load', 'upload.loadend', ...LOADED],
      }),
      at: 'site',
      class: 'disputed',
      because:
        'The Standard runs "process request end-of-body" whenever a body has been sent; every engine reports the upload once.',
    }),
  ],
});
