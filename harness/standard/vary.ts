/** What Vary says about caches (RFC 9110, 12.5.5; Fetch, "CORS protocol and HTTP caches"). */

/** The names in a combined value of Vary, in lower case. */
export const namesInVary = (vary: string | null): string[] =>
  (vary ?? '').split(',').map(name => name.trim().toLowerCase());

/**
 * Whether caches keep answers to different Origins apart.
 * @param vary the combined value of Vary; null if there is none
 */
export const variesByOrigin = (vary: string | null): boolean =>
  namesInVary(vary).some(name => name === 'origin' || name === '*');
