/** Values that are known to be secret, and their removal from any text, in whatever encoding a run may have put them. */
import { filler } from './redact.ts';

/** A shorter value is replaced only in the place it was declared in: elsewhere it would be a part of ordinary words. */
const SHORTEST = 6;
/** The beginning of a value that was cut off is replaced from this length on; of values that are longer by as much. */
const BEGINNING = 12;

/**
 * Words that are no secret, whoever declares them so: replacing them would destroy the evidence. The name of this
 * program is sent as the value of headers that nobody gave one.
 */
const PLAIN =
  /^(?:true|false|null|none|undefined|include|omit|same-origin|cors|no-cors|bearer|basic|digest|anonymous|localhost|cors-conformance|application\/[\w.+-]+|text\/[\w.+-]+|\*|\d{1,5})$/i;

/** A set of secret values. */
export class Secrets {
  readonly #values = new Set<string>();
  /** Every spelling of every value, and what stands in its place; made when it is first needed. */
  #spellings: { readonly pattern: RegExp; readonly notes: ReadonlyMap<string, string> } | undefined;

  /** @param values as they were declared; empty ones, short ones and words of the protocol are left out */
  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  /** Adds a value, and what it is made of: the credentials behind a scheme, the pair inside Basic. */
  add(value: string): void {
    for (const part of partsOf(value)) {
      if (part.length < SHORTEST || PLAIN.test(part)) continue;
      this.#values.add(part);
      this.#spellings = undefined;
    }
  }

  /** The same as a filler that leaves text as it is: for collecting instead of replacing. */
  readonly collect = (value: string): string => {
    this.add(value);
    return value;
  };

  /** Adds what another set has. */
  addAll(others: Secrets): void {
    for (const value of others.#values) this.add(value);
  }

  /** Another set with the same values. */
  copy(): Secrets {
    return new Secrets(this.#values);
  }

  /** The text with every value replaced, however it is encoded, by a note of its length. */
  hide(text: string): string {
    if (this.#values.size === 0 || text.length < SHORTEST) return text;
    const { pattern, notes } = this.#all();
    let hidden = text.replace(pattern, spelling => notes.get(spelling) ?? spelling);
    for (const value of this.#values) hidden = withoutBeginnings(hidden, value);
    return hidden;
  }

  #all() {
    if (!this.#spellings) {
      const notes = new Map(
        [...this.#values].flatMap(value => [...encodings(value)].map(text => [text, filler(value)] as const)),
      );
      // Longest first: a value may be part of another. A note that stands there already is passed over.
      const words = [...notes.keys()].sort((a, b) => b.length - a.length).map(escaped);
      this.#spellings = { pattern: new RegExp(`\\[redacted \\d+ bytes?\\]|${words.join('|')}`, 'g'), notes };
    }
    return this.#spellings;
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function partsOf(value: string): string[] {
  const parts = [value, value.trim()];
  const scheme = /^([A-Za-z][A-Za-z0-9-]{0,30}) +(\S.*)$/.exec(value.trim());
  if (scheme) parts.push(scheme[2] as string);
  if (scheme?.[1]?.toLowerCase() === 'basic') {
    const pair = decoded(scheme[2] as string);
    if (pair) parts.push(pair, pair.slice(pair.indexOf(':') + 1));
  }
  return parts;
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), char => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function encodings(value: string): Set<string> {
  const bytes = new TextEncoder().encode(value);
  const latin1 = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  const json = JSON.stringify(value).slice(1, -1);
  const percent = percentEncoded(bytes);
  return new Set([
    value,
    latin1,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURI(wellFormed(value)),
    encodeURIComponent(wellFormed(value)),
    encodeURIComponent(wellFormed(value)).replaceAll('%20', '+'),
    percent,
    percent.toLowerCase(),
    ...[0, 1, 2].flatMap(offset => base64At(latin1, offset)),
  ]);
}

const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/** Every byte that is not a letter or a digit, as a strict encoder writes it. */
const percentEncoded = (bytes: Uint8Array): string =>
  Array.from(bytes, byte =>
    /[A-Za-z0-9]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

/** What stays the same of a value inside base64 when `offset` bytes stand before it; in both alphabets. */
function base64At(latin1: string, offset: number): string[] {
  const encoded = btoa('\0'.repeat(offset) + latin1);
  const end = Math.floor(((latin1.length + offset) * 8) / 6);
  const whole = encoded.slice(Math.ceil((offset * 8) / 6), end);
  if (whole.length < SHORTEST) return [];
  return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
}

/** A text may have been cut in the middle of a value. */
function withoutBeginnings(text: string, value: string): string {
  if (value.length < 2 * BEGINNING) return text;
  const beginning = value.slice(0, BEGINNING);
  let from = text.indexOf(beginning);
  let result = text;
  while (from >= 0) {
    let length = BEGINNING;
    while (length < value.length && result[from + length] === value[length]) length++;
    const note = filler(value);
    result = result.slice(0, from) + note + result.slice(from + length);
    from = result.indexOf(beginning, from + note.length);
  }
  return result;
}
