/**
 * A spec-literal user agent: what script asks for becomes wire requests, what servers answer becomes what script
 * sees. It performs no I/O: whoever drives it carries its requests and brings back the replies.
 */
import { constructRequest, ScriptError } from './construct.ts';
import { constructEventSource, opens } from './event-source.ts';
import { mainFetch } from './fetch.ts';
import { type Fetching, NotModelled, type Steps, Terminated, UserAgent } from './fetching.ts';
import { integrityHolds } from './integrity.ts';
import { LazyPrediction } from './prediction.ts';
import { SPEC } from './spec.ts';
import { Trace } from './trace.ts';
import type {
  Clock,
  FetchRequest,
  Prediction,
  ScriptRequest,
  ScriptView,
  WireReply,
  WireSend,
} from './types.ts';
import { eventSourceView, failedFetch, failedXhr, fetchView, thrown, unknownView, xhrView } from './view.ts';
import { constructXhr, XhrEvents } from './xhr.ts';

export { UserAgent, type UserAgentOptions } from './fetching.ts';
export type * from './types.ts';

/** Answers one wire request; the order of calls is the order on the wire. */
export type Exchange = (send: WireSend) => WireReply;
export type AsyncExchange = (send: WireSend) => Promise<WireReply>;

/**
 * Runs one request of script to its end.
 *
 * @param exchange answers each wire request
 * @param clock times the preflight cache, cookies and time-outs; in milliseconds
 * @param agent what earlier requests left behind, and what this one adds to; a fresh one where omitted
 */
export function predict(
  script: ScriptRequest,
  exchange: Exchange,
  clock: Clock,
  agent: UserAgent = new UserAgent(),
): Prediction {
  const steps = run(script, clock, agent);
  let step = steps.next();
  while (!step.done) step = steps.next(exchange(step.value));
  return step.value;
}

/** The same against servers that take their time. */
export async function predictAsync(
  script: ScriptRequest,
  exchange: AsyncExchange,
  clock: Clock,
  agent: UserAgent = new UserAgent(),
): Promise<Prediction> {
  const steps = run(script, clock, agent);
  let step = steps.next();
  while (!step.done) step = steps.next(await exchange(step.value));
  return step.value;
}

const APIS = { fetch: runFetch, xhr: runXhr, eventsource: runEventSource };

/** The same as a generator: it yields wire requests, is resumed with replies, and returns the prediction. */
export function* run(script: ScriptRequest, clock: Clock, agent: UserAgent): Steps<Prediction> {
  const trace = new Trace();
  const wire: WireSend[] = [];
  const fetching: Fetching = {
    agent,
    clock,
    trace,
    wire,
    abort: script.abort,
    deadlineMs: clock.now() + (script.timeoutMs ?? Number.POSITIVE_INFINITY),
    onRequestSent: () => {},
  };
  try {
    const api = script.api ?? 'fetch';
    if (!Object.hasOwn(APIS, api)) throw new NotModelled(`the API ${api}`);
    if (script.targetAddressSpace !== undefined) throw new NotModelled('Local Network Access');
    return new LazyPrediction(wire, yield* APIS[api as keyof typeof APIS](script, fetching), trace);
  } catch (error) {
    if (error instanceof NotModelled) {
      trace.note('not-modelled', error.reason);
      return new LazyPrediction(wire, unknownView(), trace, error.reason);
    }
    if (error instanceof ScriptError) {
      trace.stop('construct', error.section, error.name, error.message);
      const view = thrown(error, script.api !== undefined && script.api !== 'fetch');
      return new LazyPrediction(wire, view, trace);
    }
    throw error;
  }
}

function* runFetch(script: ScriptRequest, fetching: Fetching): Steps<ScriptView> {
  const { agent, trace } = fetching;
  const request = constructRequest(script, trace);
  if (script.abort === 'before') {
    trace.stop('aborted', null);
    return failedFetch('aborted');
  }
  try {
    const response = yield* mainFetch(fetching, request);
    if ('kind' in response) return failedFetch('network-error', response);
    if (!integrityHolds(request.integrity, response, agent, trace)) return failedFetch('network-error');
    return fetchView(response, script.timeoutMs !== undefined);
  } catch (error) {
    if (!(error instanceof Terminated)) throw error;
    return failedFetch(error.reason, {
      reason: typeof script.abort === 'object' ? script.abort.reason : undefined,
    });
  }
}

function* runEventSource(script: ScriptRequest, fetching: Fetching): Steps<ScriptView> {
  const request = constructEventSource(script);
  try {
    const response = yield* mainFetch(fetching, request);
    if ('kind' in response) return eventSourceView('error', response);
    return eventSourceView(opens(response) ? 'open' : 'error');
  } catch (error) {
    if (!(error instanceof Terminated)) throw error;
    return failedFetch('unsettled');
  }
}

function* runXhr(script: ScriptRequest, fetching: Fetching): Steps<ScriptView> {
  const request = constructXhr(script, fetching.trace);
  if (request.body && !request.body.replayable) throw new NotModelled('a stream passed to XMLHttpRequest');
  const sync = script.sync ?? false;
  const events = new XhrEvents(request, sync);
  const sent = [...events.fired];
  const view = yield* xhrEnd(script, { ...fetching, onRequestSent: () => events.sent() }, request, events);
  return script.withCredentialsAfterSend ? withCredentialsTooLate(view, fetching.trace, sent, sync) : view;
}

const XHR_ENDS = { aborted: 'abort', 'timed-out': 'timeout', unsettled: 'unsettled' } as const;

function* xhrEnd(
  script: ScriptRequest,
  fetching: Fetching,
  request: FetchRequest,
  events: XhrEvents,
): Steps<ScriptView> {
  const sync = script.sync ?? false;
  try {
    const response = yield* mainFetch(fetching, request);
    if ('kind' in response) return failedXhr('error', events, sync, response.blockedAt);
    return xhrView(response, events, sync, script.timeoutMs !== undefined);
  } catch (error) {
    if (!(error instanceof Terminated)) throw error;
    return failedXhr(XHR_ENDS[error.reason], events, sync);
  }
}

/** The withCredentials setter throws after send(): script sees the exception, and the request takes its course. */
function withCredentialsTooLate(
  view: ScriptView,
  trace: Trace,
  sent: readonly string[],
  sync: boolean,
): ScriptView {
  if (view.settled === 'threw') return view;
  const name = 'InvalidStateError';
  const message = 'withCredentials is set after send()';
  trace.stop('construct', SPEC.xhrWithCredentials, name, message);
  const seen = sync
    ? view
    : { ...view, status: 0, statusText: '', url: '', headers: [], body: '', events: sent };
  return { ...seen, outcome: 'error', settled: 'threw', error: { name, message } };
}
