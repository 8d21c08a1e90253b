/** A case on the model, step by step: what the model makes of each, whoever answers its requests. */
import { forModel } from '../case/client.ts';
import type { StepObservation } from '../case/observation.ts';
import { reportOf } from '../case/report.ts';
import type { RequestStep } from '../case/schema.ts';
import { type BoundCase, realmOf } from '../case/script.ts';
import {
  type Clock,
  type Prediction,
  predicting,
  type UserAgent,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { ObservedCase } from './lab.ts';

export interface ModelStep {
  /** Index into the case's steps. */
  readonly step: number;
  readonly prediction: Prediction;
}

export interface ModelObserved extends ObservedCase {
  /** What the model did, step by step. */
  readonly predictions: readonly ModelStep[];
  /** Why the model has no observation; the steps then end before the one it cannot predict. */
  readonly notModelled?: string;
}

export interface ModelClock extends Clock {
  /** A case waits: the time passes at once. */
  wait(ms: number): void;
}

/** What answers the model's requests, and keeps them. */
export interface ModelServer {
  /** Index of the step that begins. Its exchanges are gathered anew. */
  begin(step: number): void;
  readonly exchanges: readonly Exchange[];
  /** Why the last step cannot be answered as a real server would. */
  readonly notModelled?: string | undefined;
}

/**
 * Yields each request that the model sends, is resumed with its reply, and returns what was observed.
 * @throws ScriptError if the case itself cannot be bound
 */
export function* modelSteps(
  scene: BoundCase,
  server: ModelServer,
  clock: ModelClock,
  agent: UserAgent,
): Generator<WireSend, ModelObserved, WireReply> {
  const began = clock.now();
  const steps: StepObservation[] = [];
  const predictions: ModelStep[] = [];
  const done = (notModelled?: string): ModelObserved => ({
    scene,
    observation: { steps, durationMs: clock.now() - began },
    predictions,
    ...(notModelled !== undefined && { notModelled }),
  });
  for (const [index, step] of scene.case.steps.entries()) {
    if ('wait' in step) {
      clock.wait(step.wait);
      continue;
    }
    const bound = forModel(scene, step);
    if (!bound.request) return done(bound.notModelled);
    const started = clock.now();
    server.begin(index);
    const prediction = yield* predicting(bound.request, clock, agent);
    const reason = prediction.notModelled ?? server.notModelled ?? readsOf(step, prediction);
    if (reason !== undefined) return done(reason);
    predictions.push({ step: index, prediction });
    const report = reportOf(prediction.script, step.request.api ?? 'fetch', clock.now() - started);
    const result = resultOf(step, prediction);
    const unloads = realmOf(scene.case, step) === 'unloading-frame';
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

/** What script is to find out of a response that it read: its headers are immutable; its body may be null. */
function resultOf({ request }: RequestStep, { script }: Prediction): string | undefined {
  if (request.reads === 'body' && script.settled === 'resolved') return script.nullBody ? 'null' : 'stream';
  return request.reads === 'write-headers' && script.settled === 'resolved' ? 'TypeError' : undefined;
}

/** The Cache API refuses some responses: what script sees then is not the fetch's doing. */
function readsOf({ request }: RequestStep, { wire, script }: Prediction): string | undefined {
  if (request.reads !== 'cache-api' || script.settled !== 'resolved') return undefined;
  return script.status === 206 || wire.length === 0 ? 'the Cache API refuses this response' : undefined;
}
