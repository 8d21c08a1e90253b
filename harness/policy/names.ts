/** Names of methods and headers as far as a policy has to know them beyond what the Standard's own lists say. */
import { unsafeRequestHeaderNames } from '../standard/request-headers.ts';
import type { HeaderLine } from '../wire/exchange.ts';

export { SAFELISTED_RESPONSE_HEADERS } from '../standard/expose.ts';

/** Methods that change nothing: RFC 9110, 9.2.1; RFC 4918 and RFC 3253 for PROPFIND and REPORT; QUERY. */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT', 'QUERY'];

/** The names of these headers that a preflight must ask for: lower case, sorted, once each. */
export const unsafeHeaderNames = (headers: readonly HeaderLine[]): string[] =>
  unsafeRequestHeaderNames(headers);

const SAMPLE_VALUES: Readonly<Record<string, string>> = {
  authorization: 'Bearer cors-conformance',
  'content-type': 'application/json',
  'if-none-match': '"cors-conformance"',
  'if-match': '*',
  'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
  range: 'bytes=0-0,2-2',
  'x-requested-with': 'XMLHttpRequest',
};

/** A value that servers accept for a header of this name. */
export const sampleValue = (name: string): string => SAMPLE_VALUES[name.toLowerCase()] ?? 'cors-conformance';

/** Stands for "any header" when the policy allows every one. */
export const ANY_HEADER = 'x-cors-conformance-any';
/** Declared by no policy. */
export const UNDECLARED_HEADER = 'x-cors-conformance-undeclared';

/** These change data: where no policy declares them by name, they are asked for in a preflight and never sent. */
export const CHANGING_METHODS: readonly string[] = ['PUT', 'PATCH', 'DELETE'];
