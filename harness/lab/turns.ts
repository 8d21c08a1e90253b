/** Who may use an engine when: a limited number of turns, given out first come, first served. */

export interface TurnOptions {
  /** Takes all turns: nothing else runs at the same time. */
  readonly exclusive?: boolean;
  /** Goes before those that have not begun, because it continues something that has. */
  readonly next?: boolean;
  /**
   * Milliseconds after which the turn is given to others although the work goes on, so that one slow request does not
   * hold up the rest. Never, if omitted.
   */
  readonly shareAfterMs?: number;
}

export class Turns {
  readonly #count: number;
  #free: number;
  readonly #queue: { readonly wanted: number; begin(): void }[] = [];

  /** @param count how many pieces of work run at a time */
  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /** Waits for a turn, and does the work in it. @throws what the work throws */
  async take<T>(work: () => Promise<T>, options: TurnOptions = {}): Promise<T> {
    const { exclusive = false, next = false, shareAfterMs } = options;
    const wanted = exclusive ? this.#count : 1;
    await new Promise<void>(begin => {
      if (next) this.#queue.unshift({ wanted, begin });
      else this.#queue.push({ wanted, begin });
      this.#admit();
    });
    let held = true;
    const giveBack = () => {
      if (!held) return;
      held = false;
      this.#free += wanted;
      this.#admit();
    };
    const timer = shareAfterMs === undefined ? undefined : setTimeout(giveBack, shareAfterMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      giveBack();
    }
  }

  /** Lets those at the head of the queue begin, as far as there is room. */
  #admit(): void {
    for (let head = this.#queue[0]; head && head.wanted <= this.#free; head = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= head.wanted;
      head.begin();
    }
  }
}
