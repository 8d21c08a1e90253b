/** The trace: every step that was taken, in order. */
import { NOTES, PASSES, STOPS, type StepText } from './steps.ts';
import type { TraceStep } from './types.ts';

/** A step as it is taken: the words for it are left for later. */
interface Taken {
  readonly result: TraceStep['result'];
  readonly id: string;
  readonly data: readonly unknown[];
}

type Say = (...data: never[]) => StepText;

const SAYINGS: Readonly<Record<TraceStep['result'], Readonly<Record<string, Say>>>> = {
  pass: PASSES,
  stop: STOPS,
  note: NOTES,
};

const NO_VALUES = Object.freeze({});

/** Costs little to write, since most traces are never read. What it is given must not change afterwards. */
export class Trace {
  readonly #taken: Taken[] = [];

  /** A step that lets the request go on. */
  pass<Id extends keyof typeof PASSES>(id: Id, ...data: Parameters<(typeof PASSES)[Id]>): void {
    this.#taken.push({ result: 'pass', id, data });
  }

  /** The step that ended it. */
  stop<Id extends keyof typeof STOPS>(id: Id, ...data: Parameters<(typeof STOPS)[Id]>): void {
    this.#taken.push({ result: 'stop', id, data });
  }

  /** Something that happened, and decided nothing by itself. */
  note<Id extends keyof typeof NOTES>(id: Id, ...data: Parameters<(typeof NOTES)[Id]>): void {
    this.#taken.push({ result: 'note', id, data });
  }

  /** The steps so far, in words. */
  read(): TraceStep[] {
    return this.#taken.map(({ result, id, data }) => {
      const say = SAYINGS[result][id] as Say;
      const { section, text, values = NO_VALUES } = say(...(data as never[]));
      return { id, section, text, values, result };
    });
  }
}
