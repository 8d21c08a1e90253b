/** Reads text that a user's editor or shell has written. */
import { readFileSync } from 'node:fs';

/**
 * Decodes UTF-8; UTF-16 where a byte order mark says so, as Windows PowerShell writes what is sent to a file.
 * @returns the text without the mark
 */
export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** @param file a path, or 0 for standard input. @throws what readFileSync throws */
export const readTextFile = (file: string | number): string => decoded(readFileSync(file));

/**
 * Text whose bytes each stand for themselves, as those of header values do: a letter for each byte. UTF-16, which no
 * server sends, is what a shell has made of the bytes.
 */
export function bytesOf(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? Buffer.from(decoded(bytes), 'utf8') : bytes;
  return text.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
}
