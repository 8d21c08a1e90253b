/** What goes between an engine that is a DOM library and its process: one line of JSON each. */
import type { Ability } from '../case/abilities.ts';

export type DomOrder =
  | { readonly id: number; readonly do: 'open'; readonly url: string; readonly context: number }
  | { readonly id: number; readonly do: 'close'; readonly page: number }
  | { readonly id: number; readonly do: 'leave'; readonly context: number };

/** The first line: the library is loaded. */
export interface DomReady {
  readonly version: string;
  readonly lacks: readonly Ability[];
}

/** An order is carried out, or why not. */
export interface DomAnswer {
  readonly id: number;
  readonly error?: string;
}
