/** The raw bytes of a change, side by side: what was sent and answered, line by line, and which lines differ. */
import type { RegressChange, RegressRecord } from '../harness/regress/record.ts';
import { curlOf } from './reproduce.ts';

type Evidence = RegressChange['evidence']['before'][number];
type Side = 'before' | 'after';

export interface EvidenceLine {
  readonly text: string;
  /** The other side has no such line. */
  readonly differs: boolean;
}

export interface ExchangeEvidence {
  readonly lines: readonly EvidenceLine[];
  /** The request again. */
  readonly curl: string;
}

/** Where somebody would start the script to repeat a request. */
const LOCAL = 'http://localhost:8080';

/** The address by which people reach the server: the one that was given, or one of their own. */
function addressOf(url: string, record: RegressRecord, side: Side): string {
  const { label } = record.sides[side];
  const base =
    record.subject.ecosystem === 'servers' && /^https?:/.test(label) ? new URL(label).origin : LOCAL;
  const { pathname, search } = new URL(url);
  return base + pathname + search;
}

function linesOf({ request, response, end, note }: Evidence): string[] {
  const { pathname, search } = new URL(request.url);
  const head = ([name, value]: readonly [string, string]) => `${name}: ${value}`;
  const answer = response
    ? [
        `< ${response.status}${response.reason ? ` ${response.reason}` : ''}`,
        ...response.headers.map(one => `< ${head(one)}`),
      ]
    : [];
  return [
    `> ${request.method} ${pathname}${search}`,
    ...request.headers.map(one => `> ${head(one)}`),
    ...answer,
    ...(end === 'complete' ? [] : [`(${note ?? end})`]),
  ];
}

/** Lines that name the moment or the connection, and differ between any two answers. */
const PASSING =
  /^[<>] (?:date|host|connection|keep-alive|etag|content-length|x-request-id|server-timing|x-response-time|transfer-encoding):/i;

const levelled = (line: string): string =>
  line
    .toLowerCase()
    .replace(/localhost:\d+/g, 'localhost')
    .trim();

/** One side's exchanges, each line marked if the other side has none like it. */
export function evidenceOf(record: RegressRecord, change: RegressChange, side: Side): ExchangeEvidence[] {
  const other = side === 'before' ? 'after' : 'before';
  return change.evidence[side].map((exchange, i) => {
    const counterpart = change.evidence[other].filter(({ role }) => role === exchange.role);
    const same =
      counterpart[change.evidence[side].slice(0, i).filter(({ role }) => role === exchange.role).length];
    const known = new Set((same ? linesOf(same) : []).map(levelled));
    return {
      lines: linesOf(exchange).map(text => ({
        text,
        differs: !PASSING.test(text) && !known.has(levelled(text)),
      })),
      curl: curlOf({
        ...exchange,
        request: { ...exchange.request, url: addressOf(exchange.request.url, record, side) },
      }),
    };
  });
}
