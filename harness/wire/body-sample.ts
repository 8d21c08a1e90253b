/** What is kept of a body that passes by. */
import { KEPT_BODY_BYTES } from './exchange.ts';

/** Counts a body's bytes and keeps the first of them. */
export class BodySample {
  #bytes = 0;
  #kept = '';

  /** How many bytes there were so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first of them, isomorphic. */
  get kept(): string {
    return this.#kept;
  }

  add(content: Buffer): void {
    const room = KEPT_BODY_BYTES - this.#bytes;
    if (room > 0) this.#kept += content.toString('latin1', 0, room);
    this.#bytes += content.length;
  }

  /** As an exchange records it. */
  toWire(): { bodyBytes: number; body?: string } {
    return this.#bytes === 0 ? { bodyBytes: 0 } : { bodyBytes: this.#bytes, body: this.#kept };
  }
}
