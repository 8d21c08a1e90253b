/** A turn-taking lock: one holder at a time, first come first served. */
export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Does work while holding a slot. A slot is handed on early when the work takes longer than `patienceMs`, so
   * that one slow request does not hold up all others; never, where that is infinite. What is `ahead` does not
   * queue behind what has not begun: it goes on with something begun, in which time matters.
   */
  async use<T>(work: () => Promise<T>, patienceMs: number, ahead = false): Promise<T> {
    if (this.#free > 0) this.#free--;
    else
      await new Promise<void>(resolve => (ahead ? this.#queue.unshift(resolve) : this.#queue.push(resolve)));
    let held = true;
    const handOn = () => {
      if (!held) return;
      held = false;
      const next = this.#queue.shift();
      if (next) next();
      else this.#free++;
    };
    const timer = Number.isFinite(patienceMs) ? setTimeout(handOn, patienceMs) : undefined;
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      handOn();
    }
  }
}
