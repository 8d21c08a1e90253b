/**
 * What waits begins first, in every browser: browsers that start side by side slow each other down, and the last one to
 * begin its wait decides how long all take. So none does anything else before all have come so far.
 */

/** A browser that takes longer than this to start is not waited for. */
const LONGEST_MS = 10_000;

export interface WaitsFirst {
  /** Called before what does not wait: this browser has begun what does. Resolves once every other one has, too. */
  others(name: string): Promise<void>;
  /** The browser has ended, or there is none. */
  done(name: string): void;
}

/** @param names of the browsers */
export function waitsFirst(names: readonly string[], longestMs = LONGEST_MS): WaitsFirst {
  const missing = new Set(names);
  let release: () => void = () => undefined;
  const all = new Promise<void>(resolve => {
    release = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  const done = (name: string): void => {
    missing.delete(name);
    if (missing.size > 0) return;
    clearTimeout(timer);
    release();
  };
  return {
    done,
    others(name) {
      timer ??= setTimeout(release, longestMs);
      done(name);
      return all;
    },
  };
}
