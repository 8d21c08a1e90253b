/**
 * What one server did with one probe, in a form in which two servers can be held side by side: spelling, order and
 * the splitting of lists into lines are levelled, and what names the server itself is replaced.
 */
import type { StepObservation } from '../case/observation.ts';
import { SAFELISTED_RESPONSE_HEADERS } from '../policy/names.ts';
import { outcomeOf } from '../verdict/judge.ts';
import { type Exchange, type ExchangeEnd, headerValues, type Role } from '../wire/exchange.ts';
import type { Reading } from './plan.ts';

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
  readonly role: Role;
  readonly method: string;
  /** Null where there was none. */
  readonly status: number | null;
  /** Why the answer is not whole; absent where it is. */
  readonly broken?: Exclude<ExchangeEnd, 'complete'>;
  /** Levelled values; a header that is not there is not listed. */
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
const SERVER = '(the server)';

/** Lists of methods are case-sensitive, lists of header names are not. */
const LISTS: Readonly<Partial<Record<CorsHeader, 'methods' | 'names'>>> = {
  'access-control-allow-methods': 'methods',
  'access-control-allow-headers': 'names',
  'access-control-expose-headers': 'names',
  vary: 'names',
};

function levelled(name: CorsHeader, values: readonly string[], exchange: Exchange): string {
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

/** @param exchange one request and its answer, as recorded */
export function answerFacts(exchange: Exchange): AnswerFacts {
  const { role, request, response, end } = exchange;
  const headers: Partial<Record<CorsHeader, string>> = {};
  for (const name of CORS_HEADERS) {
    const values = headerValues(response?.headers ?? [], name);
    if (values.length > 0) headers[name] = levelled(name, values, exchange);
  }
  return {
    role,
    method: request.method,
    status: response?.status ?? null,
    ...(end !== 'complete' && { broken: end }),
    headers,
  };
}

/** Visible whatever the server says, so they show nothing. */
const ALWAYS_VISIBLE: ReadonlySet<string> = new Set(SAFELISTED_RESPONSE_HEADERS);

export function stepFacts(observed: StepObservation): StepFacts {
  const { script, exchanges } = observed;
  const { outcome, blockedAt } = outcomeOf(observed);
  const names = (script.headers ?? []).map(([name]) => name.toLowerCase());
  return {
    outcome: blockedAt ? `blocked at the ${blockedAt}` : outcome,
    readable: outcome === 'readable',
    ...(script.status !== undefined && outcome === 'readable' && { status: script.status }),
    exposed: [...new Set(names.filter(name => !ALWAYS_VISIBLE.has(name)))].sort(),
    preflights: exchanges.filter(({ role }) => role === 'preflight').length,
    answers: exchanges.map(answerFacts),
  };
}

/**
 * What a page notices, as one text that is equal for equal behaviour.
 * @param brief outcomes only, for where they differ: status and headers then say nothing more
 */
export function seenByPage(steps: readonly StepFacts[], reading: Reading, brief = false): string {
  const text = (step: StepFacts | undefined) => (brief ? (step?.outcome ?? 'nothing') : inFull(step));
  if (reading === 'second') {
    const last = steps.at(-1);
    // Nobody was asked: what is in the HTTP cache was used, and no origin may read it.
    if (last?.outcome === 'error' && last.answers.length === 0) return 'blocked by what is in the HTTP cache';
    return text(last);
  }
  const each = steps.map(text);
  const same = each.every(one => one === each[0]);
  if (reading === 'count-preflights') {
    let count = 0;
    const counts = steps.map(step => {
      count += step.preflights;
      return count;
    });
    return `${same ? each[0] : each.join(', then ')}; preflights seen: ${counts.join(', ')}`;
  }
  return same ? (each[0] ?? 'nothing') : each.join(', ');
}

function inFull(step: StepFacts | undefined): string {
  if (!step) return 'nothing';
  const status = step.status === undefined ? '' : ` (${step.status})`;
  const exposed = step.exposed.length > 0 ? `, with ${step.exposed.join(', ')}` : '';
  return `${step.outcome}${status}${exposed}`;
}
