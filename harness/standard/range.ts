/** Fetch, "parse a single range header value", with allowWhitespace false: the only form that CORS asks for. */

const SINGLE_RANGE = /^bytes=([0-9]*)-([0-9]*)$/;
const LEADING_ZEROS = /^0+(?=[0-9])/;

export interface SingleRange {
  /** Decimal digits, or null where omitted. */
  readonly start: string | null;
  readonly end: string | null;
}

/** @returns null for a value that is not one range of bytes */
export function parseSingleRange(value: string): SingleRange | null {
  const match = SINGLE_RANGE.exec(value);
  if (!match) return null;
  const start = (match[1] as string).replace(LEADING_ZEROS, '');
  const end = (match[2] as string).replace(LEADING_ZEROS, '');
  if (start === '' && end === '') return null;
  if (start !== '' && end !== '' && isGreater(start, end)) return null;
  return { start: start === '' ? null : start, end: end === '' ? null : end };
}

function isGreater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
