/** Bytes as text: one character per byte (isomorphic), compared the way the Standard compares bytes. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_ASCII = /[^\p{ASCII}]/u;
const UPPER = /[A-Z]/g;
const NOT_ISOMORPHIC = /[\u0100-\uffff]/;
const FORBIDDEN_IN_VALUE = /[\0\n\r]/;
const encoder = new TextEncoder();

/** Whether `text` is a token (RFC 9110, 5.6.2): a method or a field name. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Byte-lowercases: only A to Z change, so that "À" and "à" stay different bytes. */
export function byteLowercase(text: string): string {
  const lower = text.toLowerCase();
  // Most names are in lower case already, and most others are ASCII.
  if (lower === text || !NOT_ASCII.test(text)) return lower;
  return text.replace(UPPER, letter => letter.toLowerCase());
}

/** Whether every character stands for one byte (Web IDL's ByteString takes nothing else). */
export function isByteString(text: string): boolean {
  return !NOT_ISOMORPHIC.test(text);
}

/** Removes HTTP tab or space from both ends, in linear time. */
export function trimTabOrSpace(text: string): string {
  return trim(text, code => code === 0x20 || code === 0x09);
}

/** Normalizes a header value: removes HTTP whitespace bytes from both ends. Fetch, "normalize" a byte sequence. */
export function normalizeValue(text: string): string {
  return trim(text, isHttpWhitespace);
}

/** HTTP whitespace: LF, CR, tab or space. */
export function isHttpWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Whether a normalized value has none of the bytes that no header value may have: NUL, LF and CR. */
export function hasForbiddenValueByte(value: string): boolean {
  return FORBIDDEN_IN_VALUE.test(value);
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
export function shown(text: string | null): string {
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
