/**
 * When to stop asking what does not answer. Each resource is given up for itself: a hung route says nothing about the
 * others. Once several have been given up, one silent request is enough for the next; a server that has answered nothing
 * at all is given up as a whole.
 */

/** After as many requests in a row without an answer in time, a resource is asked once more, and then no more. */
const PATIENCE = 3;
/** As many resources have been given up before the patience ends. */
const MANY = 3;

interface Asked {
  silent: number;
  /** The one request more is under way, or has been silent too. */
  askedAgain: boolean;
}

export class Silence {
  readonly #resources = new Map<string, Asked>();
  #givenUp = 0;
  #answered = false;
  #silent = 0;

  /** How many requests were silent, if the resource is not to be asked again; 0 if it may be asked. */
  ask(resource: string): number {
    const asked = this.#of(resource);
    if (!this.#answered && this.#silent > PATIENCE) return this.#silent;
    if (asked.silent < (this.#givenUp >= MANY ? 1 : PATIENCE)) return 0;
    if (asked.askedAgain) return asked.silent;
    asked.askedAgain = true;
    return 0;
  }

  /** True if the resource is not to be asked again. */
  hasGivenUp(resource: string): boolean {
    const asked = this.#of(resource);
    return (!this.#answered && this.#silent > PATIENCE) || (asked.askedAgain && asked.silent > 0);
  }

  /**
   * A request to the resource has ended.
   * @param silent nothing came in time, or not all of it
   * @param begun the head of an answer came
   */
  heard(resource: string, silent: boolean, begun = !silent): void {
    const asked = this.#of(resource);
    const before = asked.silent;
    if (begun) this.#answered = true;
    else this.#silent++;
    if (!silent && asked.silent >= PATIENCE) this.#givenUp--;
    asked.silent = silent ? asked.silent + 1 : 0;
    if (!silent) asked.askedAgain = false;
    else if (before < PATIENCE && asked.silent >= PATIENCE) this.#givenUp++;
  }

  #of(resource: string): Asked {
    const known = this.#resources.get(resource) ?? { silent: 0, askedAgain: false };
    this.#resources.set(resource, known);
    return known;
  }
}
