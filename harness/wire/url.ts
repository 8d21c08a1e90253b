/** The URL parser (URL Standard), by way of the class that every platform has; the same as the model's. */

/** @returns null for failure */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
