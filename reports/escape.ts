/**
 * Everything a target, a case file or an engine said is data. These functions make it harmless for the place it
 * is shown in. Nothing else in reports/ writes a foreign text anywhere.
 */

// C0, DEL and C1 controls; directional marks, embeddings, overrides and isolates; zero-width characters; line and
// paragraph separators; tag characters; lone surrogates. All of them can hide or reorder what stands beside them.
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** One line of text in which every character can be seen: controls, ANSI, bidi overrides become `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** As `visible`, but line ends and tabs stay, for places that show several lines. */
export function visibleLines(text: string): string {
  return text.replace(INVISIBLE, char => (char === '\n' || char === '\t' ? char : escapeOf(char)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const entities = (text: string): string => text.replace(/[&<>"']/g, char => ENTITIES[char] ?? char);

/** HTML text and quoted attribute values. */
export function html(text: string): string {
  return entities(visible(text));
}

/** XML 1.0 text: what may not stand in XML, even as a character reference, is made visible. Line ends stay. */
export function xmlText(text: string): string {
  return entities(visibleLines(text));
}

/** XML 1.0 attribute values; a line end would be normalised to a space, so it is made visible too. */
export function xmlAttribute(text: string): string {
  return entities(visible(text));
}

const codeUnits = (text: string): string =>
  text
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON for a `<script type="application/json">`: no `</script>`, no `<!--`, nothing that cannot be seen. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, codeUnits).replace(INVISIBLE, codeUnits);
}

/**
 * Markdown text as GitHub reads it. An `@name` or `#1` must neither notify a person nor link an issue, which GitHub
 * decides after rendering; an empty comment between the two prevents it.
 */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()+.!|~-]/g, '\\$&')
    .replace(/[&<>]/g, char => ENTITIES[char] ?? char)
    .replace(/[@#](?=\w)/g, '$&<!-- -->')
    .replace(/\b(https?|www)(?=:|\\\.)/gi, '$&<!-- -->');
}

/** A Markdown code span that holds `text` as it is. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A fenced block that holds `text` as it is, line by line, each with `indent` in front. */
export function markdownFence(text: string, indent = ''): string {
  const shown = visibleLines(text);
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...shown.split('\n'), fence].map(line => `${indent}${line}`.trimEnd()).join('\n');
}

/** The same inside a table, where a bar would end the cell even in code. */
export function markdownTableCode(text: string): string {
  return markdownCode(text).replace(/\|/g, '\\|');
}

/** The message of a GitHub workflow command. */
export function commandData(text: string): string {
  return visibleLines(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** A property value (`title=`) of a GitHub workflow command. */
export function commandProperty(text: string): string {
  return commandData(visible(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** A text inside a URL's fragment. */
export function fragment(text: string): string {
  return encodeURIComponent(visible(text)).replace(/'/g, '%27');
}

/** One word for a POSIX shell; unprintable bytes in the `$'…'` form that bash and zsh read. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text)) return text;
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replace(/'/g, "'\\''")}'`;
  const quoted = [...text]
    .map(char => {
      const code = char.codePointAt(0) ?? 0;
      if (char === "'" || char === '\\') return `\\${char}`;
      if (code >= 0x20 && code < 0x7f) return char;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : visible(char);
    })
    .join('');
  return `$'${quoted}'`;
}

/** The address of a link, or null where it is no absolute http(s) URL: a record may come from anywhere. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
