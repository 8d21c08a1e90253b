/** Writing configurations: literals of the languages that stacks are configured in, and lines with their reasons. */

/** A JavaScript or TypeScript string literal in single quotes. */
export const jsString = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;

/** A JavaScript list of strings. */
export const jsList = (values: readonly string[]): string => `[${values.map(jsString).join(', ')}]`;

/** Anchors at both ends. */
export const anchored = (source: string): string =>
  source.includes('|') ? `^(?:${source})$` : `^${source}$`;

/** A JavaScript regular expression literal that must match the whole text. */
export const jsRegex = (source: string): string => new RegExp(anchored(source)).toString();

/** A string literal in double quotes, as JSON, Python, Go, Rust, Java and C# all read it. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Lines indented by so many spaces; empty ones stay empty. */
export const indent = (spaces: number, lines: readonly string[]): string[] =>
  lines.map(line => (line === '' ? '' : `${' '.repeat(spaces)}${line}`));

/** The text of a file. */
export const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
