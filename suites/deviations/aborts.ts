/** Known deviations of the suite about aborts and timeouts. */
import { contains, get } from '../../harness/standard/header-list.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { rawUnlessBrotli } from './as-if.ts';
import { chromiumSource, firefoxSource, WEBKIT_SOUP_TASK, webkitSource } from './sources.ts';
import { chromium, firefox, webkit } from './versions.ts';

/** Without these, a body ends with its connection. */
const FRAMING = ['content-length', 'transfer-encoding'];

export const abortDeviations: readonly Deviation[] = [
  {
    id: 'firefox-reset-is-an-abort',
    ...firefox,
    cases: ['cut-body/fetch', 'cut-body/same-origin'],
    asIf: {
      seen: (view, { answered, request }) =>
        view.bodyError === 'TypeError' && answered?.byReset && request?.urls.at(-1)?.protocol === 'http:'
          ? { ...view, bodyError: 'AbortError' }
          : view,
    },
    what: 'Reading a body that a reset of a connection without TLS ends early rejects with an AbortError instead of a TypeError.',
    link: firefoxSource('dom/fetch/FetchStreamReader.cpp'),
  },
  {
    id: 'webkitgtk-undecodable-body-is-raw',
    ...webkit,
    cases: [
      'content-coding/gzip-garbled-fetch',
      'content-coding/gzip-garbled-xhr',
      'content-coding/deflate-garbled-fetch',
      'content-coding/deflate-garbled-xhr',
      'content-coding/gzip-once-of-two-fetch',
      'content-coding/gzip-once-of-two-xhr',
    ],
    asIf: { undecodableIsRaw: rawUnlessBrotli },
    what: 'A body that is not gzip or deflate as Content-Encoding says is handed to script as it came, instead of failing.',
    link: webkitSource('WebKit/NetworkProcess/soup/NetworkDataTaskSoup.cpp'),
  },
  {
    id: 'firefox-cut-error-is-whole',
    ...firefox,
    cases: ['cut-body/tls-error-status'],
    asIf: {
      cutIsWhole: (standard, { protocol }, { status }) =>
        standard || (protocol === 'https:' && status >= 300),
    },
    what: 'A body that a reset over TLS cuts short is taken for whole, unless the status is one of success.',
    link: firefoxSource('netwerk/protocol/http/nsHttpTransaction.cpp'),
  },
  ...[
    { ...chromium, link: chromiumSource('net/http/http_stream_parser.cc') },
    { ...firefox, link: firefoxSource('netwerk/protocol/http/nsHttpTransaction.cpp') },
    { ...webkit, link: WEBKIT_SOUP_TASK },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-cut-tls-ends-body`,
      ...seen,
      cases: ['cut-body/tls-until-close', 'cut-body-xhr/tls-until-close'],
      asIf: {
        cutIsWhole: (standard, { protocol }, { headers }) =>
          standard || (protocol === 'https:' && !FRAMING.some(name => contains(headers, name))),
      },
      what: 'A body that ends with its connection is taken for whole over TLS even if the connection ended without a closure alert.',
      link,
    }),
  ),
  {
    id: 'firefox-no-cors-cut-body',
    ...firefox,
    cases: ['cut-body/no-cors'],
    asIf: {
      seen: (view, { answered }) =>
        view.type === 'opaque' && answered?.byReset && get(answered.headers, 'content-type')
          ? {
              outcome: 'error',
              settled: 'rejected',
              error: { name: 'TypeError', message: 'a network error' },
            }
          : view,
    },
    what: 'A no-cors fetch() of another origin fails if the body of a response with a Content-Type ends early.',
    link: firefoxSource('netwerk/protocol/http/OpaqueResponseUtils.cpp'),
  },
  {
    id: 'firefox-abort-reason-lost',
    ...firefox,
    cases: ['abort-keepalive/*', 'abort-in-worker/*'],
    asIf: {
      seen: (view, { script }) =>
        view.settled === 'rejected' &&
        script.api !== 'xhr' &&
        (script.keepalive === true || script.client.global === 'worker') &&
        (script.abort !== undefined || script.timeoutMs !== undefined) &&
        view.error?.name !== 'TypeError'
          ? { ...view, error: { name: 'AbortError', message: 'the signal was aborted' } }
          : view,
    },
    what: 'A pending fetch() that is keepalive or of a worker rejects with an AbortError, whatever the reason of its signal.',
    link: firefoxSource('dom/fetch/Fetch.cpp'),
  },
  {
    id: 'webkit-abort-reason-lost',
    ...webkit,
    cases: [
      'abort-custom-reason/*',
      'abort-keepalive/*',
      'abort-in-worker/*',
      'timeout-signal/preflight',
      'timeout-signal/actual',
    ],
    asIf: {
      seen: (view, { script }) =>
        view.settled === 'rejected' &&
        (script.abort !== undefined || script.timeoutMs !== undefined) &&
        script.api !== 'xhr' &&
        view.error?.name !== 'TypeError'
          ? { ...view, error: { name: 'AbortError', message: 'the signal was aborted' } }
          : view,
    },
    what: 'A pending fetch() rejects with an AbortError, whatever the reason of its signal.',
    link: webkitSource('WebCore/Modules/fetch/FetchResponse.cpp'),
  },
];
