/** Steps that hold the thread, and those of them that are told because one would wonder what goes on. */
import { performance } from 'node:perf_hooks';
import { LONG_MS } from './waiting.ts';

/** What one step is, and how much work it is beside the others. */
export interface SlowStep {
  /** What is said of it, for example `Making report.html …`. */
  readonly title: string;
  /** In units that the steps share. */
  readonly work: number;
}

/**
 * Says what is under way if it takes longer than two seconds. A step that calls `tick` is told once it has taken that
 * long. Others cannot be interrupted: they are told before, if they will take that long at the pace of the step before.
 */
export class SlowSteps {
  readonly #say: (line: string) => void;
  readonly #now: () => number;
  #msPerUnit = 0;

  constructor(say: (line: string) => void, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  /** Takes a step. @returns what it gives. @throws what it throws */
  take<T>({ title, work }: SlowStep, step: (tick: () => void) => T): T {
    let told = false;
    const tell = () => {
      if (!told) this.#say(title);
      told = true;
    };
    if (work * this.#msPerUnit > LONG_MS) tell();
    const began = this.#now();
    const made = step(() => {
      if (this.#now() - began > LONG_MS) tell();
    });
    this.#msPerUnit = (this.#now() - began) / work;
    return made;
  }
}
