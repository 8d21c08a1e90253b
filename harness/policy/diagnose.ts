/**
 * Why a CORS request does not get through, told from the wire alone. Follows the CORS-preflight fetch and the CORS
 * check, but names a bad preflight status before a missing header: that is what has to be fixed first.
 */

import { hasForbiddenValueByte } from '../standard/bytes.ts';
import { corsCheck } from '../standard/cors-check.ts';
import { whyDifferent } from '../standard/explain-origin.ts';
import { extractTokens, FAILURE } from '../standard/header-list.ts';
import { allowsMethod, missingFrom } from '../standard/preflight.ts';
import { isRedirectStatus } from '../standard/redirect.ts';
import { isOkStatus } from '../standard/response.ts';
import {
  type Exchange,
  type HeaderLine,
  headerValue,
  headerValues,
  type WireResponse,
} from '../wire/exchange.ts';
import { ledElsewhere, whyNotFollowed } from './diagnose-redirect.ts';

export type At = 'preflight' | 'response';

/** What is wrong with where a redirect leads. */
export type RedirectTrouble = 'endless' | 'nowhere' | 'scheme' | 'insecure' | 'user' | 'origin' | 'other';

export type WireReason =
  | { readonly id: 'no-answer'; readonly at: At; readonly note: string }
  | { readonly id: 'cut'; readonly at: At; readonly note: string }
  | { readonly id: 'undecodable'; readonly at: At; readonly coding: string }
  | { readonly id: 'redirect'; readonly at: At; readonly status: number; readonly location: string }
  | {
      readonly id: 'redirect-target';
      readonly at: 'response';
      readonly location: string;
      readonly how: string;
      readonly trouble: RedirectTrouble;
      /** The server that it leads to, if all that is known is that this run does not ask it. */
      readonly elsewhere?: string;
    }
  | { readonly id: 'status'; readonly at: 'preflight'; readonly status: number }
  | { readonly id: 'origin-missing'; readonly at: At; readonly status: number }
  | { readonly id: 'origin-wildcard'; readonly at: At }
  | { readonly id: 'origin-listed'; readonly at: At; readonly values: readonly string[] }
  | { readonly id: 'origin-repeated'; readonly at: At; readonly values: readonly string[] }
  | { readonly id: 'origin-misspelt'; readonly at: At; readonly value: string; readonly how: string }
  | { readonly id: 'origin-other'; readonly at: At; readonly value: string }
  | { readonly id: 'credentials-missing'; readonly at: At }
  | { readonly id: 'credentials-misspelt'; readonly at: At; readonly value: string }
  | {
      readonly id: 'list-malformed';
      readonly at: 'preflight';
      readonly header: string;
      readonly value: string;
    }
  | {
      readonly id: 'method';
      readonly at: 'preflight';
      readonly listed: string | null;
      readonly wildcard: boolean;
    }
  | {
      readonly id: 'header';
      readonly at: 'preflight';
      readonly names: readonly string[];
      readonly listed: string | null;
      readonly wildcard: boolean;
    };

export type ReasonOf<Id extends WireReason['id']> = Extract<WireReason, { id: Id }>;

/** What was asked for. */
export interface CorsRequest {
  readonly origin: string;
  readonly credentials: boolean;
  readonly method: string;
  /** Names that need permission, in lower case. */
  readonly headers: readonly string[];
}

/** Values that are meant for another origin, not spelt wrongly for this one. */
const OTHER_ORIGIN = new Set([
  'it is another origin',
  'the scheme differs',
  'the port differs',
  'null stands for opaque origins only',
]);

/** The answer is not HTTP that a browser takes: none, malformed, with a status that does not exist or a NUL in a header. */
function unanswered(exchange: Exchange, at: At): WireReason | null {
  const { response, end, note } = exchange;
  if (response === null || end === 'malformed' || end === 'no-answer')
    return { id: 'no-answer', at, note: note ?? end };
  if (response.status < 100)
    return { id: 'no-answer', at, note: `the status is ${String(response.status).padStart(3, '0')}` };
  const broken = response.headers.find(([, value]) => hasForbiddenValueByte(value));
  return broken
    ? { id: 'no-answer', at, note: `the value of ${broken[0]} holds a NUL, LF or CR byte` }
    : null;
}

