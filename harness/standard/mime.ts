/** MIME types (MIME Sniffing Standard, "parse a MIME type"), as far as CORS and XMLHttpRequest need them. */
import { byteLowercase, isHttpWhitespace, isToken, normalizeValue } from './bytes.ts';

export interface MimeType {
  /** type/subtype in lower case. */
  readonly essence: string;
  readonly parameters: Map<string, string>;
}

const QUOTED_STRING_TOKEN = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** @returns null for failure */
export function parseMimeType(value: string): MimeType | null {
  const input = normalizeValue(value);
  const slash = input.indexOf('/');
  const type = slash < 0 ? '' : input.slice(0, slash);
  if (!isToken(type)) return null;
  let position = endOf(input, ';', slash + 1);
  const subtype = trimEnd(input.slice(slash + 1, position));
  if (!isToken(subtype)) return null;
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
  return { essence: `${byteLowercase(type)}/${byteLowercase(subtype)}`, parameters };
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
