/** Lists and numbers as people write them. */

/**
 * Words joined as people do: "X-E", "X-E and X-F", "X-E, X-F and X-G".
 * @param last stands before the last of them
 */
export const wordList = (words: readonly (string | number)[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/**
 * A whole number with its digits in threes: "1,204". By hand: the first number that Node writes in a language's own way
 * costs as much as half of a report.
 */
export const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
