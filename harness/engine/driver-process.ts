/** A WebDriver server of our own: started, waited for, ended. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, endWords } from '../process/child.ts';
import type { ProcessTree } from '../process/tree.ts';

/** A WebDriver server that listens. */
export interface DriverProcess {
  readonly url: string;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Ends it. */
  stop(): Promise<void>;
}

export interface DriverOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  readonly timeoutMs: number;
}

const POLL_MS = 20;

/**
 * Starts a WebDriver server in a process tree and waits until it answers.
 * @returns in words what went wrong, if it does not answer within `timeoutMs`
 */
export async function startDriverProcess(
  tree: ProcessTree,
  { executable, args, env, port, timeoutMs }: DriverOptions,
): Promise<DriverProcess | string> {
  let child: Child;
  try {
    child = await tree.start([executable, ...args], { env, output: 'ignore' });
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
  const problem = await waitForAnswer(child, port, timeoutMs);
  if (problem === undefined)
    return { url: `http://127.0.0.1:${port}`, ended: child.ended, stop: () => stop(child) };
  await stop(child);
  return problem;
}

/** @returns in words what went wrong, undefined once it answers */
export async function waitForAnswer(
  child: Pick<Child, 'running' | 'ended'>,
  port: number,
  timeoutMs: number,
): Promise<string | undefined> {
  const end = child.ended.then(how => `${endWords(how)} before it was ready`);
  const start = performance.now();
  while (child.running) {
    const left = timeoutMs - (performance.now() - start);
    if (left <= 0) return `was not ready within ${timeoutMs / 1000} s`;
    try {
      await fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(Math.ceil(left)) });
      // Another program may have taken the port.
      if (child.running) return undefined;
    } catch {
      await sleep(POLL_MS);
    }
  }
  return end;
}

async function stop(child: Child): Promise<void> {
  if (child.running) child.signal('SIGKILL');
  await child.ended;
}
