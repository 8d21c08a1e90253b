/** The APIs that the model knows: the request that each makes, and what script sees of how it ends. */
import { constructRequest } from './construct.ts';
import { constructEventSource, opens } from './event-source.ts';
import { type NetworkError, NotModelled, Terminated, type UserAgent } from './fetching.ts';
import { integrityHolds } from './integrity.ts';
import type { Quirks } from './quirks.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, ScriptRequest, ScriptView } from './types.ts';
import { eventSourceView, failedFetch, failedXhr, fetchView, xhrView } from './view.ts';
import { constructXhr, XhrEvents } from './xhr.ts';

/** One call of an API. */
export interface Call {
  /** The request that goes out. @throws {Terminated} where script has aborted it already */
  request(): FetchRequest;
  /** processRequestEndOfBody. */
  sent(): void;
  /** Processes the response. */
  ended(response: FilteredResponse | NetworkError): ScriptView;
  /** What script sees of a fetch that was ended from outside. */
  terminated(reason: Terminated['reason']): ScriptView;
}

/** @throws {ScriptError} what the call itself throws */
type Begin = (script: ScriptRequest, trace: Trace, agent: UserAgent) => Call;

const APIS: ReadonlyMap<string, Begin> = new Map<string, Begin>([
  ['fetch', (script, trace, agent) => new FetchCall(script, trace, agent)],
  ['xhr', (script, trace, agent) => new XhrCall(script, trace, agent)],
  ['eventsource', script => new EventSourceCall(script)],
]);

/** @throws {ScriptError} what the call itself throws; {NotModelled} where nothing can be said about it */
export function beginCall(script: ScriptRequest, trace: Trace, agent: UserAgent): Call {
  const api = script.api ?? 'fetch';
  const begin = APIS.get(api);
  if (!begin) throw new NotModelled(`the API ${api}`);
  if (script.atOnce !== undefined) throw new NotModelled('several requests at once');
  if (script.targetAddressSpace !== undefined) throw new NotModelled('Local Network Access');
  return begin(script, trace, agent);
}

class FetchCall implements Call {
  readonly #script: ScriptRequest;
  readonly #trace: Trace;
  readonly #agent: UserAgent;
  readonly #request: FetchRequest;

  constructor(script: ScriptRequest, trace: Trace, agent: UserAgent) {
    this.#script = script;
    this.#trace = trace;
    this.#agent = agent;
    this.#request = constructRequest(script, trace, agent.quirks);
  }

  request(): FetchRequest {
    if (this.#script.abort !== 'before') return this.#request;
    this.#trace.stop('aborted', null);
    throw new Terminated('aborted');
  }

  sent(): void {}

  ended(response: FilteredResponse | NetworkError): ScriptView {
    if ('kind' in response) return failedFetch('network-error', response);
    const holds = integrityHolds(this.#request.integrity, response, this.#agent, this.#trace);
    if (!holds) return failedFetch('network-error');
    return fetchView(response, this.#script.timeoutMs !== undefined);
  }

  terminated(reason: Terminated['reason']): ScriptView {
    const { abort } = this.#script;
    return failedFetch(reason, { reason: typeof abort === 'object' ? abort.reason : undefined });
  }
}

class EventSourceCall implements Call {
  readonly #request: FetchRequest;

  constructor(script: ScriptRequest) {
    this.#request = constructEventSource(script);
  }

  request(): FetchRequest {
    return this.#request;
  }

  sent(): void {}

  ended(response: FilteredResponse | NetworkError): ScriptView {
    if ('kind' in response) return eventSourceView('error', response);
    return eventSourceView(opens(response) ? 'open' : 'error');
  }

  terminated(): ScriptView {
    return failedFetch('unsettled');
  }
}

const XHR_ENDS = { aborted: 'abort', 'timed-out': 'timeout', unsettled: 'unsettled' } as const;

class XhrCall implements Call {
  readonly #script: ScriptRequest;
  readonly #trace: Trace;
  readonly #request: FetchRequest;
  readonly #sync: boolean;
  readonly #quirks: Quirks;
  readonly #events: XhrEvents;
  /** The events until send() returns. */
  readonly #first: readonly string[];

  constructor(script: ScriptRequest, trace: Trace, { quirks }: UserAgent) {
    this.#script = script;
    this.#trace = trace;
    this.#request = constructXhr(script, trace, quirks);
    const { body } = this.#request;
    if (body && !body.replayable) throw new NotModelled('a stream passed to XMLHttpRequest');
    const firesAll = script.sync && script.client.global === 'worker' && quirks.workerSynchronousFiresAll;
    this.#sync = script.sync === true && !firesAll;
    this.#quirks = quirks;
    this.#events = new XhrEvents(this.#request, {
      sync: this.#sync,
      listening: script.uploadListener === 'before-send',
    });
    this.#first = [...this.#events.fired];
  }

  request(): FetchRequest {
    return this.#request;
  }

  sent(): void {
    this.#events.sent();
  }

  ended(response: FilteredResponse | NetworkError): ScriptView {
    return this.#seen(
      'kind' in response
        ? failedXhr('error', this.#events, this.#sync, response.blockedAt)
        : xhrView(this.#taken(response), this.#events, {
            sync: this.#sync,
            limited: this.#script.timeoutMs !== undefined,
            responseType: this.#script.responseType,
          }),
    );
  }

  #taken(response: FilteredResponse): FilteredResponse {
    const { script, quirks } = { script: this.#script, quirks: this.#quirks };
    return script.sync &&
      script.client.global !== 'worker' &&
      response.bodyEnd === 'cut' &&
      quirks.synchronousCutIsEmpty
      ? { ...response, body: '', bodyEnd: 'complete' }
      : response;
  }

  terminated(reason: Terminated['reason']): ScriptView {
    return this.#seen(failedXhr(XHR_ENDS[reason], this.#events, this.#sync));
  }

  /** The withCredentials setter throws after send(): script sees the exception, and the request takes its course. */
  #seen(view: ScriptView): ScriptView {
    if (!this.#script.withCredentialsAfterSend || view.settled === 'threw') return view;
    const name = 'InvalidStateError';
    const message = 'withCredentials is set after send()';
    this.#trace.stop('construct', SPEC.xhrWithCredentials, name, message);
    const seen = this.#sync
      ? view
      : { ...view, status: 0, statusText: '', url: '', headers: [], body: '', events: this.#first };
    return { ...seen, outcome: 'error', settled: 'threw', error: { name, message } };
  }
}
