/** What one run of a case showed: the page's own account and the servers' log, step by step. */
import type { WireSend } from '../standard/types.ts';
import type { Exchange } from '../wire/exchange.ts';

/** What script in the page saw of one request. Plain JSON: it crosses a WebSocket. */
export interface ScriptReport {
  /** `threw`: the call itself threw. `unsettled`: nothing was heard before the step's deadline. */
  readonly settled: 'resolved' | 'rejected' | 'threw' | 'unsettled';
  readonly type?: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly url?: string;
  readonly redirected?: boolean;
  /** Header pairs in the order and form in which the API shows them. */
  readonly headers?: readonly (readonly [string, string])[];
  /** At most 65,536 characters. */
  readonly body?: string;
  /** Name of the error that reading the body ended in. */
  readonly bodyError?: string;
  readonly error?: { readonly name: string; readonly message: string };
  /** XHR events in order. */
  readonly events?: readonly string[];
  /** What an element or another API reported. */
  readonly result?: string;
  /** Milliseconds the request took, by the page's clock. */
  readonly durationMs: number;
}

export interface StepObservation {
  /** Index into the case's steps. */
  readonly step: number;
  readonly script: ScriptReport;
  readonly exchanges: readonly Exchange[];
}

/** What a model predicts of one step: what would be observed, and what it sends. */
export interface PredictedStep extends StepObservation {
  readonly wire: readonly WireSend[];
}

export interface Observation {
  readonly steps: readonly StepObservation[];
  readonly durationMs: number;
}
