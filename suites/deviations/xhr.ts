/**
 * Known deviations of the XMLHttpRequest suites.
 * Longer than other files, as it is one list.
 */

import { get } from '../../harness/standard/header-list.ts';
import { sameOrigin } from '../../harness/standard/origin.ts';
import { includesCredentials, isRedirectStatus } from '../../harness/standard/redirect.ts';
import { serializeUrl } from '../../harness/standard/response.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { FetchRequest, ResponseReply, ScriptRequest, ScriptView } from '../../harness/standard/types.ts';
import { parseUrl } from '../../harness/standard/url.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { changeValues, isInsecureFrom } from './as-if.ts';
import {
  chromiumSource,
  firefoxSource,
  WEBKIT_LOAD_CHECKER,
  WEBKIT_SOUP_TASK,
  webkitSource,
} from './sources.ts';
import { chromium, firefox, webkit } from './versions.ts';

const hasBody = ({ method = 'GET', body }: ScriptRequest): boolean =>
  body !== undefined && !/^(?:get|head)$/i.test(method);

/** What a body of no bytes is given as. */
const EMPTY = new Set(['""', '{"buffer":""}', '{"bytes":0}', '{"urlencoded":[]}']);

const isEmpty = (body: ScriptRequest['body']): boolean =>
  EMPTY.has(JSON.stringify(body)) || (typeof body === 'object' && 'blob' in body && body.blob === '');

/** What a call that threw has for a request. */
const NEVER_MADE = { unsafeAtFirst: null, urls: [], origin: 'null' } as const;

const isUpload = (event: string): boolean => event.startsWith('upload.');

const withEvents = (
  view: ScriptView,
  change: (events: readonly string[]) => readonly string[],
): ScriptView => (view.events ? { ...view, events: change(view.events) } : view);

