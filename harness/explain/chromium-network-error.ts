/** How Chromium's console names what went wrong in the network. */

/**
 * An error of Chromium's network stack; its line begins with the URL, or with method and URL, or names neither. The
 * status of an answer that came nevertheless stands behind it.
 *
 * @param name what stands behind ERR_, as a regular expression
 */
export function chromiumNetworkError(name: string): RegExp {
  return new RegExp(
    `(?:(?:(?<method>[A-Z]+) )?(?<url>(?:https?|file)://\\S+?)(?::\\d+)? (?:Failed to load resource: )?)?net::ERR_${name}(?: (?<status>\\d{3})\\b)?`,
  );
}
