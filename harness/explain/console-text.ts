/** Pasted console output as lines: without a console's own decoration, and as it was before web pages and mail changed it. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lsquo: "'",
  rsquo: "'",
  ldquo: '"',
  rdquo: '"',
};

/** The text without HTML entities, and with straight quotation marks: copied text has others than the console had. */
function plainText(text: string): string {
  return text
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replace(/[\u00a0\u202f]/g, ' ');
}

/**
 * @param text as it was pasted
 * @returns its lines that are not empty. Copied lines carry a source position, a level or a repeat count; Safari wraps
 *   with "[Error]"
 */
export function logicalLines(text: string): string[] {
  return plainText(text.replace(/^\ufeff/, ''))
    .split(/\r?\n/)
    .map(line =>
      line
        .trim()
        .replace(/^(?:\[(?:Error|Warning|Log)\]|(?:Error|Warning):)\s*/i, '')
        .replace(/^[\w.-]+:\d+(?::\d+)?\s+/, '')
        .replace(/^Uncaught \(in promise\) /, ''),
    )
    .filter(line => line !== '');
}

/** Where a message begins. */
const BEGINS =
  /Access to .{1,40} at|Cross-Origin Request (?:Blocked|Warning)|Mixed Content:|Cross-Origin Read Blocking|(?:Fetch API|XMLHttpRequest) cannot load|^Failed to load|Refused to \w+|Connecting to|Loading the|Redirect from|^Origin \S+ is not allowed|^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) http|^(?:\w*Error|Load failed)\b|^at |^SEC7\d\d\d/;

/** Into as many lines a message may have been wrapped. */
const MOST_LINES = 12;

/**
 * A message that was wrapped, by a terminal or by mail, from its first line on.
 * @returns what its first two lines make, its first three, and so on, up to where another message begins
 */
export function* unwrapped(
  lines: readonly string[],
  at: number,
): Generator<{ readonly text: string; readonly next: number }> {
  let text = lines[at] as string;
  if (!BEGINS.test(text)) return;
  for (let next = at + 1; next < lines.length && next < at + MOST_LINES; next++) {
    const line = lines[next] as string;
    if (BEGINS.test(line)) return;
    // Header names are wrapped after a hyphen.
    text += text.endsWith('-') ? line : ` ${line}`;
    yield { text, next: next + 1 };
  }
}
