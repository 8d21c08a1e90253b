/** Where the body of an HTTP/1.1 message ends (RFC 9112 §6 and §7), followed incrementally over raw bytes. */
import type { HeaderLine } from './exchange.ts';
import { headerValues } from './exchange.ts';
import type { RequestHead, ResponseHead } from './http1.ts';
import { HeadReader, Http1Error, MAX_HEAD_BYTES, parseHeaderLines, trimBlanks } from './http1.ts';

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

/**
 * The one number on which all Content-Length lines agree; null if there is no line, or one that is no number.
 * @throws Http1Error `bad-content-length` if they differ
 */
function contentLength(headers: readonly HeaderLine[]): { readonly bytes: number | null } | null {
  const values = headerValues(headers, 'content-length').flatMap(v => v.split(',').map(trimBlanks));
  const [first] = values;
  if (first === undefined) return null;
  if (values.some(v => v !== first)) throw new Http1Error('bad-content-length');
  const bytes = Number(first);
  return { bytes: /^\d+$/.test(first) && Number.isSafeInteger(bytes) ? bytes : null };
}

function transferCodings(headers: readonly HeaderLine[]): string[] {
  return headerValues(headers, 'transfer-encoding')
    .flatMap(v => v.split(','))
    .map(v => trimBlanks(v).toLowerCase())
    .filter(v => v !== '');
}

/**
 * How long a request's body is (RFC 9112 §6.3). What two readers could understand differently is refused.
 * @throws Http1Error `length-and-chunked`, `unknown-transfer-coding`, `bad-content-length`
 */
export function requestFraming(head: RequestHead): Framing {
  const given = contentLength(head.headers);
  if (given?.bytes === null) throw new Http1Error('bad-content-length');
  const length = given?.bytes ?? null;
  const hasCodingLine = headerValues(head.headers, 'transfer-encoding').length > 0;
  if (hasCodingLine) {
    if (length !== null) throw new Http1Error('length-and-chunked');
    const codings = transferCodings(head.headers);
    if (codings.length !== 1 || codings[0] !== 'chunked') throw new Http1Error('unknown-transfer-coding');
    return { kind: 'chunked' };
  }
  return length === null || length === 0 ? { kind: 'none' } : { kind: 'length', bytes: length };
}

/**
 * How long a final response's body is (RFC 9112 §6.3), as browsers read it: chunked wins over a length, another
 * transfer coding means nothing, nor does any in HTTP/1.0, and a length that is no number is not there.
 * @param method of the request that is answered
 * @throws Http1Error `bad-content-length` if there are different lengths
 */
export function responseFraming(head: ResponseHead, method: string): Framing {
  const { status } = head;
  if (method === 'HEAD' || isInterim(status) || status === 204 || status === 304) return { kind: 'none' };
  if (method === 'CONNECT' && status < 300) return { kind: 'none' };
  const codings = head.version > 10 ? transferCodings(head.headers) : [];
  if (codings.at(-1) === 'chunked') return { kind: 'chunked' };
  const length = contentLength(head.headers)?.bytes ?? null;
  if (length === null) return { kind: 'until-close' };
  return length === 0 ? { kind: 'none' } : { kind: 'length', bytes: length };
}

/** A status of 1xx; below are numbers that are no status, and that most browsers take for final. */
export const isInterim = (status: number): boolean => status >= 100 && status < 200;

const MAX_CHUNK_LINE = 16 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Follows one body through its bytes, without keeping them. */
export class BodyReader {
  readonly #framing: Framing;
  readonly #onContent: (content: Buffer) => void;
  readonly #maxTrailerBytes: number;
  /** For chunked: what comes next. */
  #at: 'size' | 'content' | 'content-end' | 'trailers' = 'size';
  #left = 0;
  #line = '';
  #trailerReader: HeadReader | null = null;
  #done = false;
  #trailers: readonly HeaderLine[] = [];

