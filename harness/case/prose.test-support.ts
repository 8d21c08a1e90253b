/** What can be checked of English that code has put together: for tests of every text that a person reads. */

/** Phrases that are not how an engineer would say it, and what gives away a value that was not there. */
const AVOID: readonly (readonly [RegExp, string])[] = [
  [/\bmend/i, 'say "fix"'],
  [/\bnobody\b/i, 'say what was not done'],
  [/\bis no (?!longer\b|more\b)/i, 'say "is not a"'],
  [/\bcame to no end\b|\bwithout an end\b/i, 'say "did not finish"'],
  [/\bof (?:its|his|their) own\b/i, 'say "its own" or leave it out'],
  [/\bbeside\b/i, 'say "next to" or "with"'],
  [/\bby turns\b/i, 'say "alternately"'],
  [/\bas ever\b|\ball the same\b|\bat last\b/i, 'leave it out'],
  [/\bno verdict any more\b/i, 'say "lost its verdict"'],
  [/\bundefined\b|\bNaN\b|\[object /, 'a value is missing'],
  [/\$\{|\{[a-z]+(?::[^{}]*)?\}/, 'a placeholder was left over'],
  [/ {2,}| [,.;:](?:\s|$)|,,|\.\.(?!\.)/, 'spaces or punctuation'],
];

/** Written with a vowel and spoken without one, or the other way round. */
const SAID_WITH_CONSONANT = /^(?:one|uni|use|user|usual|eu|url|uri|ut[fi])/i;
const SAID_WITH_VOWEL = /^(?:hour|honest|heir|h\d|http|https|xml|xhr|html|ssl|sse|rfc|ms|mdn|npm)/i;

function articleFaults(text: string): string[] {
  return [...text.matchAll(/\b([Aa]n?) <?([A-Za-z][\w-]*)/g)].flatMap(([whole, article, word = '']) => {
    const acronym = /^[A-Z]{2,}$/.test(word) && /^[FHLMNRSX]/.test(word);
    const vowel =
      SAID_WITH_VOWEL.test(word) || acronym || (/^[aeiou]/i.test(word) && !SAID_WITH_CONSONANT.test(word));
    return (article?.length === 2) === vowel ? [] : [`article: "${whole}"`];
  });
}

/** The text without code, quotations and addresses: what is left was written by this program. */
const proseOf = (text: string): string =>
  text
    .replace(/`[^`]*`/g, '`x`')
    .replace(/"[^"]*"/g, '"x"')
    .replace(/https?:\/\/[^\s)]+/g, 'URL');

/**
 * What is wrong with a sentence.
 * @param kind a `sentence` begins with a capital and ends with a full stop, a `title` ends without one
 */
export function proseFaults(
  text: string,
  { kind, most = 400 }: { readonly kind: 'sentence' | 'title' | 'fragment'; readonly most?: number },
): string[] {
  const prose = proseOf(text);
  const faults = AVOID.flatMap(([pattern, advice]) => (pattern.test(prose) ? [`${pattern}: ${advice}`] : []));
  const doubled = /(?<![\w-])(?!URL )([A-Za-z]+) \1(?![\w-])/i.exec(prose);
  if (doubled) faults.push(`doubled word: "${doubled[0]}"`);
  faults.push(...articleFaults(prose));
  if (text.length > most) faults.push(`${text.length} characters, more than ${most}`);
  if (kind === 'sentence' && !/[.?!]\)?$/.test(prose)) faults.push('no full stop at the end');
  if (kind === 'title' && /[.,;:]$/.test(prose)) faults.push('punctuation at the end of a title');
  if (kind !== 'fragment' && /^[a-z]/.test(prose)) faults.push('no capital at the beginning');
  return faults;
}
