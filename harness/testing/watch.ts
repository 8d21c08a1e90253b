/** Changes of source files, told in batches. */

import { watch } from 'node:fs';
import { sep } from 'node:path';

const OURS = /^(?:harness|suites|reports|fixtures|fuzz|bench|docs|examples)\/.*\.(?:m?ts|json|py|md)$/;
/** Editors write a file in several steps. */
const QUIET_MS = 150;

/**
 * Gives the paths (relative to `root`, with forward slashes) that changed since the last batch, until the signal.
 * What changes while the caller works comes with the next batch.
 */
export async function* watchSources(root: string, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  const watcher = watch(root, { recursive: true, signal }, (_event, name) => {
    const path = name?.split(sep).join('/') ?? '';
    if (!OURS.test(path) || path.includes('node_modules/')) return;
    changed.add(path);
    wake();
  });
  const stop = () => wake();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      if (changed.size === 0) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      await new Promise(resolve => setTimeout(resolve, QUIET_MS));
      if (signal.aborted) return;
      const batch = [...changed];
      changed.clear();
      yield batch;
    }
  } finally {
    watcher.close();
    signal.removeEventListener('abort', stop);
  }
}
