/**
 * What one server did with one probe, in a form in which two servers can be compared: spelling, order and the
 * splitting of lists into lines are normalised, and what names the server itself is replaced.
 */
import type { StepObservation } from '../case/observation.ts';
import { SAFELISTED_RESPONSE_HEADERS } from '../policy/names.ts';
import { outcomeOf } from '../verdict/judge.ts';
import { type Exchange, type ExchangeEnd, headerValues, type RequestRole } from '../wire/exchange.ts';
import type { Interpretation } from './plan.ts';

/** Response headers with a meaning in the CORS protocol, and Vary, which caches go by. */
export const CORS_HEADERS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
  'access-control-allow-private-network',
  'vary',
] as const;
export type CorsHeader = (typeof CORS_HEADERS)[number];

/** One answer. */
export interface AnswerFacts {
  readonly role: RequestRole;
  readonly method: string;
  /** Null if there was no answer. */
  readonly status: number | null;
  /** Why the answer is not whole; absent if it is. */
  readonly broken?: Exclude<ExchangeEnd, 'complete'>;
  /** It took longer than any server should; only of requests that are timed. */
  readonly slow?: true;
  /** Normalised values; a header that was not sent is not listed. */
  readonly headers: Readonly<Partial<Record<CorsHeader, string>>>;
}

/** What a page saw of one request, and what was answered to it. */
export interface StepFacts {
  /** "readable", "blocked at the preflight", … */
  readonly outcome: string;
  readonly readable: boolean;
  readonly status?: number;
  /** Names of response headers that script sees because they are exposed, sorted. */
  readonly exposed: readonly string[];
  readonly preflights: number;
  readonly answers: readonly AnswerFacts[];
}

/** How values show that they follow the request: the same text for every origin. */
export const ASKING_ORIGIN = "(the request's origin)";
/** The server's own origin. */
export const SERVER = '(the server)';

/** Lists of methods are case-sensitive, lists of header names are not. */
const LISTS: Readonly<Partial<Record<CorsHeader, 'methods' | 'names'>>> = {
  'access-control-allow-methods': 'methods',
  'access-control-allow-headers': 'names',
  'access-control-expose-headers': 'names',
  vary: 'names',
};

function normalised(name: CorsHeader, values: readonly string[], exchange: Exchange): string {
  const kind = LISTS[name];
  if (kind) {
    const items = values.flatMap(value => value.split(',')).map(item => item.trim());
    const named = items.filter(Boolean).map(item => (kind === 'names' ? item.toLowerCase() : item));
    return [...new Set(named)].sort().join(', ');
  }
  const [origin] = headerValues(exchange.request.headers, 'origin');
  const { origin: server } = new URL(exchange.request.url);
  const shown = values.map(value => {
    if (name !== 'access-control-allow-origin') return value;
    if (value === origin) return ASKING_ORIGIN;
    return value === server ? SERVER : value;
  });
  // Two lines are not one: browsers join them, and the joined value matches nothing.
  return shown.join(' and ');
}

/** Milliseconds within which a server answers even a long request: far above what a busy machine adds. */
const SLOW_MS = 2_000;

/**
 * @param exchange one request and its answer, as recorded
 * @param timed whether it matters how long the answer took
 */
export function answerFacts(exchange: Exchange, timed = false): AnswerFacts {
  const { role, request, response, end, startedMs, endedMs } = exchange;
  const headers: Partial<Record<CorsHeader, string>> = {};
  for (const name of CORS_HEADERS) {
    const values = headerValues(response?.headers ?? [], name);
    if (values.length > 0) headers[name] = normalised(name, values, exchange);
  }
  return {
    role,
    method: request.method,
    status: response?.status ?? null,
    ...(end !== 'complete' && { broken: end }),
    ...(timed && endedMs - startedMs > SLOW_MS && { slow: true as const }),
    headers,
  };
}

/**
 * Visible whatever the server says, or of the connection rather than the answer (RFC 9110, 7.6.1), which engines show
 * or hide as they like.
 */
const UNTELLING: ReadonlySet<string> = new Set([
  ...SAFELISTED_RESPONSE_HEADERS,
  'connection',
  'date',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What script saw in one step, and the answers to its requests. */
export function stepFacts(observed: StepObservation): StepFacts {
  const { script, exchanges } = observed;
  const { outcome, blockedAt } = outcomeOf(observed);
  const names = (script.headers ?? []).map(([name]) => name.toLowerCase());
  return {
    outcome: blockedAt ? `blocked at the ${blockedAt}` : outcome,
    readable: outcome === 'readable',
    ...(script.status !== undefined && outcome === 'readable' && { status: script.status }),
    exposed: [...new Set(names.filter(name => !UNTELLING.has(name)))].sort(),
    preflights: exchanges.filter(({ role }) => role === 'preflight').length,
    answers: exchanges.map(exchange => answerFacts(exchange)),
  };
}

/** Blocked by nobody but the cache: it holds an answer that no origin may read. */
const BY_CACHE = 'blocked by what is in the HTTP cache';

function outcomeIn(step: StepFacts | undefined, interpretation: Interpretation): string {
  if (!step) return 'nothing';
  const unasked = interpretation === 'second' && step.outcome === 'error' && step.answers.length === 0;
  return unasked ? BY_CACHE : step.outcome;
}

/** What a page notices of one server. Equal for equal behaviour. */
export interface PageView {
  readonly outcome: string;
  /** Of readable answers. */
  readonly status: string;
  readonly exposed: string;
  /** How many preflights the server has seen after each request; empty unless they are counted. */
  readonly preflights: string;
}

/** @param steps of one side */
export function pageView(steps: readonly StepFacts[], interpretation: Interpretation): PageView {
  const seen = interpretation === 'second' ? steps.slice(-1) : steps;
  let preflights = 0;
  const counts = steps.map(step => {
    preflights += step.preflights;
    return preflights;
  });
  return {
    outcome: once(seen.map(step => outcomeIn(step, interpretation))) || 'nothing',
    status: once(seen.flatMap(({ status }) => (status === undefined ? [] : [String(status)]))),
    exposed: once(seen.map(({ exposed }) => exposed.join(', '))),
    preflights: interpretation === 'count-preflights' ? counts.join(', ') : '',
  };
}

/** All of them, or one if they are all the same. */
const once = (texts: readonly string[]): string =>
  texts.every(text => text === texts[0]) ? (texts[0] ?? '') : texts.join(', ');