  /** @param onContent called with each piece of content, without the chunks' framing; a view, to be copied if kept */
  constructor(
    framing: Framing,
    onContent: (content: Buffer) => void,
    maxTrailerBytes: number = MAX_HEAD_BYTES,
  ) {
    this.#framing = framing;
    this.#onContent = onContent;
    this.#maxTrailerBytes = maxTrailerBytes;
    if (framing.kind === 'none') this.#done = true;
    if (framing.kind === 'length') this.#left = framing.bytes;
  }

  /** The body has ended by its own account. */
  get done(): boolean {
    return this.#done;
  }

  /** The trailer lines of a chunked body, once it is done. */
  get trailers(): readonly HeaderLine[] {
    return this.#trailers;
  }

  /**
   * Follows the body through a chunk of bytes.
   * @returns how many of the bytes belong to the body
   * @throws Http1Error `bad-chunk-size`, `bad-chunk-end`, `head-too-large` (trailers)
   */
  push(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && !this.#done) {
      at +=
        this.#framing.kind === 'chunked'
          ? this.#chunked(bytes.subarray(at))
          : this.#plain(bytes.subarray(at));
    }
    return at;
  }

  /** The stream ended: true where that ends the body properly. */
  finish(): boolean {
    if (this.#framing.kind === 'until-close') this.#done = true;
    return this.#done;
  }

  #plain(bytes: Buffer): number {
    if (this.#framing.kind !== 'length') {
      this.#onContent(bytes);
      return bytes.length;
    }
    return this.#content(bytes, () => {
      this.#done = true;
    });
  }

  #content(bytes: Buffer, ended: () => void): number {
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= part.length;
    this.#onContent(part);
    if (this.#left === 0) ended();
    return part.length;
  }

  #chunked(bytes: Buffer): number {
    switch (this.#at) {
      case 'size':
        return this.#sizeLine(bytes);
      case 'content':
        return this.#content(bytes, () => {
          this.#at = 'content-end';
          this.#line = '';
        });
      case 'content-end':
        return this.#contentEnd(bytes);
      case 'trailers':
        return this.#trailerLines(bytes);
    }
  }

  #sizeLine(bytes: Buffer): number {
    const lf = bytes.indexOf(LF);
    this.#line += bytes.toString('latin1', 0, lf < 0 ? bytes.length : lf);
    if (this.#line.length > MAX_CHUNK_LINE) throw new Http1Error('bad-chunk-size');
    if (lf < 0) return bytes.length;
    const [, digits] = /^([0-9A-Fa-f]+)[ \t]*(?:;.*)?\r?$/s.exec(this.#line) ?? [];
    const size = Number.parseInt(digits ?? '', 16);
    if (!Number.isSafeInteger(size)) throw new Http1Error('bad-chunk-size');
    this.#line = '';
    this.#left = size;
    this.#at = size === 0 ? 'trailers' : 'content';
    return lf + 1;
  }

  #contentEnd(bytes: Buffer): number {
    if (bytes[0] === LF) {
      this.#at = 'size';
      this.#line = '';
      return 1;
    }
    if (bytes[0] !== CR || this.#line !== '') throw new Http1Error('bad-chunk-end');
    this.#line = '\r';
    return 1;
  }

  #trailerLines(bytes: Buffer): number {
    // The section may be just its empty line; a head reader would take that for an empty line before a start line.
    if (this.#trailerReader === null) {
      if (bytes[0] === CR && this.#line === '') {
        this.#line = '\r';
        return 1;
      }
      if (bytes[0] === LF) {
        this.#done = true;
        return 1;
      }
      this.#trailerReader = new HeadReader(this.#maxTrailerBytes);
    }
    const { consumed, raw } = this.#trailerReader.push(bytes);
    if (raw !== null) {
      this.#trailers = parseHeaderLines(raw.toString('latin1')).headers;
      this.#done = true;
    }
    return consumed;
  }
}
