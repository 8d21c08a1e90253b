/** Failures that are not the case's own. */
import { TimeLimitError, within } from '../engine/within.ts';

/**
 * Why there is no page. `refused`: the engine does not open one on that origin, although it opens others meanwhile.
 * `late`: it was not there in time, and nothing says that the engine would not have opened it.
 */
export type NoPage = 'refused' | 'late';

interface LabErrorOptions {
  readonly underWay?: boolean;
  readonly noPage?: NoPage;
}

/** The engine or the harness failed, not the case. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** True if a request of the case was under way, so that the case may be what the failure is about. */
  readonly underWay: boolean;
  /** Set if a page of the case could not be opened. */
  readonly noPage: NoPage | null;
  /** When it happened, in milliseconds on this process's clock: a page that was prepared fails before its case begins. */
  readonly at = performance.now();

  constructor(message: string, { underWay = false, noPage }: LabErrorOptions = {}) {
    super(message.split('\n', 1)[0]);
    this.underWay = underWay;
    this.noPage = noPage ?? null;
  }
}

/** What the engine itself does, without a page. @throws LabError */
export async function byEngine<T>(work: T | Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new LabError(messageOf(error));
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws LabError that says what did not happen within `ms` milliseconds; what the work itself throws */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  try {
    return await within(work, ms, what);
  } catch (error) {
    throw error instanceof TimeLimitError ? new LabError(error.message) : error;
  }
}
