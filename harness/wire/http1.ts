/**
 * Heads of HTTP/1.1 messages, read incrementally from raw bytes (RFC 9112). Nothing is normalised: header lines
 * keep their order, case, duplicates and odd bytes, and the bytes themselves stay at hand. Servers' sloppiness that
 * browsers put up with (bare LF, folded lines, lines without a colon) is read and named; the rest is given up with a
 * typed reason.
 */
import type { HeaderLine } from './exchange.ts';

/** Why bytes could not be read as HTTP/1.1. */
export type HeadFault =
  | 'head-too-large'
  | 'not-http'
  | 'bad-request-line'
  | 'bad-content-length'
  | 'length-and-chunked'
  | 'unknown-transfer-coding'
  | 'bad-chunk-size'
  | 'bad-chunk-end'
  | 'unexpected-upgrade';

const GIVE_UP_WORDS: Readonly<Record<HeadFault, string>> = {
  'head-too-large': 'the head is larger than is read',
  'not-http': 'the bytes do not start an HTTP/1 message',
  'bad-request-line': 'the request line is not of the form "method target HTTP/1.x"',
  'bad-content-length': 'the Content-Length lines do not agree on one number',
  'length-and-chunked': 'there are both Content-Length and Transfer-Encoding',
  'unknown-transfer-coding': 'the last transfer coding of the request is not chunked',
  'bad-chunk-size': 'a chunk does not start with its size in hexadecimal digits',
  'bad-chunk-end': 'a chunk is not followed by a line end',
  'unexpected-upgrade': 'the server switched protocols unasked',
};

/** The bytes are not HTTP/1.1, or nobody could tell how to read on. */
export class Http1Error extends Error {
  readonly reason: HeadFault;

  constructor(reason: HeadFault) {
    super(GIVE_UP_WORDS[reason]);
    this.name = 'Http1Error';
    this.reason = reason;
  }
}

/** What a head has that RFC 9112 forbids and browsers accept. */
export type Oddity =
  | 'empty-lines-before'
  | 'bare-lf'
  | 'folded-line'
  | 'no-colon'
  | 'space-before-colon'
  | 'leading-space';

interface Head {
  /** Every byte from the first one read to the end of the empty line. */
  readonly raw: Buffer;
  /** The first line without its line end, isomorphic. */
  readonly startLine: string;
  /** 10 for HTTP/1.0, 11 for HTTP/1.1. */
  readonly version: number;
  readonly headers: readonly HeaderLine[];
  readonly oddities: ReadonlySet<Oddity>;
}

export interface RequestHead extends Head {
  readonly method: string;
  /** The request target exactly as it was sent. */
  readonly target: string;
}

export interface ResponseHead extends Head {
  readonly status: number;
  readonly reason: string;
}

const LF = 0x0a;
const CR = 0x0d;

/** Largest head that is read, in bytes, where the caller names none. */
export const MAX_HEAD_BYTES = 1024 * 1024;

/**
 * Collects the bytes of one head. Line ends may be CRLF or LF; empty lines before the start line belong to the head's
 * bytes (RFC 9112 §2.2).
 */
