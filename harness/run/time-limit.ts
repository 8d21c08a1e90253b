/** Limits for work that may never end by itself. What is left behind ends with this process. */
import { getMaxListeners, setMaxListeners } from 'node:events';
import { TimeLimitError, within } from '../engine/within.ts';

/** Milliseconds after which whatever ends in an orderly way has ended. */
const GRACE_MS = 30_000;

/** Waits for an end, but not for ever. */
export async function atMost<T>(end: Promise<T>, ms = GRACE_MS): Promise<T | 'late'> {
  try {
    return await within(end, ms, 'it did not end');
  } catch (error) {
    if (error instanceof TimeLimitError) return 'late';
    throw error;
  }
}

/**
 * Gives work a limit of its own, by a signal; where it does not heed that either, it is not waited for.
 * @returns 'late' if the limit ended it
 * @throws the signal's reason, and what the work throws before the limit
 */
export async function withinLimit<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'late'> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('too late')), ms);
  const both = AbortSignal.any([signal, limit.signal]);
  setMaxListeners(getMaxListeners(signal), both);
  const aborted = new Promise<void>(resolve => {
    both.addEventListener('abort', () => resolve(), { once: true });
  });
  const working = work(both);
  try {
    await Promise.race([working, aborted]);
    return await (both.aborted ? atMost(working) : working);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.signal.aborted) return 'late';
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
