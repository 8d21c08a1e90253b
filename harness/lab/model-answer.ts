/** What a client makes of a scripted answer, without sending it anywhere. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { BoundAnswer } from '../case/script.ts';
import type { WireReply } from '../standard/user-agent.ts';
import { type Exchange, headerValues, KEPT_BODY_BYTES, type WireResponse } from '../wire/exchange.ts';
import { readRaw } from '../wire/respond.ts';

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
    const response = readRaw(answer.raw);
    if (!response) return { reply: { kind: 'failure', delayMs }, response: null, end: 'malformed' };
    return { reply: replyOf(response, answer, method), response, end: 'complete' };
  }
  const response: WireResponse = {
    status: answer.status,
    reason: answer.reason,
    headers: answer.headers,
    bodyBytes: answer.body.length,
    body: answer.body.slice(0, KEPT_BODY_BYTES),
  };
  const reply = replyOf({ ...response, body: answer.body }, answer, method);
  if (!fault) return { reply, response, end: 'complete' };
  const bodyEnd = fault === 'reset-in-body' ? 'cut' : 'hang';
  return { reply: reply && { ...reply, bodyEnd }, response, end: 'cut' };
}

type ResponseReply = Extract<WireReply, { kind: 'response' }>;

const BODILESS = new Set([204, 304]);

function replyOf(
  { status, reason, headers, body = '' }: WireResponse,
  answer: BoundAnswer,
  method: string,
): ResponseReply | null {
  const reply = {
    kind: 'response',
    status,
    headers,
    delayMs: answer.delayMs,
    ...(reason && { reason }),
  } as const;
  if (method === 'HEAD' || BODILESS.has(status)) return reply;
  const framed = frame(headers, body, answer);
  if (!framed) return null;
  const decoded = framed.bodyEnd === 'complete' ? decode(headers, framed.body) : framed.body;
  return decoded === null ? null : { ...reply, ...framed, body: decoded };
}

/** The body as its framing delimits it (RFC 9112, 6.3); null where that is a matter of parsers' leniency. */
function frame(
  headers: WireResponse['headers'],
  body: string,
  { raw, chunked, close }: BoundAnswer,
): Required<Pick<ResponseReply, 'body' | 'bodyEnd'>> | null {
  if (raw !== undefined && headerValues(headers, 'transfer-encoding').length > 0) return null;
  if (raw === undefined && chunked) return { body, bodyEnd: 'complete' };
  const lengths = new Set(headerValues(headers, 'content-length'));
  if (lengths.size === 0) return { body, bodyEnd: close ? 'complete' : 'hang' };
  const length = Number([...lengths][0]);
  if (lengths.size > 1 || !Number.isInteger(length)) return null;
  if (length <= body.length) return { body: body.slice(0, length), bodyEnd: 'complete' };
  return { body, bodyEnd: close ? 'cut' : 'hang' };
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  identity: bytes => bytes,
};

/** Content codings taken off; null for one that is unknown or does not fit its body. */
function decode(headers: WireResponse['headers'], body: string): string | null {
  const codings = headerValues(headers, 'content-encoding');
  if (codings.length === 0 || body === '') return body;
  const decoder = DECODERS[codings.join(', ').trim().toLowerCase()];
  try {
    return decoder ? decoder(Buffer.from(body, 'latin1')).toString('latin1') : null;
  } catch {
    return null;
  }
}
