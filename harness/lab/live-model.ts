/** The model as an engine against a real server: the spec-literal user agent, its wire requests sent from Node. */
import { NO_PORTS } from '../case/places.ts';
import type { Case } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import type { WireReply, WireSend } from '../standard/user-agent.ts';
import { ask } from '../wire/ask.ts';
import { decodeContent } from '../wire/content-coding.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { Upstream } from '../wire/server-link.ts';
import { asBrowser } from './as-browser.ts';
import { makeUserAgent } from './model.ts';
import { type ModelClock, type ModelObserved, type ModelServer, modelSteps } from './model-steps.ts';

export interface LiveModelOptions {
  /** Where requests to these serialized origins go; anything else fails. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Ends a request that is under way. */
  readonly signal?: AbortSignal;
  /** The Cookie header's value where credentials are included. */
  readonly cookie?: string;
  /** Sends a request. Default: at once, on a connection for it alone. */
  readonly send?: typeof ask;
}

/** Real time, and the waits of a case added without waiting. */
class SkippingClock implements ModelClock {
  #skipped = 0;

  now(): number {
    return performance.now() + this.#skipped;
  }

  wait(ms: number): void {
    this.#skipped += ms;
  }
}

/**
 * Runs a case on the model against the servers behind `upstreams`. Waits cost no time.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export async function observeLive(theCase: Case, options: LiveModelOptions): Promise<ModelObserved> {
  const scene: BoundCase = { case: theCase, nonce: 'model00000000000', ports: NO_PORTS, anyOrigin: true };
  const clock = new SkippingClock();
  const began = clock.now();
  const server = new LiveServers();
  const steps = modelSteps(scene, server, clock, makeUserAgent());
  let step = steps.next();
  while (!step.done) {
    const exchange = await carry(step.value, options, () => Math.round(clock.now() - began));
    step = steps.next(server.heard(step.value, exchange));
  }
  return step.value;
}

/** The exchanges with real servers. */
class LiveServers implements ModelServer {
  exchanges: Exchange[] = [];

  begin(): void {
    this.exchanges = [];
  }

  /** @param exchange null if the request leaves the run: nobody is asked then, as a browser would be refused, too */
  heard({ url }: WireSend, exchange: Exchange | null): WireReply {
    if (exchange === null) return { kind: 'failure', reason: `${url} is not part of the run` };
    this.exchanges.push(exchange);
    return replyOf(exchange);
  }
}

async function carry(send: WireSend, options: LiveModelOptions, now: () => number): Promise<Exchange | null> {
  const upstream = options.upstreams.get(new URL(send.url).origin);
  if (!upstream) return null;
  const headers =
    send.credentials && options.cookie
      ? [...send.headers, ['Cookie', options.cookie] as const]
      : send.headers;
  const question = asBrowser({
    method: send.method,
    url: send.url,
    headers,
    ...(send.body !== null && { body: send.body }),
  });
  const { send: sendBy = ask, timeoutMs, signal } = options;
  return sendBy(question, { upstream, timeoutMs, now, ...(signal && { signal }) });
}

function replyOf({ response, end, note }: Exchange): WireReply {
  if (!response) return { kind: 'failure', ...(note !== undefined && { reason: note }) };
  const { status, reason, headers, body = '', undecodable } = response;
  return {
    kind: 'response',
    status,
    ...(reason !== undefined && { reason }),
    headers,
    body: decodeContent(headers, Buffer.from(body, 'latin1')).body.toString('latin1'),
    ...(undecodable && { undecodable: body }),
    ...(end !== 'complete' && { bodyEnd: 'cut' as const }),
  };
}
