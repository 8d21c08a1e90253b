/** A WebDriver server of our own: started, waited for, ended. */

import { type ChildProcess, spawn } from 'node:child_process';

/** A WebDriver server that listens. */
export interface DriverProcess {
  readonly url: string;
  /** Ends it and what it started. */
  stop(): Promise<void>;
}

/**
 * Starts a WebDriver server, in a process group of its own, and waits until it answers.
 * @returns in words what went wrong, where it does not answer within `timeoutMs`
 */
export async function startDriverProcess(
  executable: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
  timeoutMs: number,
): Promise<DriverProcess | string> {
  const child = spawn(executable, [...args], { env: { ...env }, detached: true, stdio: 'ignore' });
  const trouble = await waitForAnswer(child, port, timeoutMs);
  if (trouble === undefined) return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
  await stop(child);
  return trouble;
}

async function waitForAnswer(
  child: ChildProcess,
  port: number,
  timeoutMs: number,
): Promise<string | undefined> {
  let ended: string | undefined;
  child.once('error', error => {
    ended = `could not be started: ${error.message}`;
  });
  child.once('exit', (code, signal) => {
    ended = `ended at once (${signal ?? `exit ${code}`})`;
  });
  const start = Date.now();
  while (ended === undefined) {
    const left = timeoutMs - (Date.now() - start);
    if (left <= 0) return `was not ready within ${timeoutMs} ms`;
    try {
      await fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(left) });
      return ended;
    } catch {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
  return ended;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    return;
  }
  await exited;
}
