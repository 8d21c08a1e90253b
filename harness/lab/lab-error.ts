/** Trouble that is not the case's own. */

/** The engine or the harness failed, not the case. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** True where the case was in the engine's hands at that moment, not waiting for its turn or for time to pass. */
  readonly inHand: boolean;
  /** True where the engine opened no page on the origin that the case asks for. */
  readonly noPage: boolean;
  /** When it happened, in milliseconds on this process's clock: a page that was prepared fails before its case begins. */
  readonly at = performance.now();

  constructor(message: string, { inHand = false, noPage = false } = {}) {
    super(message.split('\n', 1)[0]);
    this.inHand = inHand;
    this.noPage = noPage;
  }
}

/** What the engine was asked for, beside any page. @throws LabError */
export async function asked<T>(work: T | Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new LabError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws LabError that says what did not come about within `ms` milliseconds */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LabError(`${what} within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
