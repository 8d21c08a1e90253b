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

/** Absolute URLs by their text: parsing one costs more than most else of a request. */
const known = new Map<string, URL>();
const KNOWN_LIMIT = 1000;
const LONGEST_KNOWN = 1000;

/** The same, for who will not change it: one URL may be the answer to many. */
export function parseFixedUrl(text: string, base: string): Readonly<URL> | null {
  if (text.length > LONGEST_KNOWN || !ABSOLUTE.test(text)) return parseUrl(text, base);
  const before = known.get(text);
  if (before) return before;
  const url = parseUrl(text);
  if (!url) return null;
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(text, url);
  return url;
}

/** Not URL's own `canParse()`: once Node 20 has optimized it, it denies every URL with a letter such as "ü" (Latin-1). */
export const isUrl = (text: string, base?: string | URL): boolean => parseUrl(text, base) !== null;
