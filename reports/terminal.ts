/** Plain text for terminals: colour, width, wrapping, aligned columns. */
import { visible } from './escape.ts';

export type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** What a text is laid out for. */
export interface Page {
  /** Columns of the terminal. */
  readonly width: number;
  readonly p: Palette;
}

const paint =
  (on: boolean, open: number, close: number): Paint =>
  text =>
    on && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;

export function palette(color: boolean): Palette {
  return {
    bold: paint(color, 1, 22),
    dim: paint(color, 2, 22),
    red: paint(color, 31, 39),
    green: paint(color, 32, 39),
    yellow: paint(color, 33, 39),
    cyan: paint(color, 36, 39),
  };
}

/**
 * Whether to colour: FORCE_COLOR (unless 0 or false) wins, then NO_COLOR (any non-empty value), then TERM=dumb,
 * then whether the stream is a terminal.
 */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (env.NO_COLOR) return false;
  return isTerminal && env.TERM !== 'dumb';
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it takes our own colours out
const COLOUR = /\u001b\[\d+m/g;

/** Columns that `text` takes, without our own colour codes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text.replace(COLOUR, '')) {
    if (/\p{Mn}/u.test(char)) continue;
    width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Uncoloured text cut to `width` columns, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const char of text) {
    if (widthOf(kept + char) > width - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** Uncoloured text broken at spaces into lines of at most `width` columns; a longer word is never broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line === '') line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** Foreign text under a hanging indent: made visible, cut after `most` characters, wrapped. */
export function paragraph(
  label: string,
  text: string,
  { indent, width, most = 600 }: { readonly indent: number; readonly width: number; readonly most?: number },
): string[] {
  const labelWidth = widthOf(label);
  const shown = visible(text);
  const kept = shown.length > most ? `${shown.slice(0, most)}…` : shown;
  const lines = wrap(kept, Math.max(24, width - indent - labelWidth));
  return lines.map((line, n) => `${' '.repeat(indent)}${n === 0 ? label : ' '.repeat(labelWidth)}${line}`);
}

/** Short items side by side, three spaces apart, on as many lines as it takes; no item is broken. */
export function flow(items: readonly string[], indent: number, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = lines.length === 0 ? null : `${lines.at(-1)}   ${item}`;
    if (longer !== null && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(' '.repeat(indent) + item);
  }
  return lines;
}

/** Rows as aligned columns, two spaces between them, the last one unpadded. */
export function columns(rows: readonly (readonly string[])[], indent = 2): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, widthOf(cell));
  }
  return rows.map(row =>
    `${' '.repeat(indent)}${row.map((cell, n) => (n === row.length - 1 ? cell : pad(cell, widths[n] ?? 0))).join('  ')}`.trimEnd(),
  );
}
