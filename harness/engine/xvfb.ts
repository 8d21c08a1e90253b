/** A display of one's own for browsers that cannot do without one. */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Family } from './processes.ts';

/** A running virtual X display; it ends with its family. */
export interface Display {
  /** For example ":7". */
  readonly name: string;
  readonly process: ChildProcess;
}

/**
 * Starts Xvfb on a display number that it finds free itself (`-displayfd`), so that two runs at once never meet.
 * @param executable path of Xvfb
 * @param timeoutMs milliseconds until it must be ready
 * @throws Error when it cannot be started or is not ready in time
 */
export async function startXvfb(executable: string, family: Family, timeoutMs: number): Promise<Display> {
  const child = spawn(executable, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x1024x24'], {
    env: family.env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', chunk => {
    complaint = (complaint + chunk).slice(-2_000);
  });
  const number = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => fail(`was not ready within ${timeoutMs} ms`), timeoutMs);
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`Xvfb ${what}${complaint ? `: ${complaint.trim()}` : ''}`));
    };
    let text = '';
    (child.stdio[3] as Readable).on('data', chunk => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.once('error', error => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => fail(`ended at once (${signal ?? `exit ${code}`})`));
  });
  return { name: `:${number}`, process: child };
}
