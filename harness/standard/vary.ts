/** What Vary says about caches (RFC 9110, 12.5.5; Fetch, "CORS protocol and HTTP caches"). */

/**
 * Whether caches keep answers to different Origins apart.
 * @param vary the combined value of Vary; null if there is none
 */
export const variesByOrigin = (vary: string | null): boolean =>
  (vary ?? '').split(',').some(name => ['origin', '*'].includes(name.trim().toLowerCase()));
