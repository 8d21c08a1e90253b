/** What a client makes of a scripted answer, without sending it anywhere. */
import type { BoundAnswer } from '../case/script.ts';
import type { WireReply } from '../standard/user-agent.ts';
import { decodeContent, undecodable } from '../wire/content-coding.ts';
import { type Exchange, headerValues, KEPT_BODY_BYTES, type WireResponse } from '../wire/exchange.ts';
import { cutAnswer, readAnswer } from '../wire/respond.ts';

export interface Interpreted {
  /** Null where the answer's bytes leave open what a client makes of them. */
  readonly reply: WireReply | null;
  readonly response: WireResponse | null;
  readonly end: Exchange['end'];
}

/** @param method of the request that it answers */
export function interpret(answer: BoundAnswer, method: string): Interpreted {
  const { fault, delayMs } = answer;
  if (fault === 'hang') return { reply: { kind: 'hang' }, response: null, end: 'no-answer' };
  if (fault === 'reset') return { reply: { kind: 'failure', delayMs }, response: null, end: 'no-answer' };
  if (answer.raw !== undefined) {
    const read = readAnswer(answer.raw, method, answer.close);
    if (!read) return { reply: { kind: 'failure', delayMs }, response: null, end: 'malformed' };
    const bodyEnd = read.bodyEnd === 'open' ? 'hang' : read.bodyEnd;
    const reply = withBody(read.response, delayMs, { body: read.body, bodyEnd });
    return { reply, response: read.response, end: 'complete' };
  }
  const response: WireResponse = {
    status: answer.status,
    reason: answer.reason,
    headers: answer.headers,
    bodyBytes: answer.body.length,
    body: answer.body.slice(0, KEPT_BODY_BYTES),
    ...undecodable(answer),
  };
  const reply = replyOf({ ...response, body: answer.body }, answer, method);
  if (!fault) return { reply, response, end: 'complete' };
  if (fault === 'hang-in-body')
    return { reply: reply && { ...reply, bodyEnd: 'hang' }, response, end: 'cut' };
  const received = readAnswer(cutAnswer({ ...answer, interim: [] }, method), method, true)?.body;
  const cut = { ...CUT_BY_RESET, ...(received !== undefined && { received }) };
  return { reply: reply && { ...reply, ...cut }, response, end: 'cut' };
}

const CUT_BY_RESET = { bodyEnd: 'cut', byReset: true } as const;

type ResponseReply = Extract<WireReply, { kind: 'response' }>;

const BODILESS = new Set([204, 304]);

type Framed = Required<Pick<ResponseReply, 'body' | 'bodyEnd'>>;

function replyOf(response: WireResponse, answer: BoundAnswer, method: string): ResponseReply | null {
  const bodiless = method === 'HEAD' || BODILESS.has(response.status);
  const framed: Framed | null = bodiless
    ? { body: '', bodyEnd: 'complete' }
    : frame(response.headers, response.body ?? '', answer);
  return framed && withBody(response, answer.delayMs, framed);
}

function withBody(
  { status, reason, headers }: WireResponse,
  delayMs: number,
  { body, bodyEnd }: Framed,
): ResponseReply {
  const { body: decoded, failed } =
    bodyEnd === 'complete' ? decodeContent(headers, Buffer.from(body, 'latin1')) : { body, failed: false };
  return {
    kind: 'response',
    status,
    headers,
    delayMs,
    body: failed ? '' : decoded.toString('latin1'),
    bodyEnd,
    ...(failed && { undecodable: decoded.toString('latin1') }),
    ...(reason && { reason }),
  };
}

/** The body as its framing delimits it (RFC 9112, 6.3); null if that is for HTTP/1.1 parsers to judge. */
function frame(
  headers: WireResponse['headers'],
  body: string,
  { chunked, close }: BoundAnswer,
): Framed | null {
  if (chunked) return { body, bodyEnd: 'complete' };
  const lengths = new Set(headerValues(headers, 'content-length'));
  if (lengths.size === 0) return { body, bodyEnd: close ? 'complete' : 'hang' };
  const length = Number([...lengths][0]);
  if (lengths.size > 1 || !Number.isInteger(length)) return null;
  if (length <= body.length) return { body: body.slice(0, length), bodyEnd: 'complete' };
  return { body, bodyEnd: close ? 'cut' : 'hang' };
}
