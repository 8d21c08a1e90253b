/** The trace: every step that was taken, in order. */
import { shorten } from './bytes.ts';
import type { SpecLink } from './spec.ts';
import type { TraceStep } from './types.ts';

type Values = Readonly<Record<string, string>>;

const NO_VALUES: Values = Object.freeze({});

export class Trace {
  readonly steps: TraceStep[] = [];

  /** A step that lets the request go on. */
  pass(id: string, section: SpecLink, text: string, values: Values = NO_VALUES): void {
    this.steps.push({ id, section, text, values, result: 'pass' });
  }

  /** The step that ended it. */
  stop(id: string, section: SpecLink, text: string, values: Values = NO_VALUES): void {
    this.steps.push({ id, section, text, values, result: 'stop' });
  }

  /** Something that happened, and decided nothing by itself. */
  note(id: string, section: SpecLink, text: string, values: Values = NO_VALUES): void {
    this.steps.push({ id, section, text, values, result: 'note' });
  }
}

/** A value from outside, for the trace: shortened, and "(absent)" for null. */
export function shown(value: string | null): string {
  return value === null ? '(absent)' : shorten(value);
}
