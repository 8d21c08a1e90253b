/** Alive, gone by itself, or closed by us: the same for every engine. */
export class Lifetime {
  readonly #name: string;
  readonly #shutDown: (gone: boolean) => Promise<void>;
  readonly #listeners = new Set<(reason: string) => void>();
  #goneBecause: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @param name as messages call the browser, for example "firefox 153.0"
   * @param shutDown ends it and everything of it; is told whether the browser has already gone away
   */
  constructor(name: string, shutDown: (gone: boolean) => Promise<void>) {
    this.#name = name;
    this.#shutDown = shutDown;
  }

  get alive(): boolean {
    return !this.#closing && this.#goneBecause === undefined;
  }

  /** @throws Error that says why there is no browser any more */
  assertAlive(): void {
    if (!this.alive) throw new Error(this.#goneBecause ?? `${this.#name} has been closed`);
  }

  /** Closing what a dead browser took with it has already happened: only a living one may fail at it. */
  async quietly(closing: Promise<unknown>): Promise<void> {
    try {
      await closing;
    } catch (error) {
      if (this.alive) throw error;
    }
  }

  /** Calls back once when the browser goes away by itself, at once where it already has. */
  onGone(listener: (reason: string) => void): void {
    const reason = this.#goneBecause;
    if (reason !== undefined) queueMicrotask(() => listener(reason));
    else this.#listeners.add(listener);
  }

  /** The browser has gone away. Nothing happens where it was being closed. */
  gone(what = 'ended unexpectedly'): void {
    if (!this.alive) return;
    const reason = `${this.#name} ${what}`;
    this.#goneBecause = reason;
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
    void this.close();
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown(this.#goneBecause !== undefined);
    return this.#closing;
  }
}
