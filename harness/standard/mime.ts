/** MIME types (MIME Sniffing Standard, "parse a MIME type"), as far as CORS and XMLHttpRequest need them. */

import { byteLowercase, isHttpWhitespace, isToken, normalizeValue } from './bytes.ts';
import { getDecodeAndSplit, type HeaderList, valuesOf } from './header-list.ts';

export interface MimeType {
  /** type/subtype in lower case. */
  readonly essence: string;
  readonly parameters: Map<string, string>;
}

const QUOTED_STRING_TOKEN = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** The type and subtype of a MIME type in lower case; null where parsing it fails, which no parameter can cause. */
export function essenceOf(value: string): string | null {
  const input = normalizeValue(value);
  const essence = trimEnd(input.slice(0, endOf(input, ';', 0)));
  const slash = essence.indexOf('/');
  if (slash < 0 || !isToken(essence.slice(0, slash)) || !isToken(essence.slice(slash + 1))) return null;
  return byteLowercase(essence);
}

/** @returns null for failure */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: MIME Sniffing, "parse a MIME type", step by step
export function parseMimeType(value: string): MimeType | null {
  const essence = essenceOf(value);
  if (essence === null) return null;
  const input = normalizeValue(value);
  let position = endOf(input, ';', 0);
  const parameters = new Map<string, string>();
  while (position < input.length) {
    position++;
    while (isHttpWhitespace(input.charCodeAt(position))) position++;
    const nameEnd = endOfName(input, position);
    const name = byteLowercase(input.slice(position, nameEnd));
    position = nameEnd;
    if (input[position] === ';') continue;
    position++;
    if (position >= input.length) break;
    let parameter: string;
    if (input[position] === '"') {
      const quoted = collectQuotedString(input, position);
      parameter = quoted.value;
      position = endOf(input, ';', quoted.end);
    } else {
      const end = endOf(input, ';', position);
      parameter = trimEnd(input.slice(position, end));
      position = end;
      if (parameter === '') continue;
    }
    if (isToken(name) && QUOTED_STRING_TOKEN.test(parameter) && !parameters.has(name)) {
      parameters.set(name, parameter);
    }
  }
  return { essence, parameters };
}

/** Fetch, "extract a MIME type" from a response's headers; null for failure. */
export function extractMimeType(headers: HeaderList): MimeType | null {
  let charset: string | undefined;
  let last: MimeType | null = null;
  for (const value of valuesOf(headers, 'content-type').flatMap(getDecodeAndSplit)) {
    const type = parseMimeType(value);
    if (!type || type.essence === '*/*') continue;
    if (type.essence !== last?.essence) charset = type.parameters.get('charset');
    else if (!type.parameters.has('charset') && charset !== undefined)
      type.parameters.set('charset', charset);
    last = type;
  }
  return last;
}

/** MIME Sniffing, "serialize a MIME type". */
export function serializeMimeType({ essence, parameters }: MimeType): string {
  let text = essence;
  for (const [name, value] of parameters) {
    text += `;${name}=${isToken(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
  }
  return text;
}

function endOf(input: string, stop: string, from: number): number {
  const at = input.indexOf(stop, from);
  return at < 0 ? input.length : at;
}

/** Stops at the nearer of ";" and "=", without looking further, so that many parameters stay linear. */
function endOfName(input: string, from: number): number {
  let at = from;
  while (at < input.length && input[at] !== ';' && input[at] !== '=') at++;
  return at;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isHttpWhitespace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Fetch, "collect an HTTP quoted string" with extract-value true. `position` is at the opening quote. */
function collectQuotedString(input: string, position: number): { value: string; end: number } {
  const parts: string[] = [];
  let at = position + 1;
  while (at < input.length) {
    const character = input[at] as string;
    at++;
    if (character === '"') break;
    if (character === '\\' && at < input.length) {
      parts.push(input[at] as string);
      at++;
    } else parts.push(character);
  }
  return { value: parts.join(''), end: at };
}
