/** The CORS-unsafe request-header bytes that script can put into a value (NUL, LF and CR are no header value at all). */

interface UnsafeByte {
  readonly name: string;
  readonly byte: string;
}

const DELIMITERS: [name: string, byte: string][] = [
  ['quote', '"'],
  ['left-parenthesis', '('],
  ['right-parenthesis', ')'],
  ['colon', ':'],
  ['less-than', '<'],
  ['greater-than', '>'],
  ['question-mark', '?'],
  ['at', '@'],
  ['left-bracket', '['],
  ['backslash', '\\'],
  ['right-bracket', ']'],
  ['left-brace', '{'],
  ['right-brace', '}'],
];

const CONTROLS = [0x01, 0x08, 0x0b, 0x0c, 0x0e, 0x1f, 0x7f];

const hex = (code: number) => code.toString(16).padStart(2, '0');

/** Every delimiter, and the control characters at the edges of their ranges. */
export const UNSAFE_BYTES: readonly UnsafeByte[] = [
  ...DELIMITERS.map(([name, byte]) => ({ name, byte })),
  ...CONTROLS.map(code => ({
    name: `control-${hex(code)}`,
    byte: String.fromCharCode(code),
  })),
];
