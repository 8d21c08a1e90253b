/** Reads HTTP/1.1 requests from a connection, raw: every header line in its own case and order. */
import type { HeaderLine } from './exchange.ts';
import { trimBlanks } from './http1.ts';

export interface RequestHead {
  readonly method: string;
  /** The request target as it stood on the request line. */
  readonly target: string;
  readonly headers: readonly HeaderLine[];
}

export interface RawRequest extends RequestHead {
  readonly body: Buffer;
  readonly bodyBytes: number;
}

const MAX_HEAD = 256 * 1024;
const KEPT_BODY = 4096;

export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** Splits header lines; leading and trailing spaces and tabs of a value are dropped (RFC 9112, section 5.1). */
export function parseHeaderLines(lines: readonly string[]): HeaderLine[] {
  return lines.map(line => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new BadRequest(`not a header line: ${JSON.stringify(line.slice(0, 80))}`);
    return [line.slice(0, colon), trimBlanks(line.slice(colon + 1))];
  });
}

/** @throws BadRequest where the bytes are no request head */
export function parseRequestHead(head: string): RequestHead {
  const [first = '', ...lines] = head.split('\r\n');
  const match = /^([^ ]+) ([^ ]+) HTTP\/1\.[01]$/.exec(first);
  if (!match) throw new BadRequest(`not a request line: ${JSON.stringify(first.slice(0, 80))}`);
  return { method: match[1] as string, target: match[2] as string, headers: parseHeaderLines(lines) };
}

/**
 * Collects bytes and gives out whole requests. Feed it with push(); take() returns the next complete request, or
 * null while bytes are missing. Bodies are counted; only their first 4096 bytes are kept.
 */
export class RequestReader {
  #buffer: Buffer = Buffer.alloc(0);
  #head: RequestHead | null = null;
  #chunked = false;
  #missing = 0;
  #kept: Buffer[] = [];
  #bodyBytes = 0;

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
  }

  /** The head of the next request as soon as it is complete, without taking it. @throws BadRequest */
  peek(): RequestHead | null {
    if (this.#head) return this.#head;
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#buffer.length > MAX_HEAD) throw new BadRequest(`the request head exceeds ${MAX_HEAD} bytes`);
      return null;
    }
    return parseRequestHead(this.#buffer.toString('latin1', 0, end));
  }

  /** Every byte not yet consumed, the head that peek() showed included. */
  rest(): Buffer {
    return this.#buffer;
  }

  /** @throws BadRequest */
  take(): RawRequest | null {
    if (!this.#head) {
      const head = this.peek();
      if (!head) return null;
      this.#buffer = this.#buffer.subarray(this.#buffer.indexOf('\r\n\r\n') + 4);
      this.#head = head;
      const value = (name: string) => head.headers.find(([n]) => n.toLowerCase() === name)?.[1];
      this.#chunked = /chunked\s*$/i.test(value('transfer-encoding') ?? '');
      this.#missing = this.#chunked ? 0 : Number(value('content-length') ?? 0);
      this.#kept = [];
      this.#bodyBytes = 0;
    }
    if (!(this.#chunked ? this.#takeChunks() : this.#takeCounted())) return null;
    const request = {
      ...this.#head,
      body: Buffer.concat(this.#kept).subarray(0, KEPT_BODY),
      bodyBytes: this.#bodyBytes,
    };
    this.#head = null;
    return request;
  }

  #keep(bytes: Buffer): void {
    if (this.#bodyBytes < KEPT_BODY) this.#kept.push(Buffer.from(bytes.subarray(0, KEPT_BODY)));
    this.#bodyBytes += bytes.length;
  }

  #takeCounted(): boolean {
    const part = this.#buffer.subarray(0, this.#missing);
    this.#keep(part);
    this.#buffer = this.#buffer.subarray(part.length);
    this.#missing -= part.length;
    return this.#missing === 0;
  }

  #takeChunks(): boolean {
    for (;;) {
      const eol = this.#buffer.indexOf('\r\n');
      if (eol < 0) return false;
      const size = Number.parseInt(this.#buffer.toString('latin1', 0, eol), 16);
      if (Number.isNaN(size)) throw new BadRequest('not a chunk size');
      if (this.#buffer.length < eol + 2 + size + 2) return false;
      this.#keep(this.#buffer.subarray(eol + 2, eol + 2 + size));
      this.#buffer = this.#buffer.subarray(eol + 2 + size + 2);
      if (size === 0) return true;
    }
  }
}
