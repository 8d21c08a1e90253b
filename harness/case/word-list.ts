/**
 * Words joined as people do: "X-E", "X-E and X-F", "X-E, X-F and X-G".
 * @param last stands before the last of them
 */
export const wordList = (words: readonly (string | number)[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
