/**
 * How much of an exchange a record keeps. A target may send a head of 1 MiB with every answer; whoever judges it reads
 * all of it, and the record says how much it leaves out. Bodies and interim answers are cut where they are received.
 */
import type { Exchange, HeaderLine } from './exchange.ts';

/** Lines of one head that are kept, and as many more that CORS or caches look at. */
export const KEPT_LINES = 100;
/** Characters of one value that are kept. */
export const KEPT_VALUE = 4096;

const LOOKED_AT = /^(?:access-control-.*|vary|location|origin|set-cookie)$/i;

/** The header lines that a record keeps, in order, their values cut to what it keeps of them. */
export function boundedLines(lines: readonly HeaderLine[]): readonly HeaderLine[] {
  let [some, more] = [0, 0];
  const kept = lines.filter(([name]) => some++ < KEPT_LINES || (LOOKED_AT.test(name) && more++ < KEPT_LINES));
  return kept.map(([name, value]) => [boundedText(name), boundedText(value)] as const);
}

const boundedText = (text: string): string =>
  text.length <= KEPT_VALUE
    ? text
    : `${text.slice(0, KEPT_VALUE)} [and ${text.length - KEPT_VALUE} more characters]`;

/** The exchange as a record keeps it; its note says how many lines were left out. */
export function boundedExchange(exchange: Exchange): Exchange {
  let left = 0;
  const bounded = (lines: readonly HeaderLine[]): readonly HeaderLine[] => {
    const kept = boundedLines(lines);
    left += lines.length - kept.length;
    return kept;
  };
  const { request, response, note } = exchange;
  const whole = {
    ...exchange,
    request: { ...request, headers: bounded(request.headers) },
    response: response && {
      ...response,
      headers: bounded(response.headers),
      ...(response.interim && {
        interim: response.interim.map(one => ({ ...one, headers: bounded(one.headers) })),
      }),
      ...(response.trailers && { trailers: bounded(response.trailers) }),
    },
  };
  if (left === 0) return whole;
  return { ...whole, note: [note, `${left} more header lines are not recorded`].filter(Boolean).join('; ') };
}
