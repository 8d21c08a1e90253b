/**
 * A spec-literal user agent: what script asks for becomes wire requests, what servers answer becomes what script
 * sees. It performs no I/O: whoever drives it carries its requests and brings back the replies.
 */
import { beginCall } from './calls.ts';
import { ScriptException } from './construct.ts';
import { addDefaultHeaders, filtered, mainFetch } from './fetch.ts';
import { type Fetching, NotModelled, type Steps, Terminated, UserAgent } from './fetching.ts';
import { keepLoad } from './memory-cache-use.ts';
import { LazyPrediction } from './prediction.ts';
import { Trace } from './trace.ts';
import type {
  Clock,
  FetchRequest,
  HeaderList,
  Prediction,
  ResponseReply,
  ScriptRequest,
  ScriptView,
  WireReply,
  WireSend,
} from './types.ts';
import { thrown, unknownView } from './view.ts';

export { UserAgent, type UserAgentOptions } from './fetching.ts';
export type * from './types.ts';

/** Answers one wire request; the order of calls is the order on the wire. */
export type Transport = (send: WireSend) => WireReply;
export type AsyncTransport = (send: WireSend) => Promise<WireReply>;

/**
 * Runs one request of script to its end.
 *
 * @param exchange answers each wire request
 * @param clock times the preflight cache, cookies and time-outs; in milliseconds
 * @param agent what earlier requests left behind, and what this one adds to; a fresh one where omitted
 */
export function predict(
  script: ScriptRequest,
  exchange: Transport,
  clock: Clock,
  agent: UserAgent = new UserAgent(),
): Prediction {
  const steps = predicting(script, clock, agent);
  let step = steps.next();
  while (!step.done) step = steps.next(exchange(step.value));
  return step.value;
}

/** The same against servers that take their time. */
export async function predictAsync(
  script: ScriptRequest,
  exchange: AsyncTransport,
  clock: Clock,
  agent: UserAgent = new UserAgent(),
): Promise<Prediction> {
  const steps = predicting(script, clock, agent);
  let step = steps.next();
  while (!step.done) step = steps.next(await exchange(step.value));
  return step.value;
}

/** The same as a generator: it yields wire requests, is resumed with replies, and returns the prediction. */
export function* predicting(asked: ScriptRequest, clock: Clock, agent: UserAgent): Steps<Prediction> {
  const script = agent.quirks.asks?.(asked) ?? asked;
  const trace = new Trace();
  const wire: WireSend[] = [];
  const ended: Ended = { script, wire, received: null, request: null, answers: [], fetching: null };
  try {
    const deadlineMs = clock.now() + (script.timeoutMs ?? Number.POSITIVE_INFINITY);
    const call = beginCall(script, trace, agent);
    let view: ScriptView;
    try {
      const request = call.request();
      ended.request = request;
      const fetching: Fetching = {
        agent,
        clock,
        trace,
        wire,
        deadlineMs,
        abort: script.abort,
        call,
        answers: ended.answers,
        cached: [],
      };
      ended.fetching = fetching;
      addDefaultHeaders(request);
      const fetched = yield* mainFetch(fetching, request);
      if (fetched.kind === 'response') {
        ended.received = fetched.headers;
        keepLoad(fetching, request, fetched);
      }
      view = call.ended(filtered(fetching, request, fetched));
    } catch (error) {
      if (!(error instanceof Terminated)) throw error;
      view = call.terminated(error.reason);
    }
    return new LazyPrediction(wire, seen(view, ended, agent), trace);
  } catch (error) {
    if (error instanceof NotModelled) {
      trace.note('not-modelled', error.reason);
      return new LazyPrediction(wire, unknownView(), trace, error.reason);
    }
    if (error instanceof ScriptException) {
      trace.stop('construct', error.section, error.name, error.message);
      return new LazyPrediction(wire, seen(thrown(error, script.api), ended, agent), trace);
    }
    throw error;
  }
}

/** How far a request has come: for quirks in what script sees. */
interface Ended {
  readonly script: ScriptRequest;
  readonly wire: readonly WireSend[];
  readonly answers: ResponseReply[];
  received: HeaderList | null;
  request: FetchRequest | null;
  fetching: Fetching | null;
}

/** What script sees of a view, once quirks have had their say. */
function seen(
  view: ScriptView,
  { script, wire, answers, received, request, fetching }: Ended,
  { quirks }: UserAgent,
): ScriptView {
  if (!quirks.seen) return view;
  const answered = answers.at(-1) ?? null;
  const unanswered = fetching?.unanswered ?? null;
  return quirks.seen(view, { script, received, answered, request, unanswered, last: wire.at(-1)?.role });
}
