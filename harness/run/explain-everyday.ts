/** The verb `explain` for what people have at hand: a line of the console. */

import { visible } from '../../reports/escape.ts';
import type { ConsoleMessage } from '../explain/console-message.ts';
import { MOVES, misunderstoodOf, pageOf, REASONS, type ReasonId } from '../explain/reasons.ts';
import { isUrl } from '../standard/url.ts';
import type { ScriptRequest } from '../standard/user-agent.ts';
import { redactUrl } from '../wire/redact.ts';
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

const ENGINE_TITLES = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'Safari or another WebKit',
  edgehtml: 'Internet Explorer or the old Edge',
};

/** A message's reason and what to do, and nothing else. */
export const briefLines = ({ reason }: Pick<ConsoleMessage, 'reason'>): string[] => [
  `${REASONS[reason].title}.`,
  `  What to do: ${REASONS[reason].fix}`,
];

/** One message of a console, explained. Everything from the message is made visible. */
export function messageLines(message: ConsoleMessage): string[] {
  const { reason, engine, url, origin, at, method, header, value, status, redirectedTo, words } = message;
  const facts: [string, string | undefined][] = [
    ['URL', url],
    ['page', origin],
    ['redirected to', redirectedTo],
    ['method', method],
    ['header', header],
    ['value', value],
    ['in its words', words],
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
      fact === undefined ? [] : [`  ${name}: ${visible(redactUrl(fact)) || '(empty)'}`],
    ),
    ...reasonLines(reason, at),
  ];
}

function headersBehind({ reason, header }: ConsoleMessage): [string, string][] {
  if (reason === 'authorization-not-covered') return [['Authorization', 'x']];
  return reason === 'header-not-allowed' && header ? [[header, 'x']] : [];
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
    headers: headersBehind(message),
    ...(credentials && { credentials: 'include' }),
  };
}
