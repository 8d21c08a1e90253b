/**
 * Whose fault: recorded exchanges of a case, replayed through the model. Where the model, given the same answers,
 * sends the same requests and lets script see the same, the server's answers caused what was seen; where not, the
 * engine deviates from the Standard.
 */
import { forModel } from '../case/client.ts';
import type { StepObservation } from '../case/observation.ts';
import { reportOf } from '../case/report.ts';
import type { Api, RequestStep } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import {
  type Prediction,
  predict,
  UserAgent,
  type UserAgentOptions,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import { type Exchange, headerValue, KEPT_BODY_BYTES } from '../wire/exchange.ts';
import { wireName } from './judge.ts';
import { differencesFrom, isAside } from './whole.ts';

/** What a replay of one step found. */
export interface Replayed {
  /** Index into the case's steps. */
  readonly step: number;
  readonly prediction: Prediction;
  /** What the engine did otherwise than the model, in words; absent where they agree. */
  readonly difference?: string;
}

export interface Replay {
  /** server: engine and model agree at every step. engine: they differ. unknown: the model could not follow. */
  readonly fault: 'server' | 'engine' | 'unknown';
  readonly steps: readonly Replayed[];
  /** Why the model could not follow. */
  readonly notModelled?: string;
}

/**
 * Replays the request steps of a case in order, until one differs: what follows it has another past.
 *
 * @throws ScriptError when the case itself cannot be bound
 */
export function replay(
  scene: BoundCase,
  observed: readonly StepObservation[],
  options: UserAgentOptions = {},
): Replay {
  const agent = new UserAgent(options);
  const steps: Replayed[] = [];
  for (const observation of observed) {
    const step = scene.case.steps[observation.step] as RequestStep;
    const bound = forModel(scene, step);
    if (!bound.request) return { fault: 'unknown', steps, notModelled: bound.notModelled };
    const recorded = new Recorded(observation);
    const prediction = predict(bound.request, send => recorded.answer(send), recorded, agent);
    if (prediction.notModelled !== undefined) {
      return { fault: 'unknown', steps, notModelled: prediction.notModelled };
    }
    const api = step.request.api ?? 'fetch';
    const difference = recorded.difference() ?? differenceOf(observation, prediction, api);
    steps.push({ step: observation.step, prediction, ...(difference !== undefined && { difference }) });
    if (difference !== undefined) return { fault: 'engine', steps };
  }
  return { fault: 'server', steps };
}

/** The recorded exchanges of a step as a server, and their times as a clock. */
class Recorded {
  readonly #exchanges: readonly Exchange[];
  /** Script waited in vain: an exchange without an end was one that hung. */
  readonly #endless: boolean;
  #next = 0;
  #unmatched: string | undefined;

  constructor({ exchanges, script }: StepObservation) {
    this.#exchanges = exchanges;
    const error = script.error?.name.toLowerCase() ?? '';
    this.#endless = script.settled === 'unsettled' || error.startsWith('timeout');
  }

  now(): number {
    const last = this.#exchanges[Math.min(this.#next, this.#exchanges.length - 1)];
    return last?.startedMs ?? 0;
  }

  answer(send: WireSend): WireReply {
    const exchange = this.#exchanges[this.#next];
    const wanted = `${send.method} ${send.url}`;
    if (!exchange) {
      this.#unmatched ??= `the Standard sends ${wanted}, the engine sent nothing more`;
      return { kind: 'failure' };
    }
    const sent = `${exchange.request.method} ${exchange.request.url}`;
    if (sent !== wanted) {
      this.#unmatched ??= `the Standard sends ${wanted}, the engine sent ${sent}`;
      return { kind: 'failure' };
    }
    this.#next++;
    return replyOf(exchange, this.#endless);
  }

  difference(): string | undefined {
    const more = this.#exchanges[this.#next];
    return (
      this.#unmatched ??
      (more && `the engine sent ${more.request.method} ${more.request.url}, the Standard sends nothing more`)
    );
  }
}

function replyOf({ response, end }: Exchange, endless: boolean): WireReply {
  if (!response) return { kind: endless ? 'hang' : 'failure' };
  return {
    kind: 'response',
    status: response.status,
    headers: response.headers,
    ...(response.reason !== undefined && { reason: response.reason }),
    ...(response.body !== undefined && { body: response.body }),
    ...(response.undecodable && { undecodable: response.body ?? '' }),
    ...(end !== 'complete' && { bodyEnd: endless ? ('hang' as const) : ('cut' as const) }),
  };
}

/** What engine and model did otherwise, all of it compared but what a replay cannot know. */
function differenceOf(observation: StepObservation, prediction: Prediction, api: Api): string | undefined {
  const script = reportOf(prediction.script, api, 0);
  const exchanges = observation.exchanges.map((exchange, at) => asPredicted(exchange, prediction.wire[at]));
  const predicted = { step: observation.step, script, exchanges, wire: prediction.wire };
  const [first] = differencesFrom([predicted], [observation]).filter(
    check => !isAside(check) && isKnowable(check.id, observation, prediction),
  );
  return first && `${first.id}: ${first.observed} in the engine, ${first.expected} by the Standard`;
}

/** The exchange as it would have been recorded if the model had made it. */
function asPredicted(exchange: Exchange, send: WireSend | undefined): Exchange {
  // Whoever records the answers alone leaves nothing of the requests to compare.
  if (!send || exchange.request.headers.length === 0) return exchange;
  const { method, url } = exchange.request;
  const body = (send.body ?? '').slice(0, KEPT_BODY_BYTES);
  const request = { method, url, headers: send.headers, body, bodyBytes: send.body?.length ?? 0 };
  return { ...exchange, request };
}

/** Only the beginning of a body is recorded, before its coding is taken off; cookies come from elsewhere too. */
function isKnowable(id: string, { exchanges }: StepObservation, { wire }: Prediction): boolean {
  if (id === 'status-text') return false;
  if (id.endsWith(':cookie')) {
    return !wire.some(
      ({ credentials }, at) => credentials && id.startsWith(wireName(exchanges[at] as Exchange)),
    );
  }
  const response = exchanges.at(-1)?.response;
  if (id === 'body' && response) {
    const coded = headerValue(response.headers, 'content-encoding') !== null;
    return !coded && response.bodyBytes <= (response.body?.length ?? 0);
  }
  return true;
}
