/** The model as an engine against a real server: the spec-literal user agent, its wire requests sent from Node. */
import { forModel } from '../case/client.ts';
import type { StepObservation } from '../case/observation.ts';
import { NO_PORTS } from '../case/places.ts';
import { reportOf } from '../case/report.ts';
import type { Case } from '../case/schema.ts';
import type { Scene } from '../case/script.ts';
import { predictAsync, type WireReply, type WireSend } from '../standard/user-agent.ts';
import { ask } from '../wire/ask.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { Upstream } from '../wire/server-link.ts';
import { type ModelObserved, type ModelStep, makeUserAgent } from './model.ts';

export interface LiveOptions {
  /** Where requests to these serialized origins go; anything else fails. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** The Cookie header's value where credentials are included. */
  readonly cookie?: string;
}

/** Real time, and the waits of a case added without waiting. */
class SkippingClock {
  #skipped = 0;

  now(): number {
    return performance.now() + this.#skipped;
  }

  skip(ms: number): void {
    this.#skipped += ms;
  }
}

/**
 * Runs a case on the model against the servers behind `upstreams`. Waits cost no time.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export async function observeLive(theCase: Case, options: LiveOptions): Promise<ModelObserved> {
  const scene: Scene = { case: theCase, nonce: 'model00000000000', ports: NO_PORTS, anyOrigin: true };
  const clock = new SkippingClock();
  const agent = makeUserAgent();
  const began = clock.now();
  const steps: StepObservation[] = [];
  const predictions: ModelStep[] = [];
  const done = (notModelled?: string): ModelObserved => ({
    scene,
    observation: { steps, durationMs: clock.now() - began },
    predictions,
    ...(notModelled !== undefined && { notModelled }),
  });
  for (const [index, step] of theCase.steps.entries()) {
    if ('wait' in step) {
      clock.skip(step.wait);
      continue;
    }
    const bound = forModel(scene, step);
    if (!bound.request) return done(bound.notModelled);
    const started = clock.now();
    const exchanges: Exchange[] = [];
    const prediction = await predictAsync(
      bound.request,
      async send => {
        const exchange = await carry(send, options, () => Math.round(clock.now() - began));
        exchanges.push(exchange);
        return replyOf(exchange);
      },
      clock,
      agent,
    );
    if (prediction.notModelled !== undefined) return done(prediction.notModelled);
    predictions.push({ step: index, prediction });
    const report = reportOf(prediction.script, step.request.api ?? 'fetch', clock.now() - started);
    steps.push({ step: index, script: report, exchanges });
  }
  return done();
}

function carry(send: WireSend, options: LiveOptions, now: () => number): Promise<Exchange> {
  const upstream = options.upstreams.get(new URL(send.url).origin);
  const headers =
    send.credentials && options.cookie
      ? [...send.headers, ['Cookie', options.cookie] as const]
      : send.headers;
  const question = {
    method: send.method,
    url: send.url,
    headers,
    ...(send.body !== null && { body: send.body }),
  };
  return upstream
    ? ask(question, { upstream, timeoutMs: options.timeoutMs, now })
    : Promise.resolve({
        role: send.role,
        resource: 'main',
        request: { method: send.method, url: send.url, headers, bodyBytes: send.body?.length ?? 0 },
        response: null,
        end: 'no-answer',
        connection: 0,
        startedMs: now(),
        endedMs: now(),
        note: `${new URL(send.url).origin} is not part of the run`,
      });
}

function replyOf({ response, end, note }: Exchange): WireReply {
  if (!response) return { kind: 'failure', ...(note !== undefined && { reason: note }) };
  return {
    kind: 'response',
    status: response.status,
    ...(response.reason !== undefined && { reason: response.reason }),
    headers: response.headers,
    body: response.body ?? '',
    ...(end === 'cut' && { bodyEnd: 'cut' as const }),
  };
}
