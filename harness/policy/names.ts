/** Names of methods and headers as far as a policy has to know them beyond what the Standard's own lists say. */
import { unsafeRequestHeaderNames } from '../standard/request-headers.ts';

export { SAFELISTED_RESPONSE_HEADERS } from '../standard/expose.ts';

/** Methods that change nothing: RFC 9110, 9.2.1; RFC 4918 and RFC 3253 for PROPFIND and REPORT; QUERY. */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT', 'QUERY'];

/** The names of these headers that a preflight must ask for: lower case, sorted, once each. */
export const unsafeHeaderNames = (headers: readonly (readonly [string, string])[]): string[] =>
  unsafeRequestHeaderNames(headers);
