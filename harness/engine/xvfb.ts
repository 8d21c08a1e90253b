/** A display for browsers that need one. */

import type { Child } from '../process/child.ts';
import { waitForOutput } from '../process/output.ts';
import type { ProcessTree } from '../process/tree.ts';

/** A running virtual X display; it ends with its process tree. */
export interface Display {
  /** For example ":7". */
  readonly name: string;
  readonly process: Child;
}

/**
 * Starts Xvfb on a display number that it finds free itself (`-displayfd`), so that two runs at once never meet.
 * @param executable path of Xvfb
 * @param timeoutMs milliseconds until it must be ready
 * @throws Error if it cannot be started or is not ready in time
 */
export async function startXvfb(executable: string, tree: ProcessTree, timeoutMs: number): Promise<Display> {
  const child = await tree.start(
    [executable, '-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x1024x24'],
    { extraPipe: true },
  );
  const number = await waitForOutput(child, { stream: child.extra, pattern: /^(\d+)\n/, timeoutMs });
  return { name: `:${number}`, process: child };
}