/** The CORS check on one answer. */
function checkAnswer(exchange: Exchange, asked: CorsRequest, at: At): WireReason | null {
  const none = unanswered(exchange, at);
  const { response } = exchange;
  if (none || response === null) return none;
  const origin = headerValue(exchange.request.headers, 'origin') ?? asked.origin;
  const check = corsCheck(origin, asked.credentials ? 'include' : 'omit', response.headers);
  switch (check.failure) {
    case undefined:
      return null;
    case 'allow-origin-missing':
      return { id: 'origin-missing', at, status: response.status };
    case 'allow-origin-wildcard-with-credentials':
      return { id: 'origin-wildcard', at };
    case 'allow-credentials-missing':
      return { id: 'credentials-missing', at };
    case 'allow-credentials-differs':
      return { id: 'credentials-misspelt', at, value: check.allowCredentials ?? '' };
    default:
      return differing(response.headers, check.allowOrigin ?? '', origin, at);
  }
}

/** What lists of origins are made of. */
const ONE_ORIGIN = /^(?:\*|null|[a-z][a-z0-9+.-]*:\/\/[^\s,;|]+)$/i;

/** The values of a line: what stands between commas, or origins that something else stands between. */
function valuesIn(line: string): string[] {
  const values = line
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '');
  if (values.length !== 1) return values;
  const parts = line.split(/[\s;|]+/);
  return parts.every(part => ONE_ORIGIN.test(part)) ? parts : values;
}

/** The values of Access-Control-Allow-Origin, however lines were joined; more than one is a fault. */
export const allowOriginValues = (headers: readonly HeaderLine[]): string[] =>
  headerValues(headers, 'access-control-allow-origin').flatMap(valuesIn);

function differing(headers: readonly HeaderLine[], value: string, origin: string, at: At): WireReason {
  const lines = headerValues(headers, 'access-control-allow-origin');
  const values = allowOriginValues(headers);
  if (values.length > 1) {
    // A proxy may join the lines of two layers: then a value stands twice, or a wildcard beside an origin.
    const listed = lines.length === 1 && new Set(values).size === values.length && !values.includes('*');
    return { id: listed ? 'origin-listed' : 'origin-repeated', at, values };
  }
  const how = whyDifferent(value, origin);
  return OTHER_ORIGIN.has(how)
    ? { id: 'origin-other', at, value }
    : { id: 'origin-misspelt', at, value, how };
}

/** What a preflight's lists do not allow. */
function checkLists(headers: readonly HeaderLine[], asked: CorsRequest): WireReason | null {
  const methods = extractTokens(headers, 'access-control-allow-methods');
  const names = extractTokens(headers, 'access-control-allow-headers');
  if (methods === FAILURE || names === FAILURE) {
    const header = methods === FAILURE ? 'Access-Control-Allow-Methods' : 'Access-Control-Allow-Headers';
    return { id: 'list-malformed', at: 'preflight', header, value: headerValue(headers, header) ?? '' };
  }
  const allowed = methods ?? [];
  if (!allowsMethod(allowed, asked.method, asked.credentials))
    return {
      id: 'method',
      at: 'preflight',
      listed: headerValue(headers, 'access-control-allow-methods'),
      wildcard: allowed.includes('*'),
    };
  const missing = missingFrom(names ?? [], asked.headers, asked.credentials);
  if (missing.length === 0) return null;
  return {
    id: 'header',
    at: 'preflight',
    names: missing,
    listed: headerValue(headers, 'access-control-allow-headers'),
    wildcard: (names ?? []).includes('*'),
  };
}

