/** Waiting with a time limit. */

/** The time is over. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/**
 * @param ms milliseconds
 * @param what said of a promise that takes longer, for example "the page did not close"
 * @throws TimeLimitError "<what> within <n> s", or what the promise rejects with
 */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(`${what} within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
