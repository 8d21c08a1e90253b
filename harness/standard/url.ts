/** The URL parser (URL Standard), by way of the class that every platform has. */

const ABSOLUTE = /^https?:\/\//;
const NO_MORE_THAN_FRAGMENT = /^\s*(?:#.*)?$/;
const EMPTY_QUERY = /^https?:[^?#]*\?(?:#.*)?$/;

/** @returns null for failure */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    // Parsing costs twice as much with a base, and most URLs have no use for one.
    if (ABSOLUTE.test(text)) return new URL(text);
    const url = new URL(text, base);
    // URL parser, relative state: an input without a query has the base's, be it empty, which Node drops.
    if (base !== undefined && NO_MORE_THAN_FRAGMENT.test(text) && EMPTY_QUERY.test(String(base))) {
      return new URL(`${url.origin}${url.pathname}?${url.hash}`);
    }
    return url;
  } catch {
    return null;
  }
}

/** Not URL's own `canParse()`: once Node 20 has optimized it, it denies every URL with a letter such as "ü" (Latin-1). */
export const isUrl = (text: string, base?: string | URL): boolean => parseUrl(text, base) !== null;
