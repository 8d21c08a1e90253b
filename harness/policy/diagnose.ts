/**
 * Why a CORS request does not get through, told from the wire alone. Follows the CORS-preflight fetch and the CORS
 * check (https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, https://fetch.spec.whatwg.org/#cors-check), but
 * names a bad preflight status before a missing header: that is what has to be mended.
 */
import { corsCheck } from '../standard/cors-check.ts';
import { extractTokens, FAILURE } from '../standard/header-list.ts';
import { isSafelistedMethod } from '../standard/methods.ts';
import { NON_WILDCARD_NAMES } from '../standard/request-headers.ts';
import { type Exchange, type HeaderLine, headerValue, headerValues } from '../wire/exchange.ts';

export type Reason =
  | { readonly id: 'no-answer'; readonly at: At; readonly note: string }
  | { readonly id: 'redirect'; readonly at: At; readonly status: number; readonly location: string }
  | { readonly id: 'status'; readonly at: 'preflight'; readonly status: number }
  | { readonly id: 'origin-missing'; readonly at: At; readonly status: number }
  | { readonly id: 'origin-wildcard'; readonly at: At }
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

export type At = 'preflight' | 'response';

/** What was asked for. */
export interface Asked {
  readonly origin: string;
  readonly credentials: boolean;
  readonly method: string;
  /** Names that need permission, in lower case. */
  readonly headers: readonly string[];
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

/** How an Access-Control-Allow-Origin that is meant for this origin differs from it; null where it is not meant for it. */
export function misspelling(value: string, origin: string): string | null {
  if (value === `${origin}/`) return 'it ends in a slash';
  if (value.toLowerCase() === origin.toLowerCase()) return 'it differs in upper and lower case';
  if (value.startsWith(`${origin}/`)) return 'it has a path';
  if (value === `${origin}:443` || value === `${origin}:80`) return 'it names the default port';
  if (value === origin.replace(/^[a-z]+:\/\//, '')) return 'it lacks the scheme';
  if (value.replace(/^["']|["']$/g, '') === origin) return 'it stands in quotes';
  if (value === '') return 'it is empty';
  if (/[*]/.test(value)) return 'it is a pattern, and browsers know no patterns there';
  if (/^(?:true|false|undefined|\[object)/i.test(value)) return 'it is no origin at all';
  return null;
}

/** The CORS check on one answer. */
function checkAnswer(exchange: Exchange, asked: Asked, at: At): Reason | null {
  const { response } = exchange;
  if (response === null || exchange.end === 'malformed' || exchange.end === 'no-answer')
    return { id: 'no-answer', at, note: exchange.note ?? exchange.end };
  const origin = headerValue(exchange.request.headers, 'origin') ?? asked.origin;
  const check = corsCheck(origin, asked.credentials ? 'include' : 'omit', response.headers);
  if (check.failure === undefined) return null;
  switch (check.failure) {
    case 'allow-origin-missing':
      return { id: 'origin-missing', at, status: response.status };
    case 'allow-origin-wildcard-with-credentials':
      return { id: 'origin-wildcard', at };
    case 'allow-credentials-missing':
      return { id: 'credentials-missing', at };
    case 'allow-credentials-differs':
      return { id: 'credentials-misspelt', at, value: check.allowCredentials ?? '' };
    case 'allow-origin-differs':
      return differing(response.headers, check.allowOrigin ?? '', origin, at);
  }
}

function differing(headers: readonly HeaderLine[], value: string, origin: string, at: At): Reason {
  const lines = headerValues(headers, 'access-control-allow-origin');
  const values = lines.flatMap(line => line.split(',').map(one => one.trim()));
  if (values.length > 1) return { id: 'origin-repeated', at, values };
  const how = misspelling(value, origin);
  return how ? { id: 'origin-misspelt', at, value, how } : { id: 'origin-other', at, value };
}

/** Why this preflight does not allow what is asked; null where it does. */
export function diagnosePreflight(exchange: Exchange, asked: Asked): Reason | null {
  const { response } = exchange;
  if (response === null || exchange.end === 'malformed' || exchange.end === 'no-answer')
    return { id: 'no-answer', at: 'preflight', note: exchange.note ?? exchange.end };
  const { status, headers } = response;
  if (isRedirect(status))
    return { id: 'redirect', at: 'preflight', status, location: headerValue(headers, 'location') ?? '' };
  if (status < 200 || status > 299) return { id: 'status', at: 'preflight', status };
  const reason = checkAnswer(exchange, asked, 'preflight');
  if (reason) return reason;
  const methods = extractTokens(headers, 'access-control-allow-methods');
  const names = extractTokens(headers, 'access-control-allow-headers');
  for (const [header, list] of [
    ['Access-Control-Allow-Methods', methods],
    ['Access-Control-Allow-Headers', names],
  ] as const)
    if (list === FAILURE)
      return { id: 'list-malformed', at: 'preflight', header, value: headerValue(headers, header) ?? '' };
  const allowedMethods = (methods ?? []) as string[];
  const star = !asked.credentials;
  if (
    !isSafelistedMethod(asked.method) &&
    !allowedMethods.includes(asked.method) &&
    !(star && allowedMethods.includes('*'))
  )
    return {
      id: 'method',
      at: 'preflight',
      listed: headerValue(headers, 'access-control-allow-methods'),
      wildcard: allowedMethods.includes('*'),
    };
  const allowedNames = ((names ?? []) as string[]).map(name => name.toLowerCase());
  const wildcard = allowedNames.includes('*');
  const missing = asked.headers.filter(
    name => !allowedNames.includes(name) && (NON_WILDCARD_NAMES.has(name) || !(star && wildcard)),
  );
  return missing.length === 0
    ? null
    : {
        id: 'header',
        at: 'preflight',
        names: missing,
        listed: headerValue(headers, 'access-control-allow-headers'),
        wildcard,
      };
}

/**
 * The first reason on the wire for which script may not have the answer.
 * @param exchanges those of one request, in order
 * @returns null where nothing on the wire stands against it
 */
export function diagnose(exchanges: readonly Exchange[], asked: Asked): Reason | null {
  for (const exchange of exchanges) {
    if (exchange.role === 'preflight') {
      const reason = diagnosePreflight(exchange, asked);
      if (reason) return reason;
      continue;
    }
    const reason = checkAnswer(exchange, asked, 'response');
    if (!reason) continue;
    const { response } = exchange;
    return response && isRedirect(response.status)
      ? {
          id: 'redirect',
          at: 'response',
          status: response.status,
          location: headerValue(response.headers, 'location') ?? '',
        }
      : reason;
  }
  return null;
}

const CORS_LINES = /^(?:access-control-|vary$|location$|www-authenticate$|allow$|cache-control$)/i;

/** One answer in one line: its status and the header lines that matter here, as they stood on the wire. */
export function answerText(exchange: Exchange): string {
  const { method, headers } = exchange.request;
  const origin = headerValue(headers, 'origin');
  const asked = headerValue(headers, 'access-control-request-method');
  const what = `${method}${asked ? ` (preflight for ${asked})` : ''}${origin === null ? ' without Origin' : ` from ${origin}`}`;
  if (!exchange.response) return `${what}: ${exchange.note ?? 'no answer'}`;
  const lines = exchange.response.headers.filter(([name]) => CORS_LINES.test(name));
  return `${what}: ${exchange.response.status}${lines.length > 0 ? `, ${lines.map(([n, v]) => `${n}: ${v}`).join('; ')}` : ', no CORS header'}`;
}
