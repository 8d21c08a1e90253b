/** What script sees of how a request ended, by the API that it used. */
import type { ScriptException } from './construct.ts';
import type { Terminated } from './fetching.ts';
import { sortAndCombine } from './header-list.ts';
import { type FilteredResponse, serializeUrl } from './response.ts';
import type { ScriptView } from './types.ts';
import { allResponseHeaders, responseBody, XHR_EXCEPTIONS, type XhrEnd, type XhrEvents } from './xhr.ts';

type BlockedAt = ScriptView['blockedAt'];

const NETWORK_ERROR_MESSAGE = 'a network error: script is told no more';

/** What an XMLHttpRequest without a response shows. */
const NOTHING = { status: 0, statusText: '', url: '', headers: [], body: '' } as const;

/** Where the model has nothing to say. */
export function unknownView(): ScriptView {
  return { outcome: 'error', settled: 'unsettled' };
}

/** An exception of the API itself: fetch() rejects with it, XMLHttpRequest throws it. */
export function thrown({ name, message, opened, byHeaders }: ScriptException, api = 'fetch'): ScriptView {
  const view = { outcome: 'error', error: { name, message } } as const;
  if (api === 'fetch' && !byHeaders) return { ...view, settled: 'rejected' };
  if (api !== 'xhr') return { ...view, settled: 'threw' };
  return { ...NOTHING, ...view, settled: 'threw', events: opened ? ['readystatechange:1'] : [] };
}

/** @param reason what an abort was given, if it was text: script gets that itself */
export function failedFetch(
  how: Terminated['reason'] | 'network-error',
  { blockedAt, reason }: { readonly blockedAt?: BlockedAt; readonly reason?: string | undefined } = {},
): ScriptView {
  switch (how) {
    case 'unsettled':
      return { outcome: 'timeout', settled: 'unsettled' };
    case 'timed-out':
      return rejected('timeout', 'TimeoutError', 'the signal timed out');
    case 'aborted':
      return rejected('error', reason ?? 'AbortError', 'the signal was aborted');
    case 'network-error':
      return {
        ...rejected(blockedAt ? 'blocked' : 'error', 'TypeError', NETWORK_ERROR_MESSAGE),
        ...(blockedAt && { blockedAt }),
      };
  }
}

function rejected(outcome: ScriptView['outcome'], name: string, message: string): ScriptView {
  return { outcome, settled: 'rejected', error: { name, message } };
}

const OUTCOME_BY_TYPE = {
  basic: 'readable',
  cors: 'readable',
  opaque: 'opaque',
  opaqueredirect: 'opaque',
} as const satisfies Record<FilteredResponse['type'], ScriptView['outcome']>;

/** A request that ended in a network error. */
const failedOutcome = (blockedAt: BlockedAt | undefined): ScriptView['outcome'] =>
  blockedAt ? 'blocked' : 'error';

/** A Response object, read to its end. `limited`: the signal times out in the end. */
export function fetchView(response: FilteredResponse, limited: boolean): ScriptView {
  const { type, body, bodyEnd, url } = response;
  const endless = body !== null && bodyEnd === 'hang' && !limited;
  const view: Mutable<ScriptView> = {
    outcome: endless ? 'timeout' : OUTCOME_BY_TYPE[type],
    settled: endless ? 'unsettled' : 'resolved',
    type,
    status: response.status,
    statusText: response.statusText,
    url: url === null ? '' : serializeUrl(url),
    redirected: response.redirected,
    headers: sortAndCombine(response.headers),
  };
  if (body === null) view.nullBody = true;
  if (body === null || bodyEnd === 'complete') view.body = body ?? '';
  else if (!endless) view.bodyError = bodyEnd === 'cut' ? 'TypeError' : 'TimeoutError';
  return view;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An EventSource tells no more than that it opened, or did not. */
export function eventSourceView(
  result: 'open' | 'error',
  { blockedAt }: { readonly blockedAt?: BlockedAt } = {},
): ScriptView {
  const outcome = result === 'open' ? 'readable' : failedOutcome(blockedAt);
  return { outcome, ...(blockedAt && { blockedAt }), settled: 'resolved', result };
}

/** An XMLHttpRequest that ended without a response. */
export function failedXhr(
  how: Exclude<XhrEnd, 'load'> | 'unsettled',
  events: XhrEvents,
  sync: boolean,
  blockedAt?: BlockedAt,
): ScriptView {
  if (how === 'unsettled') {
    return { ...NOTHING, outcome: 'timeout', settled: 'unsettled', events: events.fired };
  }
  events.end(how);
  const outcome = how === 'timeout' ? 'timeout' : failedOutcome(blockedAt);
  return {
    ...NOTHING,
    outcome,
    ...(blockedAt && { blockedAt }),
    settled: sync ? 'threw' : 'rejected',
    error: sync
      ? { name: XHR_EXCEPTIONS[how], message: NETWORK_ERROR_MESSAGE }
      : { name: how, message: `XMLHttpRequest ${how} event` },
    events: events.fired,
  };
}

/** How an XMLHttpRequest reads its response. */
interface XhrReading {
  readonly sync: boolean;
  /** It has a timeout. */
  readonly limited: boolean;
  readonly responseType: string | undefined;
}

/** An XMLHttpRequest that got a response, read to its end. */
export function xhrView(
  response: FilteredResponse,
  events: XhrEvents,
  { sync, limited, responseType }: XhrReading,
): ScriptView {
  events.headersReceived();
  if (response.body) events.loading();
  if (response.body !== null && response.bodyEnd === 'cut') return failedXhr('error', events, sync);
  if (response.body !== null && response.bodyEnd === 'hang') {
    return failedXhr(limited ? 'timeout' : 'unsettled', events, sync);
  }
  events.end('load');
  return {
    outcome: 'readable',
    settled: 'resolved',
    type: response.type,
    status: response.status,
    statusText: response.statusText,
    // The mode is cors, so the response is never opaque.
    url: serializeUrl(response.url as URL),
    redirected: response.redirected,
    headers: allResponseHeaders(response.headers),
    body: responseBody(response, responseType),
    events: events.fired,
  };
}
