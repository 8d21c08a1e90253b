/**
 * Notices that Playwright has interrupted a test. Playwright ends what is under way then, but what it does between two
 * things whose time it limits (such as emptying a folder before a test) goes on as if nothing had come, and so would
 * the whole of the test after it.
 */
import type { TestInfo } from '@playwright/test';
import { RunEnded } from '../run/run-ended.ts';

const LOOK_MS = 200;

/**
 * Runs work that ends when it is done or when its test has been interrupted.
 * @param work gets a function that waits for a promise as long as the test has not been interrupted, and throws RunEnded
 *   if it has been
 * @throws what work throws
 */
export async function unlessInterrupted<T>(
  testInfo: Pick<TestInfo, 'status'>,
  work: (wait: <V>(promise: Promise<V>) => Promise<V>) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    const look = () => {
      if (testInfo.status === 'interrupted') reject(new RunEnded('the run was interrupted'));
    };
    timer = setInterval(look, LOOK_MS);
  });
  interrupted.catch(() => undefined);
  try {
    return await work(promise => Promise.race([interrupted, promise]));
  } finally {
    clearInterval(timer);
  }
}
