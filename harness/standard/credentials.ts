/** Credentials (Fetch, 3.3.5 and HTTP-network-or-cache fetch): when cookies and authentication entries go along. */
import type { FetchRequest } from './types.ts';

/** HTTP-network-or-cache fetch, includeCredentials. A preflight never includes credentials. */
export function includesCredentialsOf({ credentials, tainting }: FetchRequest): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && tainting === 'basic');
}

/** The user name and password of a URL as a Basic Authorization value (RFC 7617). */
export function basicAuthorization(url: URL): string {
  return `Basic ${btoa(`${percentDecode(url.username)}:${percentDecode(url.password)}`)}`;
}

/** Percent-decodes into isomorphic text; a lone "%" stays. */
function percentDecode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