export class HeadReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Where the scan stands: before the start line, inside a line, behind a LF, behind a LF and a CR. */
  #at: 'before' | 'line' | 'lf' | 'lf-cr' = 'before';

  /** @param maxBytes the largest head that is accepted */
  constructor(maxBytes: number = MAX_HEAD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes taken in so far of a head that has not ended. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Those bytes themselves. */
  get held(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /**
   * Takes in bytes up to the end of the head.
   * @returns how many bytes of the chunk belong to the head, and the head's bytes once it is whole
   * @throws Http1Error `head-too-large`
   */
  push(chunk: Buffer): { consumed: number; raw: Buffer | null } {
    const end = this.#scan(chunk);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) throw new Http1Error('head-too-large');
    this.#chunks.push(part);
    if (end < 0) return { consumed: part.length, raw: null };
    const raw = this.#chunks.length === 1 ? part : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#at = 'before';
    return { consumed: end, raw };
  }

  /** Index behind the head's last byte, or -1 where the chunk ends first. Looks at every byte once. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a scanner of bytes: its states are short and belong beside each other
  #scan(chunk: Buffer): number {
    let i = 0;
    while (i < chunk.length) {
      const byte = chunk[i];
      switch (this.#at) {
        case 'before':
          if (byte !== CR && byte !== LF) this.#at = 'line';
          else i++;
          break;
        case 'line': {
          const lf = chunk.indexOf(LF, i);
          if (lf < 0) return -1;
          this.#at = 'lf';
          i = lf + 1;
          break;
        }
        case 'lf':
          if (byte === LF) return i + 1;
          this.#at = byte === CR ? 'lf-cr' : 'line';
          if (byte === CR) i++;
          break;
        case 'lf-cr':
          if (byte === LF) return i + 1;
          this.#at = 'line';
          break;
      }
    }
    return -1;
  }
}

/**
 * Reads header lines (the part behind the start line, or trailers).
 * @param text isomorphic text whose lines end in LF or CRLF
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the oddities of header lines that engines take, one branch each
export function parseHeaderLines(text: string): { headers: HeaderLine[]; oddities: Set<Oddity> } {
  const headers: HeaderLine[] = [];
  const oddities = new Set<Oddity>();
  for (const ended of text.split('\n')) {
    if (ended === '' || ended === '\r') continue;
    if (!ended.endsWith('\r')) oddities.add('bare-lf');
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    if (isBlank(line[0])) {
      oddities.add(headers.length > 0 ? 'folded-line' : 'leading-space');
      if (unfold(headers, line)) continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) {
      oddities.add('no-colon');
      headers.push([line, '']);
      continue;
    }
    const name = line.slice(0, colon);
    if (isBlank(name.at(-1))) oddities.add('space-before-colon');
    // RFC 9112 §2.2: a CR within a line counts as a space.
    headers.push([name, trimBlanks(line.slice(colon + 1).replaceAll('\r', ' '))]);
  }
  return { headers, oddities };
}

/** RFC 9112 §5.2: a folded line continues the value above it. False if there is none. */
function unfold(headers: HeaderLine[], line: string): boolean {
  const previous = headers.at(-1);
  if (!previous) return false;
  headers[headers.length - 1] = [previous[0], trimBlanks(`${previous[1]} ${trimBlanks(line)}`)];
  return true;
}

/**
 * Without SP and HT at both ends, which is all that HTTP trims. By hand: a regular expression is quadratic in a long
 * run of blanks.
 */
export function trimBlanks(value: string): string {
  let begin = 0;
  let end = value.length;
  while (begin < end && isBlank(value[begin])) begin++;
  while (end > begin && isBlank(value[end - 1])) end--;
  return value.slice(begin, end);
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

function splitHead(raw: Buffer): Omit<Head, 'version'> {
  const text = raw.toString('latin1');
  let begin = 0;
  while (text[begin] === '\r' || text[begin] === '\n') begin++;
  const lineEnd = text.indexOf('\n', begin);
  const startLine = text.slice(begin, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
  const { headers, oddities } = parseHeaderLines(text.slice(lineEnd + 1));
  if (begin > 0) oddities.add('empty-lines-before');
  if (text[lineEnd - 1] !== '\r') oddities.add('bare-lf');
  return { raw, startLine, headers, oddities };
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([^ \t]+) HTTP\/1\.([01])$/;
/** Any version with a number but 0.9, and a status of up to three digits, or none: most browsers take all of that. */
const STATUS_LINE = /^HTTP\/([1-9])\.(\d)(?:[ \t]+(\d{1,3})(?:[ \t]+(.*)|)|[ \t]*)$/s;

/**
 * Reads a request head (RFC 9112 §3).
 * @param raw the bytes that HeadReader collected
 * @throws Http1Error `bad-request-line`
 */
export function parseRequestHead(raw: Buffer): RequestHead {
  const head = splitHead(raw);
  const [, method, target, minor] = REQUEST_LINE.exec(head.startLine) ?? [];
  if (method === undefined || target === undefined) throw new Http1Error('bad-request-line');
  return { ...head, method, target, version: 10 + Number(minor) };
}

/**
 * Reads a response head (RFC 9112 §4), as leniently as at least two of three engines: a missing reason phrase, more than
 * one space, a later version, a status below 100, and no status at all, which means 200.
 * @param raw the bytes that HeadReader collected
 * @throws Http1Error `not-http`
 */
export function parseResponseHead(raw: Buffer): ResponseHead {
  const head = splitHead(raw);
  const [, major, minor, status = '200', reason = ''] = STATUS_LINE.exec(head.startLine) ?? [];
  if (major === undefined) throw new Http1Error('not-http');
  const version = major === '1' && minor === '0' ? 10 : 11;
  return { ...head, status: Number(status), reason, version };
}

/**
 * Whether the first bytes of a stream may still become a response head: what is surely none should not be waited
 * for until its (perhaps never coming) empty line.
 */
export function mayBeResponse(firstBytes: Buffer): boolean {
  const text = firstBytes
    .subarray(0, 64)
    .toString('latin1')
    .replace(/^[\r\n]+/, '');
  return 'HTTP/'.startsWith(text.slice(0, 5));
}
