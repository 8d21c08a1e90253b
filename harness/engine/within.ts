/** Waiting, but not for ever. */

/**
 * @param ms milliseconds
 * @param what said of a promise that takes longer, for example "the page did not close"
 * @throws Error "<what> within <ms> ms", or what the promise rejects with
 */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
