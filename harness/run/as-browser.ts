/** Plain requests that differ from those of pages in what they are to show, and in nothing else. */
import { DEFAULT_USER_AGENT } from '../standard/network.ts';
import { type HeaderLine, headerValue } from '../wire/exchange.ts';

/** The request with a browser's User-Agent, unless it has one: some servers turn away what has none. */
export function asBrowser<T extends { readonly headers: readonly HeaderLine[] }>(request: T): T {
  if (headerValue(request.headers, 'user-agent') !== null) return request;
  return { ...request, headers: [...request.headers, ['User-Agent', DEFAULT_USER_AGENT]] };
}
