/** Request headers (Fetch, 2.2.2): which are safelisted, which call for a preflight, which script may not set. */
import {
  byteClass,
  byteLowercase,
  byteLowercaseStartsWith,
  bytesLike,
  everyByteIn,
  NameSet,
  someByteIn,
} from './bytes.ts';
import { getDecodeAndSplit, type HeaderList } from './header-list.ts';
import { isForbiddenMethod } from './methods.ts';
import { essenceOf } from './mime.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { parseSingleRange } from './range.ts';

/** The longest value, and the most bytes of all safelisted values together, that need no preflight. */
const SAFELISTED_VALUE_LIMIT = 128;
const SAFELISTED_TOTAL_LIMIT = 1024;

/** The names of headers that can be safelisted. */
const SAFELISTED = new NameSet(['accept', 'accept-language', 'content-language', 'content-type', 'range']);
const SAFELISTED_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const LANGUAGE = bytesLike(/[0-9A-Za-z *,\-.;=]/);
/** Fetch, "CORS-unsafe request-header byte". Bytes from 0x80 on are not unsafe. */
const UNSAFE = byteClass(
  byte => (byte < 0x20 && byte !== 0x09) || '"():<>?@[\\]{}\x7f'.includes(String.fromCharCode(byte)),
);

/**
 * Fetch, "CORS-safelisted request-header": null where (`name`, `value`) is one, else in words why not, to stand
 * after "the header …".
 */
export function whyNotSafelisted(name: string, value: string): string | null {
  return whyLowerNotSafelisted(byteLowercase(name), value);
}

function whyLowerNotSafelisted(name: string, value: string): string | null {
  if (value.length > SAFELISTED_VALUE_LIMIT) {
    return `has a value of ${value.length} bytes, and only values of up to ${SAFELISTED_VALUE_LIMIT} are safelisted`;
  }
  switch (name) {
    case 'accept':
      return someByteIn(UNSAFE, value) ? 'has a CORS-unsafe byte in its value' : null;
    case 'accept-language':
    case 'content-language':
      return everyByteIn(LANGUAGE, value)
        ? null
        : 'has a byte that is none of 0-9, A-Z, a-z, space and * , - . ; = in its value';
    case 'content-type':
      return whyTypeNotSafelisted(value);
    case 'range': {
      const range = parseSingleRange(value);
      if (!range) return 'is not one simple range such as bytes=0-99';
      return range.start === null ? 'is a suffix range, which is not safelisted' : null;
    }
    default:
      return 'is not on the safelist';
  }
}

function whyTypeNotSafelisted(value: string): string | null {
  if (someByteIn(UNSAFE, value)) return 'has a CORS-unsafe byte in its value';
  const essence = essenceOf(value);
  if (essence === null) return 'is not a valid MIME type';
  return SAFELISTED_TYPES.includes(essence)
    ? null
    : `has the type ${essence}, and only ${SAFELISTED_TYPES.join(', ')} are safelisted`;
}

/** Fetch, "CORS-safelisted request-header". */
export function isSafelistedRequestHeader(name: string, value: string): boolean {
  return whyNotSafelisted(name, value) === null;
}

/** Fetch, "CORS-unsafe request-header names": a sorted set in lower case. */
export function unsafeRequestHeaderNames(headers: HeaderList, quirks: Quirks = NO_QUIRKS): string[] {
  const unsafe: string[] = [];
  let size = 0;
  for (const header of headers) {
    const lower = byteLowercase(header[0]);
    const value = header[1];
    if (isSafelisted(lower, value, quirks)) size += value.length;
    else unsafe.push(lower);
  }
  const isOver = size > SAFELISTED_TOTAL_LIMIT;
  const all = isOver && !quirks.noSafelistLimit;
  const names = sortedSet(all ? headers.map(([name]) => byteLowercase(name)) : unsafe);
  // Where no name stands twice, the list is the same as that of all entries.
  if (!isOver && names.length === unsafe.length) return names;
  return quirks.asksForEachEntry ? unsafe.sort() : names;
}

function isSafelisted(lower: string, value: string, { safelists }: Quirks): boolean {
  const standard = SAFELISTED.has(lower) && whyLowerNotSafelisted(lower, value) === null;
  return safelists ? safelists(standard, lower, value) : standard;
}

function sortedSet(names: string[]): string[] {
  for (let at = 1; at < names.length; at++) {
    if ((names[at - 1] as string) >= (names[at] as string)) return [...new Set(names)].sort();
  }
  return names;
}

/** Fetch, "CORS non-wildcard request-header name", for a name in lower case: `*` never stands for it. */
export const NON_WILDCARD_NAMES: ReadonlySet<string> = new Set(['authorization']);

/** Fetch, "request-body-header name", in lower case: they go when a redirect drops the body. */
export const BODY_HEADER_NAMES: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
]);

const NO_CORS_SAFELISTED = new Set(['accept', 'accept-language', 'content-language', 'content-type']);

/** Fetch, "no-CORS-safelisted request-header": what a no-cors request may carry. */
export function isNoCorsSafelisted(name: string, value: string, quirks: Quirks = NO_QUIRKS): boolean {
  const lower = byteLowercase(name);
  return NO_CORS_SAFELISTED.has(lower) && isSafelisted(lower, value, quirks);
}

const FORBIDDEN = new NameSet([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
const METHOD_OVERRIDES = new NameSet(['x-http-method', 'x-http-method-override', 'x-method-override']);

/** Fetch, "forbidden request-header": script's attempt to set it is ignored. */
export function isForbiddenRequestHeader(name: string, value: string): boolean {
  if (FORBIDDEN.has(name) || byteLowercaseStartsWith(name, 'proxy-') || byteLowercaseStartsWith(name, 'sec-'))
    return true;
  return METHOD_OVERRIDES.has(name) && getDecodeAndSplit(value).some(isForbiddenMethod);
}
