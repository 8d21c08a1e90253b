/** Header values and APIs in the titles of cases. */
import type { HeaderLine } from './helpers.ts';

/** What people call the API. */
export const apiName = (api: string): string => ({ fetch: 'fetch()', xhr: 'XMLHttpRequest' })[api] ?? api;

const PLACEHOLDER_NAMES: Readonly<Record<string, string>> = {
  '{origin}': '<origin>',
  '{origin:target}': "<the target's origin>",
  '{origin:other-site}': '<origin on another port>',
};

/** A byte as a title shows it: as it is if it can be seen, else escaped. */
function shownByte(byte: string): string {
  const code = byte.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f) return byte;
  return byte === '\t' ? '\\t' : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A header value as a title shows it: control characters escaped, a placeholder as what it stands for. */
export function shownValue(value: string): string {
  if (value === '') return '(empty)';
  const filled = value.replace(
    /\{[a-z-]+(?::[^{}]*)?\}/g,
    placeholder => PLACEHOLDER_NAMES[placeholder] ?? '<port>',
  );
  const padded = filled.replace(/^ +| +$/g, spaces => '\\s'.repeat(spaces.length));
  return Array.from(padded, shownByte).join('');
}

/** Lines of a head as a title shows them. */
export const shownLines = (lines: readonly HeaderLine[]): string =>
  lines
    .map(([name, value], i) => `${i > 0 && name === lines[0]?.[0] ? '' : `${name}: `}${shownValue(value)}`)
    .join(' and ');
