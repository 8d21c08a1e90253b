/** The model as an engine: a case's steps through the spec-literal user agent, its script as the server. */
import { createHash } from 'node:crypto';
import { forModel } from '../case/client.ts';
import type { StepObservation } from '../case/observation.ts';
import { originOf, PLACE_NAMES, type Ports, SERVERS } from '../case/places.ts';
import { reportOf } from '../case/report.ts';
import type { Case, RequestStep } from '../case/schema.ts';
import { parsePath, type Scene, StepScript } from '../case/script.ts';
import {
  type Clock,
  type Prediction,
  predict,
  UserAgent,
  type UserAgentOptions,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import { KEPT_BODY_BYTES, roleOf, type Exchange as WireExchange } from '../wire/exchange.ts';
import type { Observed } from './lab.ts';
import { interpret } from './model-answer.ts';

export interface ModelStep {
  /** Index into the case's steps. */
  readonly step: number;
  readonly prediction: Prediction;
}

export interface ModelObserved extends Observed {
  /** What the model did, step by step. */
  readonly predictions: readonly ModelStep[];
  /** Why the model has no observation; the steps then end before the one it cannot predict. */
  readonly notModelled?: string;
}

/** Addresses that look like the lab's own: nothing listens there, and nothing is asked to. */
const PORTS = Object.fromEntries(
  SERVERS.map((name, n) => [name, { http: 41_001 + 2 * n, https: 41_002 + 2 * n }]),
) as Ports;

/** What the pure model needs from outside: digests. */
export const modelOptions: UserAgentOptions = {
  digest: (algorithm, bytes) => createHash(algorithm).update(bytes, 'latin1').digest('base64'),
};

/** A user agent without limits of its own, as the lab's engines are set up. */
export const makeUserAgent = (): UserAgent => new UserAgent(modelOptions);

/** Time that only passes when somebody waits. */
export class VirtualClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  sleep(ms: number): void {
    this.#now += ms;
  }
}

/**
 * Runs a case on the model. Waits cost no time.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export function observeWithModel(theCase: Case): ModelObserved {
  const scene: Scene = { case: theCase, nonce: 'model00000000000', ports: PORTS };
  const clock = new VirtualClock();
  const agent = makeUserAgent();
  const server = new ModelServer(scene, clock);
  const steps: StepObservation[] = [];
  const predictions: ModelStep[] = [];
  const done = (notModelled?: string): ModelObserved => ({
    scene,
    observation: { steps, durationMs: clock.now() },
    predictions,
    ...(notModelled !== undefined && { notModelled }),
  });
  for (const [index, step] of theCase.steps.entries()) {
    if ('wait' in step) {
      clock.sleep(step.wait);
      continue;
    }
    const bound = forModel(scene, step);
    if (!bound.request) return done(bound.notModelled);
    const began = clock.now();
    server.begin(index);
    const prediction = predict(bound.request, send => server.answer(send), clock, agent);
    const reason = prediction.notModelled ?? server.trouble ?? readsOf(step, prediction);
    if (reason !== undefined) return done(reason);
    predictions.push({ step: index, prediction });
    const report = reportOf(prediction.script, step.request.api ?? 'fetch', clock.now() - began);
    const result = resultOf(step, prediction);
    const unloads = (step.realm ?? theCase.realm) === 'unloading-frame';
    steps.push({
      step: index,
      script: unloads
        ? { settled: 'resolved', result: 'unloaded', durationMs: 0 }
        : { ...report, ...(result !== undefined && { result }) },
      exchanges: server.exchanges,
    });
  }
  return done();
}

/** The headers of every response that fetch() gives are immutable. */
function resultOf({ request }: RequestStep, { script }: Prediction): string | undefined {
  return request.reads === 'write-headers' && script.settled === 'resolved' ? 'TypeError' : undefined;
}

/** The Cache API refuses some responses: what script sees then is not the fetch's doing. */
function readsOf({ request }: RequestStep, { wire, script }: Prediction): string | undefined {
  if (request.reads !== 'cache-api' || script.settled !== 'resolved') return undefined;
  return script.status === 206 || wire.length === 0 ? 'the Cache API refuses this response' : undefined;
}

/** The scripted target without sockets: the same script, the same log. */
class ModelServer {
  readonly #scene: Scene;
  readonly #clock: Clock;
  readonly #connections = new Map<string, number>();
  #script: StepScript | null = null;
  #last = 0;
  exchanges: WireExchange[] = [];
  /** Why the last step cannot be answered as a real target would. */
  trouble: string | undefined;

  constructor(scene: Scene, clock: Clock) {
    this.#scene = scene;
    this.#clock = clock;
  }

  begin(step: number): void {
    this.#script = new StepScript(this.#scene, step);
    this.exchanges = [];
    this.trouble = undefined;
  }

  answer(send: WireSend): WireReply {
    const url = new URL(send.url);
    const path = parsePath(url.pathname);
    const ours = PLACE_NAMES.some(place => originOf(place, this.#scene.ports) === url.origin);
    if (!ours || path?.nonce !== this.#scene.nonce || !this.#script) {
      this.trouble = `${send.url} is not scripted`;
      return { kind: 'failure' };
    }
    const role = roleOf(send.method, send.headers);
    const answer = this.#script.answer(path.resource, role, send.method, send);
    const { reply, response, end } = interpret(answer, send.method);
    if (reply === null) this.trouble = 'the framing of the answer is for HTTP/1.1 parsers to judge';
    const startedMs = this.#clock.now();
    this.exchanges.push({
      role,
      resource: path.resource,
      request: {
        method: send.method,
        url: send.url,
        headers: send.headers,
        bodyBytes: send.body?.length ?? 0,
        body: (send.body ?? '').slice(0, KEPT_BODY_BYTES),
      },
      response,
      end,
      connection: this.#connection(url, send),
      startedMs,
      endedMs: startedMs + answer.delayMs,
    });
    return reply ?? { kind: 'failure' };
  }

  /** Connections are kept per origin and credentials (Fetch, "obtain a connection"). */
  #connection(url: URL, { credentials, newConnection }: WireSend): number {
    const key = `${url.origin} ${credentials}`;
    const known = newConnection ? undefined : this.#connections.get(key);
    if (known !== undefined) return known;
    this.#connections.set(key, ++this.#last);
    return this.#last;
  }
}
