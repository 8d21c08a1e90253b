/** The URL parser (URL Standard), by way of the class that every platform has. */

const ABSOLUTE = /^https?:\/\//;

/** @returns null for failure */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    // Parsing costs twice as much with a base, and most URLs have no use for one.
    return ABSOLUTE.test(text) ? new URL(text) : new URL(text, base);
  } catch {
    return null;
  }
}

/** Not URL's own `canParse()`: once Node 20 has optimized it, it denies every URL with a letter such as "ü" (Latin-1). */
export const isUrl = (text: string, base?: string | URL): boolean => parseUrl(text, base) !== null;
