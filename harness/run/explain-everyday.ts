/** The verb `explain` for what people have at hand: a line of the console, or a recorded session. */

import { visible } from '../../reports/escape.ts';
import type { ConsoleMessage } from '../explain/console-message.ts';
import { type HarEntry, type HarExchange, recordedRequestOf } from '../explain/har.ts';
import { MOVES, misunderstoodOf, pageOf, REASONS, type ReasonId } from '../explain/reasons.ts';
import { isUrl } from '../standard/url.ts';
import type { AsyncTransport, ResponseReply, ScriptRequest, WireReply } from '../standard/user-agent.ts';
import { clientOf } from './explain-request.ts';

/** A reason in everyday words, as lines: what happened, whose move it is, what to do, what people get wrong. */
export function reasonLines(id: ReasonId, at?: 'preflight' | 'response'): string[] {
  const { happened, move, fix } = REASONS[id];
  return [
    `  ${happened}`,
    `  ${MOVES[move]}`,
    `  What to do: ${fix}`,
    ...misunderstoodOf(id, at).map(sentence => `  Note: ${sentence}`),
    `  More: ${pageOf(id)}`,
  ];
}

const ENGINE_TITLES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'Safari or another WebKit' };

/** A message's reason and what to do, and nothing else. */
export const briefLines = ({ reason }: Pick<ConsoleMessage, 'reason'>): string[] => [
  `${REASONS[reason].title}.`,
  `  What to do: ${REASONS[reason].fix}`,
];

/** One message of a console, explained. Everything from the message is made visible. */
export function messageLines(message: ConsoleMessage): string[] {
  const { reason, engine, url, origin, at, method, header, value, status, redirectedTo } = message;
  const facts: [string, string | undefined][] = [
    ['URL', url],
    ['page', origin],
    ['redirected to', redirectedTo],
    ['method', method],
    ['header', header],
    ['value', value],
    ['status', status === undefined ? undefined : String(status)],
    [
      'stopped at',
      at === undefined ? undefined : at === 'preflight' ? 'the preflight (OPTIONS)' : 'the response',
    ],
    ['browser', engine === undefined ? undefined : ENGINE_TITLES[engine]],
  ];
  return [
    `${REASONS[reason].title}.`,
    ...facts.flatMap(([name, fact]) =>
      fact === undefined ? [] : [`  ${name}: ${visible(fact) || '(empty)'}`],
    ),
    ...reasonLines(reason, at),
  ];
}

/**
 * The request behind a message, as far as the message tells it.
 *
 * @returns null if its URL or the page's origin is not known, or the URL is not http or https
 */
export function requestBehind(
  message: ConsoleMessage,
  givenOrigin: string | undefined,
): ScriptRequest | null {
  const origin = message.origin ?? givenOrigin;
  if (origin === undefined || message.url === undefined || !/^https?:/i.test(message.url)) return null;
  if (!isUrl(message.url)) return null;
  const credentials = ['wildcard-with-credentials', 'allow-credentials-missing'].includes(message.reason);
  const preflighted = message.at === 'preflight';
  return {
    client: clientOf(origin),
    url: message.url,
    // Which method it was is not told; PUT stands for any that needs a preflight.
    method: message.method ?? (preflighted && message.header === undefined ? 'PUT' : 'GET'),
    headers: message.reason === 'header-not-allowed' && message.header ? [[message.header, 'x']] : [],
    ...(credentials && { credentials: 'include' }),
  };
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Preflights and safe methods only: nobody asked for a request that changes data to be repeated. */
export function safelyBy(answer: AsyncTransport): AsyncTransport {
  return async send =>
    send.role === 'preflight' || SAFE.has(send.method)
      ? answer(send)
      : { kind: 'failure', reason: `${send.method} is not repeated, because it could change data` };
}

/** The request of a recorded exchange, with the answers that were recorded. */
export interface RecordedRequest {
  readonly request: ScriptRequest;
  readonly answer: AsyncTransport;
  /** What the recording leaves open: whole sentences. */
  readonly notes: readonly string[];
}

/** @param all the whole recording: a redirect leads to another entry of it */
export function recordedRequest(exchange: HarExchange, all: readonly HarExchange[]): RecordedRequest {
  const { origin, actual, preflight } = exchange;
  const notes: string[] = [];
  const { url: own, method, headers, body, credentials } = recordedRequestOf(exchange);
  const replies = { preflight: replyOf(preflight), actual: replyOf(actual) };
  if (actual && replies.actual === null)
    notes.push(
      'The browser recorded no answer to the request itself: it keeps the headers of blocked answers to itself.',
    );
  if (!actual) notes.push('The request itself was never sent, so only its preflight is recorded.');
  return {
    request: {
      client: clientOf(origin),
      url: own,
      method,
      headers: headers.map(([name, value]) => [name, value]),
      ...(body !== undefined && { body }),
      ...(credentials && { credentials: 'include' }),
    },
    answer: async ({ role, url }): Promise<WireReply> => {
      if (url !== own) return replyOf(all.find(one => one[role]?.request.url === url)?.[role]) ?? NO_RECORD;
      return replies[role] ?? (role === 'preflight' && actual ? allowed(actual, origin) : NO_RECORD);
    },
    notes,
  };
}

const NO_RECORD: WireReply = { kind: 'failure', reason: 'no answer is recorded' };

/** A preflight that is not in the recording was answered from the cache, and so allowed what was then sent. */
const allowed = ({ request }: HarEntry, origin: string): ResponseReply => ({
  kind: 'response',
  status: 204,
  headers: [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Allow-Methods', request.method],
    [
      'Access-Control-Allow-Headers',
      request.headers
        .map(({ name }) => name)
        .filter(name => !name.startsWith(':'))
        .join(', '),
    ],
  ],
});

/** Status 0 is what browsers record for an answer that they do not show. */
function replyOf(entry: HarEntry | undefined): ResponseReply | null {
  if (!entry || entry.response.status === 0) return null;
  return {
    kind: 'response',
    status: entry.response.status,
    headers: entry.response.headers.map(({ name, value }) => [name, value]),
  };
}
