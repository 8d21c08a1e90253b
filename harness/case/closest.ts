/** The word that somebody who mistyped may have meant. */

/**
 * The candidate that is closest to a word: one that contains it, or one a few letters away.
 * @returns undefined if none is close enough to be meant
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: { readonly candidate: string; readonly far: number } | undefined;
  for (const candidate of candidates) {
    // Of words that contain it, the one with the least around it.
    const contains = wanted.length > 2 && candidate.toLowerCase().includes(wanted);
    const far = contains
      ? (candidate.length - wanted.length) / 1000
      : distance(candidate.toLowerCase(), wanted);
    if (!best || far < best.far) best = { candidate, far };
  }
  return best && best.far <= Math.max(2, wanted.length / 3) ? best.candidate : undefined;
}

/** The end of a message about a word that is none: " Did you mean …?", or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = closest(word, candidates);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

/** How many letters have to be changed to make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] as number) + 1,
          (row[j] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}
