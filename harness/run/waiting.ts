/** Says what is waited for, if it takes so long that one wonders. */

/** Milliseconds after which one wonders. */
export const LONG_MS = 2_000;

/**
 * @param what who is waited for
 * @param say told after two seconds; nothing is said where omitted
 * @returns what the promise gives. @throws what it throws
 */
export async function waitingFor<T>(
  what: string,
  promise: Promise<T>,
  say: ((line: string) => void) | undefined,
): Promise<T> {
  const timer = say && setTimeout(() => say(`Waiting for ${what} …`), LONG_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
