/**
 * Header lists (Fetch, 2.2.2 Headers): getting, combining and extracting values. Everything here is linear in the
 * size of the list, or n log n where it sorts.
 */
import {
  byteLowercase,
  isByteLowercaseOf,
  isTabOrSpace,
  isTokenByte,
  type NameSet,
  trimTabOrSpace,
} from './bytes.ts';

export type Header = readonly [name: string, value: string];
export type HeaderList = readonly Header[];

/** A value that does not match its header's ABNF, or stands twice where it may stand once. */
export const FAILURE = Symbol('failure');
export type Failure = typeof FAILURE;

/** Whether the list contains a header called `name`, which must be given in lower case. */
export function contains(list: HeaderList, name: string): boolean {
  for (const header of list) if (isCalled(header, name)) return true;
  return false;
}

/** Whether the list contains a header of one of these names. */
export function containsOneOf(list: HeaderList, names: NameSet): boolean {
  for (const header of list) if (names.has(header[0])) return true;
  return false;
}

function isCalled(header: Header, lower: string): boolean {
  return isByteLowercaseOf(header[0], lower);
}

const NONE: readonly string[] = Object.freeze([]);

/** The values of every header called `name` (lower case), in order. */
export function valuesOf(list: HeaderList, name: string): readonly string[] {
  let values: string[] | null = null;
  for (const header of list) {
    if (!isCalled(header, name)) continue;
    if (values === null) values = [header[1]];
    else values.push(header[1]);
  }
  return values ?? NONE;
}

/** Fetch, "get": the values joined by ", ", or null where the list has no header called `name` (lower case). */
export function get(list: HeaderList, name: string): string | null {
  let joined: string | null = null;
  for (const header of list) {
    if (isCalled(header, name)) joined = joined === null ? header[1] : `${joined}, ${header[1]}`;
  }
  return joined;
}

/** Fetch, "delete": the list without the headers called one of `names` (lower case). */
export function without(list: HeaderList, names: ReadonlySet<string>): Header[] {
  return list.filter(([name]) => !names.has(byteLowercase(name)));
}

/** Fetch, "set": replaces the first header called `name` and removes the others, or appends. */
export function set(list: HeaderList, name: string, value: string): Header[] {
  const wanted = byteLowercase(name);
  const at = list.findIndex(([n]) => byteLowercase(n) === wanted);
  if (at < 0) return [...list, [name, value]];
  const first = list[at] as Header;
  return [
    ...list.slice(0, at),
    [first[0], value],
    ...list.slice(at + 1).filter(([n]) => byteLowercase(n) !== wanted),
  ];
}

/** Fetch, "append", for many headers at once: a later header takes over the casing of the first of its name. */
export function appendAll(headers: HeaderList): HeaderList {
  const casing = new Map<string, string>();
  return headers.map(([name, value]) => {
    const lower = byteLowercase(name);
    const first = casing.get(lower);
    if (first === undefined) casing.set(lower, name);
    return [first ?? name, value];
  });
}

/** Fetch, "combine", for many headers at once: one header per name, values joined by ", ". */
export function combineAll(headers: HeaderList): Header[] {
  return [...grouped(headers).values()].map(({ name, values }) => [name, values.join(', ')]);
}

/** Fetch, "sort and combine": what iterating a Headers object shows. Set-Cookie headers stay apart. */
export function sortAndCombine(list: HeaderList): Header[] {
  const groups = grouped(list);
  const sorted: Header[] = [];
  for (const lower of [...groups.keys()].sort()) {
    const { values } = groups.get(lower) as Group;
    if (lower === 'set-cookie') for (const value of values) sorted.push([lower, value]);
    else sorted.push([lower, values.join(', ')]);
  }
  return sorted;
}

interface Group {
  readonly name: string;
  readonly values: string[];
}

function grouped(list: HeaderList): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const [name, value] of list) {
    const lower = byteLowercase(name);
    const group = groups.get(lower);
    if (group) group.values.push(value);
    else groups.set(lower, { name, values: [value] });
  }
  return groups;
}

/**
 * Fetch, "extract header list values", for the headers whose ABNF is a list of tokens: #method and #field-name.
 * Empty members are ignored (RFC 9110, 5.6.1); one bad member on any line is a failure.
 *
 * @returns null where there is no such header
 */
export function extractTokens(list: HeaderList, name: string): string[] | Failure | null {
  const lines = valuesOf(list, name);
  if (lines.length === 0) return null;
  const tokens: string[] = [];
  for (const line of lines) if (!addTokens(tokens, line)) return FAILURE;
  return tokens;
}

const COMMA = 0x2c;

/** Adds the members of a line. @returns whether all of them are tokens */
function addTokens(tokens: string[], line: string): boolean {
  for (let at = 0; at < line.length; at++) {
    const start = endOfBlanks(line, at);
    const end = endOfToken(line, start);
    if (end > start) tokens.push(line.slice(start, end));
    at = endOfBlanks(line, end);
    if (at < line.length && line.charCodeAt(at) !== COMMA) return false;
  }
  return true;
}

function endOfBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isTabOrSpace(line.charCodeAt(at))) at++;
  return at;
}

function endOfToken(line: string, from: number): number {
  let at = from;
  while (at < line.length && isTokenByte(line.charCodeAt(at))) at++;
  return at;
}

const DIGITS = /^[0-9]+$/;

/** Fetch, "extract header list values", for a header that is one delta-seconds (RFC 9111, 1.2.2). */
export function extractDeltaSeconds(list: HeaderList, name: string): number | Failure | null {
  const lines = valuesOf(list, name);
  const value = lines[0];
  if (value === undefined) return null;
  if (lines.length > 1 || !DIGITS.test(value)) return FAILURE;
  return Number(value);
}

/** Fetch, "get, decode, and split" a header value: commas outside quoted strings separate. */
export function getDecodeAndSplit(value: string): string[] {
  const values: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      values.push(trimTabOrSpace(value.slice(start, at)));
      start = at + 1;
    }
  }
  values.push(trimTabOrSpace(value.slice(start)));
  return values;
}