/** Why this preflight does not allow what is asked; null if it does. */
export function diagnosePreflight(exchange: Exchange, asked: CorsRequest): WireReason | null {
  const none = unanswered(exchange, 'preflight');
  const { response } = exchange;
  if (none || response === null) return none;
  const { status, headers } = response;
  if (isRedirectStatus(status))
    return { id: 'redirect', at: 'preflight', status, location: headerValue(headers, 'location') ?? '' };
  if (!isOkStatus(status)) return { id: 'status', at: 'preflight', status };
  return checkAnswer(exchange, asked, 'preflight') ?? checkLists(headers, asked);
}

/**
 * The first reason on the wire for which script may not have the answer.
 * @param exchanges those of one request, in order
 * @returns null if nothing on the wire stands against it
 */
export function diagnose(exchanges: readonly Exchange[], asked: CorsRequest): WireReason | null {
  for (const [index, exchange] of exchanges.entries()) {
    const reason =
      exchange.role === 'preflight'
        ? diagnosePreflight(exchange, asked)
        : checkAnswer(exchange, asked, 'response');
    if (!reason) continue;
    const led = ledElsewhere(exchanges.slice(0, index), exchange, asked.origin);
    if (led) return led;
    const { response, role } = exchange;
    if (role === 'preflight' || !response || !isRedirectStatus(response.status)) return reason;
    const location = headerValue(response.headers, 'location') ?? '';
    return { id: 'redirect', at: 'response', status: response.status, location };
  }
  return null;
}

function undecodable({ headers, undecodable: is }: WireResponse, at: At): WireReason | null {
  const coding = headerValue(headers, 'content-encoding') ?? '';
  return is ? { id: 'undecodable', at, coding } : null;
}

/** Why a request fails although every answer of it passes the CORS check: cut off, garbled, or redirected to nowhere. */
export function diagnoseEnd(exchanges: readonly Exchange[]): WireReason | null {
  const last = exchanges.at(-1);
  if (!last?.response) return null;
  // Nothing of a preflight's body matters by the Standard, but some engines read it.
  const at = last.role === 'preflight' ? 'preflight' : 'response';
  if (last.end === 'cut') return { id: 'cut', at, note: whyCut(last) };
  if (at === 'preflight' || !isRedirectStatus(last.response.status)) return undecodable(last.response, at);
  const location = headerValue(last.response.headers, 'location') ?? '';
  return { id: 'redirect-target', at: 'response', location, ...whyNotFollowed(exchanges, location) };
}

/** A page that waits no longer closes the connection: that is no end of the server's. */
function whyCut({ note = 'it ends before its body does' }: Exchange): string {
  return GIVEN_UP.test(note) ? 'it had not ended when the page gave it up' : note;
}

const GIVEN_UP = /^(?:the client (?:closed|reset) the connection|still in flight)/;

const DECIDING =
  /^(?:access-control-|vary$|location$|www-authenticate$|allow$|cache-control$|retry-after$|content-range$)/i;

/** The header lines of an answer that matter here, whole, as they stood on the wire. */
export const decidingLines = (headers: readonly HeaderLine[]): HeaderLine[] =>
  headers.filter(([name]) => DECIDING.test(name));

/** One exchange in one line: what was asked, the status, and the lines that matter. */
export function answerText(exchange: Exchange): string {
  const { method, headers } = exchange.request;
  const origin = headerValue(headers, 'origin');
  const asked = headerValue(headers, 'access-control-request-method');
  const cookie = headerValue(headers, 'cookie') === null ? '' : ' with a Cookie';
  const from = origin === null ? ' without Origin' : ` from ${origin}`;
  const what = `${method}${asked ? ` (preflight for ${asked})` : ''}${from}${cookie}`;
  if (!exchange.response) return `${what}: ${exchange.note ?? 'no answer'}`;
  const lines = decidingLines(exchange.response.headers).map(([name, value]) => `${name}: ${value}`);
  return `${what}: ${exchange.response.status}, ${lines.length > 0 ? lines.join('; ') : 'no CORS header'}`;
}