export const xhrDeviations: readonly Deviation[] = [
  {
    id: 'firefox-unanswered-put-loads',
    ...firefox,
    cases: ['xhr-unanswered-put/*'],
    asIf: {
      seen: (view, { request, unanswered }) =>
        unanswered === 'ended' &&
        /^(?:error|NetworkError)$/.test(view.error?.name ?? '') &&
        request?.method === 'PUT' &&
        request.tainting === 'basic' &&
        request.urls.at(-1)?.protocol === 'https:'
          ? loadedNothing(view, request)
          : view,
    },
    what: 'A same-origin PUT over TLS whose connection ends without an answer fires load instead of error, with status 0 and no body.',
    link: firefoxSource('netwerk/protocol/http/nsHttpTransaction.cpp'),
  },
  {
    id: 'firefox-late-upload-listeners-are-told',
    ...firefox,
    cases: ['upload-events-late-same-origin/*'],
    asIf: {
      seen: (view, { script, request, last, unanswered }) =>
        script.uploadListener === 'after-send' &&
        !script.sync &&
        hasBody(script) &&
        request?.tainting === 'basic' &&
        last !== undefined &&
        (unanswered === null || view.error === undefined)
          ? withEvents(view, withLateUpload)
          : view,
    },
    what: 'Listeners that were added to the upload object after send() are told load and loadend of a same-origin request once it has a response; and timeout, or the error of a redirect that is not followed.',
    link: firefoxSource('dom/xhr/XMLHttpRequestMainThread.cpp'),
  },
  {
    id: 'webkit-synchronous-304-unchecked',
    ...webkit,
    cases: ['status-304-checked/sync'],
    asIf: {
      skipsCorsCheck: (skips, { synchronous, client }, { status }) =>
        skips || (synchronous === true && client.global !== 'worker' && status === 304),
    },
    what: 'A status 304 to a synchronous request of a page is not held to the CORS check.',
    link: WEBKIT_LOAD_CHECKER,
  },
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-empty-upload-is-not-told`,
      ...seen,
      cases: ['xhr-upload-of-nothing'],
      asIf: {
        seen: (view, { script }) =>
          hasBody(script) && isEmpty(script.body) && view.events?.includes('upload.load')
            ? withEvents(view, events =>
                withUploadError(
                  events.filter(event => event !== 'upload.load' && event !== 'upload.loadend'),
                ),
              )
            : view,
      },
      what: 'An empty body fires loadstart on the upload object, and neither load nor loadend; error, if the request fails after it.',
      link: SPEC.xhrSend,
    }),
  ),
  ...[chromium, firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-upload-events-once`,
      ...seen,
      cases: ['xhr-upload-listener-redirect'],
      asIf: {
        seen: view =>
          withEvents(view, events =>
            events.filter((event, at) => !isUpload(event) || events.indexOf(event) === at),
          ),
      },
      what: 'A body that is sent again after a redirect fires no second load and loadend event on the upload object.',
      link: SPEC.xhrSend,
    }),
  ),
  {
    id: 'firefox-response-url-after-error',
    ...firefox,
    cases: ['cut-body-xhr/same-origin'],
    asIf: {
      seen: (view, { request, answered, last }) =>
        view.url === '' &&
        last !== undefined &&
        /^(?:error|timeout)$/.test(view.error?.name ?? '') &&
        request?.tainting === 'basic' &&
        !isRefusedLocation(request, answered)
          ? { ...view, url: serializeUrl(request.urls.at(-1) as URL) }
          : view,
    },
    what: 'responseURL of a same-origin request keeps its value when the request fails.',
    link: firefoxSource('dom/xhr/XMLHttpRequestMainThread.cpp'),
  },
  {
    id: 'webkit-synchronous-cut-body',
    ...webkit,
    cases: ['cut-body-xhr/sync'],
    asIf: { synchronousCutIsEmpty: true },
    what: 'A body that ends early is empty for a synchronous request of a page, which does not fail.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-fails-within-send',
    ...webkit,
    cases: [
      'xhr-with-credentials-throws-after-send/refused',
      'xhr-with-credentials-throws-after-send/refused-upload',
    ],
    asIf: {
      seen: (view, { script, request, received, answered, last }) =>
        script.withCredentialsAfterSend &&
        script.client.global !== 'worker' &&
        !script.sync &&
        view.error?.name === 'InvalidStateError' &&
        request !== null &&
        [received, answered, last].every(nothing => nothing === null || nothing === undefined)
          ? failedAtOnce(view)
          : view,
    },
    what: 'An asynchronous request of a page that fails before anything is sent, such as one to a bad port, fires its events within send(), before what script does next.',
    link: webkitSource('WebCore/xml/XMLHttpRequest.cpp'),
  },
  {
    id: 'webkit-synchronous-mixed-content',
    ...webkit,
    cases: ['mixed-content/sync', 'mixed-content/loopback-sync'],
    asIf: {
      seen: (view, { script, request, last }) =>
        script.sync &&
        script.client.global !== 'worker' &&
        last === undefined &&
        view.error?.name === 'NetworkError' &&
        request !== null &&
        isInsecureFrom(request.client, request.urls[0] as URL)
          ? neverEnded(view, script)
          : view,
    },
    what: 'A synchronous request of a page for mixed content is not sent, and send() does not throw: the object stays as open() left it, and as if send() were still under way.',
    link: webkitSource('WebCore/loader/DocumentThreadableLoader.cpp'),
  },
  ...[firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-synchronous-error-events`,
      ...seen,
      cases: ['xhr-sync-error'],
      asIf: {
        seen: (view, { script }) =>
          script.sync && view.settled === 'threw' && view.error?.name === 'NetworkError'
            ? withEvents(view, events => [...events, 'readystatechange:4', 'error', 'loadend'])
            : view,
      },
      what: 'A synchronous request that fails fires readystatechange, error and loadend before it throws.',
      link: SPEC.xhrSend,
    }),
  ),
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-undecodable-before-headers`,
      ...seen,
      cases:
        seen.engine === 'webkit'
          ? ['content-coding/br-garbled-xhr']
          : ['content-coding/*-garbled-xhr', 'content-coding/gzip-once-of-two-xhr'],
      asIf: {
        seen: (view, { answered }) =>
          answered?.undecodable !== undefined && view.outcome === 'error'
            ? withEvents(view, events => events.filter(event => event !== 'readystatechange:2'))
            : view,
      },
      what: 'A request whose body cannot be decoded from its first byte on fails without a readystatechange to 2.',
      link: SPEC.handleContentCodings,
    }),
  ),
  {
    id: 'firefox-worker-synchronous-events',
    ...firefox,
    cases: ['xhr-sync-timeout-responsetype/*-in-worker'],
    asIf: { workerSynchronousFiresAll: true },
    what: 'A synchronous request in a worker fires all the events of an asynchronous one.',
    link: SPEC.xhrSend,
  },
  ...[
    { ...chromium, scheme: 'ftp:', cases: ['non-http-cors/ftp-xhr'] },
    { ...firefox, scheme: 'about:', cases: ['non-http-cors/about-xhr'] },
  ].map(
    ({ scheme, ...seen }): Deviation => ({
      id: `${seen.engine}-no-loadstart-for-${scheme.slice(0, -1)}`,
      ...seen,
      asIf: {
        seen: (view, { script }) =>
          script.url.startsWith(scheme)
            ? withEvents(view, events => events.filter(event => event !== 'loadstart'))
            : view,
      },
      what: `A request for an ${scheme} URL fails without a loadstart event.`,
      link: SPEC.xhrSend,
    }),
  ),
  {
    id: 'webkit-response-url-without-userinfo',
    ...webkit,
    cases: ['cred-url-userinfo-xhr', 'cred-basic-auth-entry'],
    asIf: {
      seen: (view, { script }) =>
        script.user === undefined || !view.url
          ? view
          : { ...view, url: view.url.replace(/^([a-z]+:\/\/)[^/@]*@/, '$1') },
    },
    what: 'responseURL lacks the user name and password that were given to open().',
    link: SPEC.xhrSend,
  },
  {
    id: 'chromium-upload-listener-needs-async-body',
    ...chromium,
    cases: ['xhr-upload-listener-get', 'xhr-upload-listener-sync'],
    asIf: { listenerForces: (standard, script) => standard && !script.sync && hasBody(script) },
    what: 'An upload listener forces a preflight only for an asynchronous request with a body.',
    link: chromiumSource('third_party/blink/renderer/core/xmlhttprequest/xml_http_request.cc'),
  },
  {
    id: 'webkit-upload-listener-needs-async',
    ...webkit,
    cases: ['xhr-upload-listener-sync'],
    asIf: { listenerForces: (standard, script) => standard && !script.sync },
    what: 'An upload listener does not force a preflight for a synchronous request.',
    link: webkitSource('WebCore/xml/XMLHttpRequest.cpp'),
  },
  {
    id: 'chromium-charset-respelt',
    ...chromium,
    cases: ['xhr-charset-appended/utf-8', 'xhr-charset-rewritten'],
    asIf: {
      authorHeaders: (headers, { api, body }) =>
        api === 'xhr' && typeof body === 'string'
          ? changeValues(headers, 'content-type', value => value.replace(CHARSET, '$1UTF-8'))
          : headers,
      charsetSet: (_, author) => author,
    },
    what: 'A charset that script set becomes UTF-8 in place, whether or not the value is a MIME type: one that said utf-8 is rewritten in upper case, and the rest stays as it was written.',
    link: SPEC.xhrSend,
  },
  {
    id: 'firefox-worker-text-is-blob',
    ...firefox,
    cases: ['xhr-worker-charset/*'],
    asIf: {
      charsetSet: (standard, author, { client }) => (client.global === 'worker' ? author : standard),
      impliedType: (standard, { client, body }) =>
        client.global === 'worker' && (typeof body === 'string' || 'urlencoded' in (body as object))
          ? standard.toLowerCase()
          : standard,
    },
    what: 'Text or URLSearchParams passed to XMLHttpRequest in a worker are sent as a Blob would be: the charset of the type that they imply is in lower case, and the charset that script set is left as it is.',
    link: firefoxSource('dom/xhr/XMLHttpRequestWorker.cpp'),
  },
  {
    id: 'firefox-charset-rewritten-late',
    ...firefox,
    cases: ['xhr-charset-rewritten/quoted'],
    checks: { wire: 'OPTIONS, POST' },
    what: 'Whether a Content-Type set by script is safelisted is decided before its charset is rewritten.',
    link: SPEC.xhrSend,
  },
  {
    id: 'firefox-upload-ends-with-response',
    ...firefox,
    cases: ['xhr-error-order-upload/blocked-response', 'xhr-upload-then-failure/*'],
    asIf: {
      seen: view =>
        view.events?.includes('readystatechange:2') ? view : withEvents(view, withFailureForLoad),
    },
    what: 'An upload is finished only when a response is there: a request that fails before fires its error, timeout or abort on the upload object instead of load.',
    link: SPEC.xhrSend,
  },
  {
    id: 'webkit-type-of-unsent-body',
    ...webkit,
    cases: ['xhr-get-unsent-body-type'],
    asIf: { typeOfUnsentBody: body => typeof body === 'object' && 'urlencoded' in body },
    what: 'A GET or HEAD by XMLHttpRequest that was given a URLSearchParams carries its Content-Type, without the body.',
    link: SPEC.xhrSend,
  },
  ...[chromium, firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-no-upload-events-without-body`,
      ...seen,
      cases: ['xhr-upload-listener-get'],
      asIf: {
        seen: (view, { script }) =>
          hasBody(script) ? view : withEvents(view, events => events.filter(event => !isUpload(event))),
      },
      what: 'A request without a body fires no load and loadend events on its upload object.',
      link: SPEC.xhrSend,
    }),
  ),
  {
    id: 'chromium-upload-fails-before-it-begins',
    ...chromium,
    cases: ['xhr-upload-refused-without-body', 'upload-events-late-listener'],
    asIf: {
      seen: (view, { script, request }) => {
        if (script.sync || !/^(?:before|after)-send$/.test(script.uploadListener ?? '')) return view;
        const { unsafeAtFirst, urls, origin } = request ?? NEVER_MADE;
        const allowed = unsafeAtFirst !== null || (urls[0] && sameOrigin(urls[0].origin, origin));
        const done = view.events?.includes('upload.load');
        return done || !allowed ? view : withEvents(view, withUploadError);
      },
    },
    what: 'A same-origin or preflighted request that fails before load was fired on its upload object fires error and loadend there, even if it has no body, and even at listeners that were added after send(), which are told nothing else.',
    link: SPEC.xhrSend,
  },
];

/** The upload ends as the request does. */
function withFailureForLoad(events: readonly string[]): readonly string[] {
  return events.includes('upload.load')
    ? withUploadError(events.filter(event => event !== 'upload.load' && event !== 'upload.loadend'))
    : events;
}

function withUploadError(events: readonly string[]): readonly string[] {
  const at = events.findIndex(event => /^(?:error|abort|timeout)$/.test(event));
  const told = `upload.${events[at]}`;
  return at < 0 || events.includes(told)
    ? events
    : [...events.slice(0, at), told, 'upload.loadend', ...events.slice(at)];
}

/** As if there were a response without anything in it. */
function loadedNothing(
  { error: _error, events = [], ...view }: ScriptView,
  { urls }: FetchRequest,
): ScriptView {
  const before = events.filter(event => !/^(?:readystatechange:4|error|loadend)$/.test(event));
  const headers = events.includes('loadstart') ? ['readystatechange:2'] : [];
  return {
    ...view,
    outcome: 'readable',
    settled: 'resolved',
    url: serializeUrl(urls.at(-1) as URL),
    events: [...before, ...headers, 'readystatechange:4', 'load', 'loadend'],
  };
}

function withLateUpload(events: readonly string[]): readonly string[] {
  const at = events.indexOf('readystatechange:2');
  if (at >= 0) return [...events.slice(0, at), 'upload.load', 'upload.loadend', ...events.slice(at)];
  return events.includes('abort') ? events : withUploadError(events);
}

/** The events of a failure come before the setter that throws: script is told of the failure. */
function failedAtOnce({ events = [], ...view }: ScriptView): ScriptView {
  const failed = [...events, 'readystatechange:4', 'error', 'loadend'];
  return {
    ...view,
    settled: 'rejected',
    error: { name: 'error', message: '' },
    events: events.includes('upload.loadstart') ? withUploadError(failed) : failed,
  };
}

/** send() has returned, and no request error steps have run. */
function neverEnded({ error: _error, ...view }: ScriptView, script: ScriptRequest): ScriptView {
  if (!script.withCredentialsAfterSend) return { ...view, settled: 'resolved', outcome: 'readable' };
  return { ...view, error: { name: 'InvalidStateError', message: '' } };
}

/** The redirect that came last leads to what is no http: or https: URL, or to one with credentials at another origin. */
function isRefusedLocation({ urls, origin }: FetchRequest, answered: ResponseReply | null): boolean {
  const location = answered && isRedirectStatus(answered.status) ? get(answered.headers, 'location') : null;
  const url = location === null ? null : parseUrl(location, urls.at(-1) as URL);
  if (!url) return false;
  return !/^https?:$/.test(url.protocol) || (includesCredentials(url) && !sameOrigin(url.origin, origin));
}

const CHARSET = /(;[ \t]*charset[ \t]*=[ \t]*"?)[^";]*/gi;
