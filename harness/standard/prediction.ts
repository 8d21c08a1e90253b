/** What a run comes to. */
import type { Trace } from './trace.ts';
import type { Prediction, ScriptView, TraceStep, WireSend } from './types.ts';

/** A prediction whose trace is put into words when somebody reads it. */
export class LazyPrediction implements Prediction {
  readonly wire: readonly WireSend[];
  readonly script: ScriptView;
  readonly notModelled?: string;
  readonly #taken: Trace;
  #trace: readonly TraceStep[] | undefined;

  constructor(wire: readonly WireSend[], script: ScriptView, taken: Trace, notModelled?: string) {
    this.wire = wire;
    this.script = script;
    this.#taken = taken;
    if (notModelled !== undefined) this.notModelled = notModelled;
  }

  get trace(): readonly TraceStep[] {
    this.#trace ??= this.#taken.read();
    return this.#trace;
  }
}
