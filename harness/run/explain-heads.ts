/** Answers given by hand: header lines from flags, and heads saved from `curl -i`. */

import { trimTabOrSpace } from '../standard/bytes.ts';
import type { Header, ResponseReply } from '../standard/types.ts';
import { CliError } from './exit.ts';

const STATUS_LINE = /^HTTP\/[0-9.]+ ([0-9]{3})(?: .*)?$/;

/**
 * Reads header lines, and a status line where one of them is one.
 *
 * @param flag the flag that they came from, for the message
 * @throws {CliError} for a line without a colon
 */
export function answerFromLines(lines: readonly string[], status: number, flag: string): ResponseReply {
  const headers: Header[] = [];
  let code = status;
  for (const line of lines) {
    const match = STATUS_LINE.exec(line);
    if (match) code = Number(match[1]);
    else headers.push(parseLine(line, flag));
  }
  return { kind: 'response', status: code, headers };
}

/** @throws {CliError} where there is no colon after a name */
export function parseLine(line: string, flag: string): Header {
  const colon = line.indexOf(':');
  if (colon < 1) {
    throw new CliError(`${flag}: "${line.slice(0, 80)}" is not a header line; write it as 'Name: value'`);
  }
  return [line.slice(0, colon), trimTabOrSpace(line.slice(colon + 1))];
}

/**
 * Reads what `curl -i`, `-I` or `-iL` printed: every head in turn, bodies left out. Interim answers and a proxy's
 * "Connection established" are no answers of the server's.
 *
 * @throws {CliError} where no head can be read
 */
export function readHeads(text: string, file: string): ResponseReply[] {
  const lines = text.split(/\r?\n/);
  const heads: ResponseReply[] = [];
  for (let at = 0; at < lines.length; at++) {
    const match = STATUS_LINE.exec(lines[at] as string);
    if (!match) continue;
    const headers: Header[] = [];
    for (at++; at < lines.length && lines[at] !== ''; at++) {
      headers.push(parseLine(lines[at] as string, file));
    }
    const status = Number(match[1]);
    const tunnel = / connection established$/i.test(match[0]);
    if (status >= 200 && !tunnel) heads.push({ kind: 'response', status, headers });
  }
  if (heads.length === 0) {
    throw new CliError(`${file}: no HTTP head in it; save one with: curl -i -o ${file} URL`);
  }
  return heads;
}
