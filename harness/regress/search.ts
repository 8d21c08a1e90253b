/** The search for the first bad release, by halves. */

export type TryResult = 'good' | 'bad' | 'untried';

export interface SearchResult {
  /** The last release known to be good. */
  readonly last: string;
  /** The first one known to be bad. */
  readonly first: string;
  /** Those between the two that could not be tried. */
  readonly skipped: readonly string[];
}

/**
 * @param versions in order: the first is good and the last is bad, and neither is tried again
 * @param attempt is called once per version at most
 */
export async function search(
  versions: readonly string[],
  attempt: (version: string) => Promise<TryResult>,
): Promise<SearchResult> {
  const untried = new Set<number>();
  let good = 0;
  let bad = versions.length - 1;
  for (;;) {
    const middle = nextOf(good, bad, untried);
    if (middle === null) break;
    const trial = await attempt(versions[middle] as string);
    if (trial === 'untried') untried.add(middle);
    else if (trial === 'good') good = middle;
    else bad = middle;
  }
  return {
    last: versions[good] as string,
    first: versions[bad] as string,
    skipped: versions.slice(good + 1, bad),
  };
}

/** The one nearest to the middle that may be tried; null if none is left. */
function nextOf(good: number, bad: number, untried: ReadonlySet<number>): number | null {
  const middle = Math.floor((good + bad) / 2);
  for (let distance = 0; distance < bad - good; distance++)
    for (const at of [middle - distance, middle + distance])
      if (at > good && at < bad && !untried.has(at)) return at;
  return null;
}
