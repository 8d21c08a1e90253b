/** The model as an engine: a case's steps through the spec-literal user agent, its script as the server. */

import { createHash } from 'node:crypto';
import type { PredictedStep } from '../case/observation.ts';
import { originOf, PLACE_NAMES, type Ports, SERVERS } from '../case/places.ts';
import type { Case } from '../case/schema.ts';
import { type BoundAnswer, type BoundCase, parsePath, StepScript } from '../case/script.ts';
import { NO_QUIRKS, type Quirks } from '../standard/quirks.ts';
import { keptIn, remembered } from '../standard/remember.ts';
import { UserAgent, type UserAgentOptions, type WireReply, type WireSend } from '../standard/user-agent.ts';
import { KEPT_BODY_BYTES, roleOf, type Exchange as WireExchange } from '../wire/exchange.ts';
import { type Interpreted, interpret } from './model-answer.ts';
import {
  type ModelClock,
  type ModelObserved,
  type ModelServer,
  type ModelStep,
  modelSteps,
} from './model-steps.ts';

export interface ModelRunOptions {
  /** The addresses of a run, to predict just what it must show; made-up ones where omitted. */
  readonly scene?: BoundCase | Omit<BoundCase, 'case'>;
  /** How the engine that is modelled leaves the Standard; not at all where omitted. */
  readonly quirks?: Quirks;
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
class VirtualClock implements ModelClock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  sleep(ms: number): void {
    this.#now += ms;
  }

  wait(ms: number): void {
    this.#now += ms;
  }
}

/**
 * Runs a case on the model. Waits cost no time.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export function observeWithModel(theCase: Case, options: ModelRunOptions = {}): ModelObserved {
  const scene = sceneOf(theCase, options.scene);
  const clock = new VirtualClock();
  const server = new ScriptedServer(scene, clock);
  const agent = new UserAgent({ ...modelOptions, httpCache: true, quirks: options.quirks ?? NO_QUIRKS });
  const steps = modelSteps(scene, server, clock, agent);
  let step = steps.next();
  while (!step.done) step = steps.next(server.answer(step.value));
  return step.value;
}

/** The very scene where it is one of the case: what is known of it is not worked out again. */
function sceneOf(theCase: Case, given: Partial<BoundCase> = {}): BoundCase {
  const { nonce = 'model00000000000', ports = PORTS } = given;
  return given.case === theCase ? (given as BoundCase) : { ...given, nonce, ports, case: theCase };
}

/** The steps of a run as a comparison takes them; undefined if the model could not run them all. */
export function predictedSteps({
  observation,
  predictions,
  notModelled,
}: ModelObserved): PredictedStep[] | undefined {
  if (notModelled !== undefined) return undefined;
  return observation.steps.map((step, at) => ({
    ...step,
    wire: (predictions[at] as ModelStep).prediction.wire,
  }));
}

/** The origin that is asked: the lab's servers listen on 127.0.0.1, which is where connections to 0.0.0.0 end too. */
const loopbackOrigin = ({ origin, hostname }: URL): string =>
  hostname === '0.0.0.0' ? origin.replace(hostname, '127.0.0.1') : origin;

/** As a server sees it: user name and password are no part of a request. */
function withoutUserInfo(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const seen = new URL(url);
  seen.username = '';
  seen.password = '';
  return seen.href;
}

/** A URL of a scene, as the model's requests name it. */
interface Asked {
  readonly origin: string;
  /** As a server sees it. */
  readonly url: string;
  /** What of the script it names; undefined for what is not scripted. */
  readonly resource: string | undefined;
}

const askedIn = remembered((_scene: BoundCase) => new Map<string, Asked>());

/** The same for the same URL of a scene, which one model after the other asks for. */
const asked = (scene: BoundCase, text: string): Asked =>
  keptIn(askedIn(scene), text, () => askedOf(scene, text));

function askedOf(scene: BoundCase, text: string): Asked {
  const url = new URL(text);
  const path = parsePath(url.pathname);
  const ours =
    path?.nonce === scene.nonce &&
    PLACE_NAMES.some(place => originOf(place, scene.ports) === loopbackOrigin(url));
  return {
    origin: url.origin,
    url: withoutUserInfo(url),
    resource: ours ? path?.resource : undefined,
  };
}

const interpretationsOf = remembered((_answer: BoundAnswer) => new Map<string, Interpreted>());

/** What a client makes of an answer; a reply of its own for each request, which caches tell apart. */
function interpreted(answer: BoundAnswer, method: string): Interpreted {
  const made = keptIn(interpretationsOf(answer), method, () => interpret(answer, method));
  return { ...made, reply: made.reply && { ...made.reply } };
}

/** The scripted target without sockets: the same script, the same log. */
class ScriptedServer implements ModelServer {
  readonly #scene: BoundCase;
  readonly #clock: ModelClock;
  readonly #connections = new Map<string, number>();
  #script: StepScript | null = null;
  #last = 0;
  exchanges: WireExchange[] = [];
  /** Why the last step cannot be answered as a real target would. */
  notModelled: string | undefined;

  constructor(scene: BoundCase, clock: ModelClock) {
    this.#scene = scene;
    this.#clock = clock;
  }

  begin(step: number): void {
    this.#script = new StepScript(this.#scene, step);
    this.exchanges = [];
    this.notModelled = undefined;
  }

  answer(send: WireSend): WireReply {
    const { origin, url, resource } = asked(this.#scene, send.url);
    if (resource === undefined || !this.#script) {
      this.notModelled = `${send.url} is not scripted`;
      return { kind: 'failure' };
    }
    const role = roleOf(send.method, send.headers);
    const answer = this.#script.answer(resource, role, send.method, send);
    const { reply, response, end } = interpreted(answer, send.method);
    if (reply === null) this.notModelled = 'the framing of the answer is for HTTP/1.1 parsers to judge';
    const startedMs = this.#clock.now();
    this.exchanges.push({
      role,
      resource,
      request: {
        method: send.method,
        url,
        headers: send.headers,
        bodyBytes: send.body?.length ?? 0,
        body: (send.body ?? '').slice(0, KEPT_BODY_BYTES),
      },
      response,
      end,
      connection: this.#connection(origin, send),
      startedMs,
      endedMs: startedMs + answer.delayMs,
    });
    return reply ?? { kind: 'failure' };
  }

  /** Connections are kept per origin and credentials (Fetch, "obtain a connection"). */
  #connection(origin: string, { credentials, newConnection }: WireSend): number {
    const key = `${origin} ${credentials}`;
    const known = newConnection ? undefined : this.#connections.get(key);
    if (known !== undefined) return known;
    this.#connections.set(key, ++this.#last);
    return this.#last;
  }
}
