/** Who reads what, as `verify` saw it: a row per origin, a column per request, with what the policy says. */
import type { Result, RunRecord } from '../harness/verdict/record.ts';
import { headerValue } from '../harness/wire/exchange.ts';
import { groupBy } from './group-by.ts';
import { originHeard } from './reproduce.ts';

export interface AccessCell {
  /** Whether any page of the origin read the response. */
  readonly reads: boolean;
  /** Nothing was read, but a preflight was allowed: requests are carried out. */
  readonly carriedOut: boolean;
  /** It was read by a request that carried cookies or authorization. */
  readonly withCredentials: boolean;
  /** Whether that is what the policy says. */
  readonly asDeclared: boolean;
}

export interface AccessRow {
  /** Origins for which every cell is the same. */
  readonly origins: readonly string[];
  /** The policy lets them read something. */
  readonly declared: boolean;
  /** In the order of the columns; null if it was not tried. */
  readonly cells: readonly (AccessCell | null)[];
}

export interface Access {
  /** "GET /api/items". */
  readonly columns: readonly string[];
  readonly rows: readonly AccessRow[];
}

interface Attempt {
  readonly origin: string;
  readonly what: string;
  readonly allowed: boolean;
  readonly reads: boolean;
  /** Only a preflight was asked, and allowed. */
  readonly carriedOut: boolean;
  readonly withCredentials: boolean;
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}

/** Null for an attempt that does not tell whether one request was read. */
function attemptOf(result: Result): Attempt | null {
  const { exchanges, observed, expected } = result;
  const origin = originHeard(exchanges);
  const [first] = exchanges;
  if (!first || origin === null || observed === null) return null;
  if (exchanges.some(({ step }) => step !== first.step)) return null;
  if (observed.outcome !== 'readable' && observed.outcome !== 'blocked') return null;
  const alone = exchanges.every(({ role }) => role === 'preflight');
  const { headers, method, url } = first.request;
  const asked = first.role === 'preflight' ? headerValue(headers, 'access-control-request-method') : null;
  return {
    origin,
    what: `${asked ?? method} ${pathOf(url)}`,
    allowed: expected.outcome === 'readable',
    reads: observed.outcome === 'readable' && !alone,
    carriedOut: observed.outcome === 'readable' && alone,
    withCredentials: exchanges.some(({ request }) =>
      ['cookie', 'authorization'].some(name => headerValue(request.headers, name) !== null),
    ),
  };
}

function cellOf(attempts: readonly Attempt[]): AccessCell | null {
  if (attempts.length === 0) return null;
  const reads = attempts.filter(attempt => attempt.reads);
  const carriedOut = attempts.some(attempt => attempt.carriedOut);
  const allowed = attempts.some(attempt => attempt.allowed);
  // A declared page is blocked where it asks for more than is declared; what it may do decides about its cell.
  const asDeclared = allowed
    ? attempts.every(attempt => attempt.reads || attempt.carriedOut || !attempt.allowed)
    : reads.length === 0 && !carriedOut;
  return {
    reads: reads.length > 0,
    carriedOut: carriedOut && reads.length === 0,
    withCredentials: reads.some(attempt => attempt.withCredentials),
    asDeclared,
  };
}

const severityOf = ({ cells, declared }: AccessRow): number => {
  if (cells.some(cell => cell && !cell.asDeclared)) return declared ? 1 : 0;
  return declared ? 2 : 3;
};

/** Rows with a fault first, then what is declared, then the rest; origins that fare the same share a row. */
export function accessOf(record: RunRecord): Access {
  const attempts = record.results.flatMap(result => attemptOf(result) ?? []);
  const methods = new Set(attempts.filter(({ allowed }) => allowed).map(({ what }) => what));
  const shown = attempts.filter(({ what, reads, carriedOut }) => methods.has(what) || reads || carriedOut);
  const columns = [...new Set(shown.map(({ what }) => what))];
  const single = [...groupBy(shown, ({ origin }) => origin)].map(([origin, own]) => ({
    origins: [origin],
    declared: own.some(({ allowed }) => allowed),
    cells: columns.map(column => cellOf(own.filter(({ what }) => what === column))),
  }));
  const rows = [
    ...groupBy(single, ({ declared, cells, origins }) =>
      declared ? origins.join() : JSON.stringify(cells),
    ).values(),
  ].flatMap(([first, ...same]) =>
    first ? [{ ...first, origins: [first, ...same].flatMap(({ origins }) => origins) }] : [],
  );
  return { columns, rows: rows.sort((a, b) => severityOf(a) - severityOf(b)) };
}
