/** Work that a signal ends in good order. */
import process from 'node:process';
import { EXIT } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs until it is done or a signal comes; then everything that was begun has been ended by the work itself.
 * @returns the exit code
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    const code = await work(interrupted.signal);
    return interrupted.signal.aborted ? EXIT.interrupted : code;
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
