/** For tests: does a process still run, and has it ended soon after it should have? */
import { readFileSync } from 'node:fs';

/**
 * A process that has ended stays in the table of processes until its parent takes note (a "zombie"). Where the parent
 * ended first, that is init, which may take its time, and in some containers never does.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // Gone in between; or a system without /proc, on which the signal told.
    return process.platform !== 'linux';
  }
}

/** Waits up to `limitMs` for the end of all of them. @returns whether none runs any more */
export async function haveEnded(pids: readonly number[], limitMs = 5_000): Promise<boolean> {
  const start = Date.now();
  while (pids.some(isRunning)) {
    if (Date.now() - start > limitMs) return false;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return true;
}
