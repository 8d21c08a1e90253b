/**
 * A spec-literal user agent: what script asks for becomes wire requests, what servers answer becomes what script
 * sees. It performs no I/O: whoever drives it carries its requests and brings back the replies.
 */
import { beginCall } from './calls.ts';
import { ScriptError } from './construct.ts';
import { addDefaultHeaders, filtered, mainFetch } from './fetch.ts';
import { NotModelled, type Steps, Terminated, UserAgent } from './fetching.ts';
import { LazyPrediction } from './prediction.ts';
import { Trace } from './trace.ts';
import type { Clock, Prediction, ScriptRequest, ScriptView, WireReply, WireSend } from './types.ts';
import { thrown, unknownView } from './view.ts';

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

/** The same as a generator: it yields wire requests, is resumed with replies, and returns the prediction. */
export function* run(script: ScriptRequest, clock: Clock, agent: UserAgent): Steps<Prediction> {
  const trace = new Trace();
  const wire: WireSend[] = [];
  try {
    const deadlineMs = clock.now() + (script.timeoutMs ?? Number.POSITIVE_INFINITY);
    const call = beginCall(script, trace, agent);
    let view: ScriptView;
    try {
      const request = call.request();
      const fetching = { agent, clock, trace, wire, deadlineMs, abort: script.abort, call };
      addDefaultHeaders(request);
      view = call.ended(filtered(fetching, request, yield* mainFetch(fetching, request)));
    } catch (error) {
      if (!(error instanceof Terminated)) throw error;
      view = call.terminated(error.reason);
    }
    return new LazyPrediction(wire, view, trace);
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
