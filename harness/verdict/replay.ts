/**
 * Whose fault: recorded exchanges of a case, replayed through the model. Where the model, given the same answers,
 * sends the same requests and lets script see the same, the server's answers caused what was seen; where not, the
 * engine deviates from the Standard.
 */
import { forModel } from '../case/client.ts';
import type { ScriptReport, StepObservation } from '../case/observation.ts';
import type { RequestStep } from '../case/schema.ts';
import type { Scene } from '../case/script.ts';
import {
  type Prediction,
  predict,
  UserAgent,
  type UserAgentOptions,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import type { Exchange } from '../wire/exchange.ts';
import { outcomeOf } from './judge.ts';

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
  scene: Scene,
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
    const difference = recorded.difference() ?? differenceOf(observation, prediction);
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
    ...(end === 'cut' && { bodyEnd: endless ? ('hang' as const) : ('cut' as const) }),
  };
}

function differenceOf(observation: StepObservation, { script }: Prediction): string | undefined {
  const seen = outcomeOf(observation);
  // The wire alone cannot tell a block by CORS from another failure after a complete answer.
  const outcome = seen.outcome === 'blocked' && script.outcome === 'error' ? 'error' : seen.outcome;
  const pairs: [what: string, engine: unknown, model: unknown][] =
    script.result === undefined
      ? [['outcome', outcome, script.outcome], ...comparable(observation.script, script)]
      : [['result', observation.script.result, script.result]];
  const differing = pairs.find(([, engine, model]) => engine !== model);
  return (
    differing &&
    `${differing[0]}: ${String(differing[1])} in the engine, ${String(differing[2])} by the Standard`
  );
}

function comparable(report: ScriptReport, script: Prediction['script']): [string, unknown, unknown][] {
  if (report.settled !== 'resolved' || script.settled !== 'resolved') return [];
  const headers = (list: readonly (readonly [string, string])[] | undefined) =>
    (list ?? []).map(([name, value]) => `${name.toLowerCase()}: ${value}`).join('\n');
  return [
    ...(report.type === undefined ? [] : [['type', report.type, script.type] as [string, unknown, unknown]]),
    ['status', report.status, script.status],
    ['headers', headers(report.headers), headers(script.headers)],
  ];
}
