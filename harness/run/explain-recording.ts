/** The verb `explain` for a recorded session: each of its CORS requests, with the answers that were recorded. */

import { recordedRequestOf } from '../explain/har.ts';
import type { HarEntry, HarExchange, HarHop, LeftOut } from '../explain/har-entry.ts';
import { siteOf } from '../standard/origin.ts';
import {
  type AsyncTransport,
  type ResponseReply,
  type ScriptRequest,
  UserAgent,
  type WireReply,
} from '../standard/user-agent.ts';
import { clientOf } from './explain-request.ts';
import { NOT_RECORDED } from './withheld.ts';

/** The request of a recorded exchange, with the answers that were recorded. */
export interface RecordedRequest {
  readonly request: ScriptRequest;
  readonly answer: AsyncTransport;
  /** What the browser remembers: permissions that it did not have to ask for in the recording. */
  readonly agent: UserAgent;
  /** What the recording leaves open: whole sentences. */
  readonly notes: readonly string[];
}

/** @param exchange one request of a recording */
export function recordedRequest(exchange: HarExchange): RecordedRequest {
  const { origin, actual, preflight, hops } = exchange;
  const { url, method, headers, body, credentials } = recordedRequestOf(exchange);
  const answers = [exchange, ...hops].flatMap(answersOf);
  return {
    request: {
      client: clientOf(origin),
      url,
      method,
      headers: headers.map(([name, value]) => [name, value]),
      ...(body !== undefined && { body }),
      ...(credentials && { credentials: 'include' }),
    },
    answer: async (send): Promise<WireReply> => {
      const at = answers.findIndex(one => one.role === send.role && one.url === send.url);
      if (at >= 0) return (answers.splice(at, 1)[0] as RecordedAnswer).reply;
      // The page may have been left before, or the recording ended.
      return actual === undefined && send.role === 'actual' ? NOT_RECORDED : NO_RECORD;
    },
    agent: permitted(exchange),
    notes: [
      ...(actual && replyOf(actual) === null
        ? [
            'The browser recorded no answer to the request itself: it keeps the headers of blocked answers to itself.',
          ]
        : []),
      ...(actual === undefined && preflight
        ? [
            'Only the preflight is recorded: the request itself was not sent, or not while the recording went on.',
          ]
        : []),
      ...(exchange.revalidated === undefined ? [] : [REVALIDATED[exchange.revalidated]]),
    ],
  };
}

const REVALIDATED = {
  whole:
    "The server answered 304 (Not Modified) to the browser's cache, so the page got the answer that was stored, with the headers of the 304 in place of its own.",
  'headers of the 304':
    "The server answered 304 (Not Modified) to the browser's cache, so the page got the answer that was stored; the recording has only the headers of the 304.",
};

/** Said of a request that needs a preflight of which nothing is recorded. */
export const PERMITTED_BEFORE =
  'No preflight is recorded: the browser still had the permission of an earlier one, or does not record them.';

const NO_RECORD: WireReply = { kind: 'failure', reason: 'no answer is recorded' };

interface RecordedAnswer {
  readonly role: 'preflight' | 'actual';
  readonly url: string;
  readonly reply: ResponseReply;
}

function answersOf({ actual, preflight }: HarHop): RecordedAnswer[] {
  return [['preflight', preflight] as const, ['actual', actual] as const].flatMap(([role, entry]) => {
    const reply = replyOf(entry);
    return entry && reply ? [{ role, url: urlOf(entry).href, reply }] : [];
  });
}

/** As it goes over the wire. */
function urlOf({ request }: HarEntry): URL {
  const url = new URL(request.url);
  url.hash = '';
  return url;
}

/** What was sent without a recorded preflight had been allowed before. */
function permitted({ origin, hops, ...first }: HarExchange): UserAgent {
  const agent = new UserAgent();
  for (const { actual, preflight } of [first, ...hops]) {
    if (!actual || preflight) continue;
    const { method, headers } = actual.request;
    // After a redirect from one other origin to the next, the request's origin is null.
    for (const own of [origin, 'null']) {
      const key = { partition: siteOf(origin), origin: own, url: urlOf(actual).href };
      const listed = { methods: [method], headers: headers.map(({ name }) => name) };
      agent.preflightCache.store(key, listed, { maxAge: Number.POSITIVE_INFINITY, include: true, now: 0 });
    }
  }
  return agent;
}

/** Status 0 is what browsers record for an answer that they do not show. */
function replyOf(entry: HarEntry | undefined): ResponseReply | null {
  if (!entry || entry.response.status === 0) return null;
  return {
    kind: 'response',
    status: entry.response.status,
    headers: entry.response.headers.map(({ name, value }) => [name, value]),
  };
}

/** What is left out, by the reason for it. */
const LEFT_OUT: Readonly<Record<LeftOut, readonly [one: string, several: string]>> = {
  navigation: ['navigation', 'navigations'],
  WebSocket: ['WebSocket', 'WebSockets'],
  'no-cors': ['request in mode no-cors', 'requests in mode no-cors'],
  'not-modified': ['answer 304', 'answers 304'],
};

/** One or two sentences, without line breaks. @param leftOut one for each request, at least one */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const counted = (kinds: readonly LeftOut[]) =>
    kinds.flatMap(kind => {
      const times = leftOut.filter(one => one === kind).length;
      return times === 0 ? [] : [`${times} ${LEFT_OUT[kind][times === 1 ? 0 : 1]}`];
    });
  const apart = counted(['navigation', 'WebSocket', 'no-cors']).join(', ');
  const stored = counted(['not-modified']).join();
  return [
    ...(apart === '' ? [] : [`Left out, because CORS has no say in them: ${apart}.`]),
    ...(stored === ''
      ? []
      : [`Left out, because what the browser's cache had stored is not recorded: ${stored}.`]),
  ].join(' ');
}
