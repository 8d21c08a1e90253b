/** A turn-taking lock: so many holders at a time, first come first served. */
export class Slots {
  readonly #count: number;
  #free: number;
  readonly #queue: { readonly wanted: number; begin(): void }[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /**
   * Does work while holding a slot. A slot is handed on early when the work takes longer than `patienceMs`, so
   * that one slow request does not hold up all others; never, where that is infinite. What is `ahead` does not
   * queue behind what has not begun: it goes on with something begun, in which time matters.
   */
  async use<T>(work: () => Promise<T>, patienceMs: number, ahead = false): Promise<T> {
    return this.#hold(1, work, patienceMs, ahead);
  }

  /** Does work while holding all slots. Nothing begins between it and what came before. */
  async useAll<T>(work: () => Promise<T>): Promise<T> {
    return this.#hold(this.#count, work, Number.POSITIVE_INFINITY, false);
  }

  async #hold<T>(wanted: number, work: () => Promise<T>, patienceMs: number, ahead: boolean): Promise<T> {
    await new Promise<void>(begin => {
      if (ahead) this.#queue.unshift({ wanted, begin });
      else this.#queue.push({ wanted, begin });
      this.#next();
    });
    let held = true;
    const handOn = () => {
      if (!held) return;
      held = false;
      this.#free += wanted;
      this.#next();
    };
    const timer = Number.isFinite(patienceMs) ? setTimeout(handOn, patienceMs) : undefined;
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      handOn();
    }
  }

  /** Lets those at the head of the queue begin for whom there is room. */
  #next(): void {
    for (let head = this.#queue[0]; head && head.wanted <= this.#free; head = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= head.wanted;
      head.begin();
    }
  }
}
