/** Bytes as text: one character per byte (isomorphic), compared the way the Standard compares bytes. */

/** A class of bytes: 1 at the index of each that belongs to it. */
export type ByteClass = Uint8Array;

export function byteClass(includes: (byte: number) => boolean): ByteClass {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(includes(byte)));
}

/** The class of the bytes that match. @param pattern for one character */
export function bytesLike(pattern: RegExp): ByteClass {
  return byteClass(byte => pattern.test(String.fromCharCode(byte)));
}

/** Whether each character is a byte of the class. */
export function everyByteIn(bytes: ByteClass, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** Whether any character is a byte of the class. */
export function someByteIn(bytes: ByteClass, text: string): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[text.charCodeAt(at)] === 1) return true;
  return false;
}

const TOKEN = bytesLike(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/);
const LOWERCASE_TOKEN = bytesLike(/[!#$%&'*+\-.^_`|~0-9a-z]/);
const ANY = byteClass(() => true);
const ASCII = byteClass(byte => byte < 0x80);
const VALUE = bytesLike(/[^\0\n\r]/);
const NOT_ASCII = /[^\p{ASCII}]/u;
const UPPER = /[A-Z]/g;
const encoder = new TextEncoder();

/** Whether a token may have this byte (RFC 9110, 5.6.2, tchar). */
export function isTokenByte(code: number): boolean {
  return TOKEN[code] === 1;
}

/** Whether `text` is a token (RFC 9110, 5.6.2): a method or a field name. */
export function isToken(text: string): boolean {
  return text !== '' && everyByteIn(TOKEN, text);
}

/** Whether `text` is a token without A to Z. */
export function isLowercaseToken(text: string): boolean {
  return text !== '' && everyByteIn(LOWERCASE_TOKEN, text);
}

/** Byte-lowercases: only A to Z change, so that "À" and "à" stay different bytes. */
export function byteLowercase(text: string): string {
  const lower = text.toLowerCase();
  // Most names are in lower case already, and most others are ASCII.
  if (lower === text || everyByteIn(ASCII, text)) return lower;
  return text.replace(UPPER, letter => letter.toLowerCase());
}

/** Whether `lower`, which has no A to Z, is what byte-lowercasing `text` gives; told at the first byte that differs. */
export function isByteLowercaseOf(text: string, lower: string): boolean {
  return text.length === lower.length && byteLowercaseStartsWith(text, lower);
}

/** Whether what byte-lowercasing `text` gives starts with `lower`, which has no A to Z. */
export function byteLowercaseStartsWith(text: string, lower: string): boolean {
  if (text.length < lower.length) return false;
  for (let at = 0; at < lower.length; at++) {
    const code = text.charCodeAt(at);
    if (lower.charCodeAt(at) !== (isUpper(code) ? code + 0x20 : code)) return false;
  }
  return true;
}

/** A few names in lower case, by which those of headers are told apart byte-case-insensitively. */
export class NameSet {
  readonly #byLength: (readonly string[] | undefined)[] = [];

  constructor(names: Iterable<string>) {
    for (const name of names) this.#byLength[name.length] = [...(this.#byLength[name.length] ?? []), name];
  }

  /** Whether one of the names is what byte-lowercasing `text` gives. Most texts are told by their length. */
  has(text: string): boolean {
    const names = this.#byLength[text.length];
    if (names === undefined) return false;
    for (const name of names) if (isByteLowercaseOf(text, name)) return true;
    return false;
  }
}

const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;

/** Whether every character stands for one byte (Web IDL's ByteString takes nothing else). */
export function isByteString(text: string): boolean {
  return everyByteIn(ANY, text);
}

/** Removes HTTP tab or space from both ends, in linear time. */
export function trimTabOrSpace(text: string): string {
  return isTabOrSpace(text.charCodeAt(0)) || isTabOrSpace(text.charCodeAt(text.length - 1))
    ? trim(text, isTabOrSpace)
    : text;
}

/** HTTP tab or space. */
export function isTabOrSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Normalizes a header value: removes HTTP whitespace bytes from both ends. Fetch, "normalize" a byte sequence. */
export function normalizeValue(text: string): string {
  return isHttpWhitespace(text.charCodeAt(0)) || isHttpWhitespace(text.charCodeAt(text.length - 1))
    ? trim(text, isHttpWhitespace)
    : text;
}

/** HTTP whitespace: LF, CR, tab or space. */
export function isHttpWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Whether a normalized value has one of the bytes that no header value may have: NUL, LF and CR. */
export function hasForbiddenValueByte(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code <= 0x0d && (code === 0x00 || code === 0x0a || code === 0x0d)) return true;
  }
  return false;
}

/** Whether a normalized value is made of bytes, and none of those is among them. */
export function isHeaderValue(value: string): boolean {
  return everyByteIn(VALUE, value);
}

/** UTF-8 encodes text; the result is isomorphic. A lone surrogate becomes U+FFFD, as in a USVString. */
export function utf8(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  const parts: string[] = [];
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return parts.join('');
}

/** Decodes isomorphic text with the encoding called `label`; UTF-8 where no such encoding is known. */
export function decode(bytes: string, label = 'utf-8'): string {
  if (label === 'utf-8' && !NOT_ASCII.test(bytes)) return bytes;
  const raw = Uint8Array.from(bytes, character => character.charCodeAt(0));
  return decoderFor(label).decode(raw);
}

function decoderFor(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}

/** A value from outside, fit for a sentence or a record: at most 200 characters, with its length where it was cut. */
export function abbreviated(text: string | null): string {
  if (text === null) return '(absent)';
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} bytes)`;
}

function trim(text: string, unwanted: (code: number) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && unwanted(text.charCodeAt(start))) start++;
  while (end > start && unwanted(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}
