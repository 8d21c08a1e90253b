/** Whole HTTP/1.1 requests off one connection, raw: every header line in its own case and order. */
import { BodySample } from './body-sample.ts';
import { BodyReader, requestFraming } from './framing.ts';
import { HeadReader, MAX_HEAD_BYTES, parseRequestHead, type RequestHead } from './http1.ts';

export interface RawRequest extends RequestHead {
  readonly bodyBytes: number;
  /** The first bytes of the body, isomorphic; at most 4096 are kept. */
  readonly body: string;
}

/**
 * Collects bytes and gives out whole requests. Feed it with push(); take() returns the next complete request, or
 * null while bytes are missing. After an error nothing more can be read.
 */
export class RequestReader {
  readonly #heads: HeadReader;
  #unread: Buffer[] = [];
  #head: RequestHead | null = null;
  /** The body of that head, once take() has begun to read it. */
  #body: { readonly reader: BodyReader; readonly sample: BodySample } | null = null;

  /** @param maxHeadBytes the largest head that is accepted */
  constructor(maxHeadBytes: number = MAX_HEAD_BYTES) {
    this.#heads = new HeadReader(maxHeadBytes);
  }

  push(chunk: Buffer): void {
    this.#unread.push(chunk);
  }

  /**
   * The head of the next request as soon as it is complete, without taking it.
   * @throws Http1Error `head-too-large`, `bad-request-line`
   */
  peek(): RequestHead | null {
    while (this.#head === null) {
      const chunk = this.#unread.shift();
      if (chunk === undefined) return null;
      const { consumed, raw } = this.#heads.push(chunk);
      this.#putBack(chunk.subarray(consumed));
      if (raw !== null) this.#head = parseRequestHead(raw);
    }
    return this.#head;
  }

  /** Every byte that no taken request has consumed, the head that peek() showed included. */
  rest(): Buffer {
    const peeked = this.#head !== null && this.#body === null ? [this.#head.raw] : [];
    return Buffer.concat([...peeked, this.#heads.held, ...this.#unread]);
  }

  /** @throws Http1Error where the head or the body is malformed, or two readers could frame it differently */
  take(): RawRequest | null {
    const head = this.peek();
    if (head === null) return null;
    const { reader, sample } = this.#bodyOf(head);
    while (!reader.done) {
      const chunk = this.#unread.shift();
      if (chunk === undefined) return null;
      this.#putBack(chunk.subarray(reader.push(chunk)));
    }
    this.#head = null;
    this.#body = null;
    return { ...head, bodyBytes: sample.bytes, body: sample.kept };
  }

  #bodyOf(head: RequestHead): { reader: BodyReader; sample: BodySample } {
    if (this.#body === null) {
      const sample = new BodySample();
      const reader = new BodyReader(requestFraming(head), content => sample.add(content));
      this.#body = { reader, sample };
    }
    return this.#body;
  }

  #putBack(chunk: Buffer): void {
    if (chunk.length > 0) this.#unread.unshift(chunk);
  }
}
