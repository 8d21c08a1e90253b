/** Writes an answer byte for byte and says how far it got. */
import type net from 'node:net';
import { undecodable } from './content-coding.ts';
import { type ExchangeEnd, type HeaderLine, KEPT_BODY_BYTES, type WireResponse } from './exchange.ts';
import { BodyReader, responseFraming } from './framing.ts';
import { HeadReader, Http1Error, parseResponseHead } from './http1.ts';

/** An answer with nothing left to decide. */
export interface AnswerToSend {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
  readonly chunked: boolean;
  readonly interim: readonly { readonly status: number; readonly headers: readonly HeaderLine[] }[];
  readonly trailers: readonly HeaderLine[];
  readonly delayMs: number;
  readonly fault?: 'reset' | 'hang' | 'reset-in-body' | 'hang-in-body';
  readonly raw?: string;
  readonly close: boolean;
}

export interface Sent {
  readonly response: WireResponse | null;
  readonly end: ExchangeEnd;
  readonly note?: string;
}

const lines = (headers: readonly HeaderLine[]): string => headers.map(([n, v]) => `${n}: ${v}\r\n`).join('');

/** Isomorphic text to bytes. */
export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The head of an answer with its interim answers, as it goes out. */
function serializeHead(answer: AnswerToSend): string {
  const interim = answer.interim.map(one => `HTTP/1.1 ${one.status} \r\n${lines(one.headers)}\r\n`).join('');
  return `${interim}HTTP/1.1 ${answer.status} ${answer.reason}\r\n${lines(answer.headers)}\r\n`;
}

function serializeBody(answer: AnswerToSend): string {
  if (!answer.chunked) return answer.body;
  const data = answer.body === '' ? '' : `${answer.body.length.toString(16)}\r\n${answer.body}\r\n`;
  return `${data}0\r\n${lines(answer.trailers)}\r\n`;
}

/** An answer without faults and delays as text, a character a byte. */
export function serializeAnswer(answer: AnswerToSend, method: string): string {
  return answer.raw ?? serializeHead(answer) + (method === 'HEAD' ? '' : serializeBody(answer));
}

/** What goes out of an answer whose fault lies in its body: the head, and half of the body. */
export function cutAnswer(answer: AnswerToSend, method: string): string {
  const body = method === 'HEAD' ? '' : serializeBody(answer);
  return serializeHead(answer) + body.slice(0, Math.floor(body.length / 2));
}

/** A raw answer as a client reads it. */
export interface ReadAnswer {
  readonly response: WireResponse;
  /** The body, without its framing. */
  readonly body: string;
  /** `open`: more of the body is still awaited. */
  readonly bodyEnd: 'complete' | 'cut' | 'open';
}

/**
 * Reads a raw answer as the gateway and the plain requests read one.
 * @param closes the connection ends after it
 * @returns null if it is not HTTP
 */
export function readAnswer(raw: string, method: string, closes: boolean): ReadAnswer | null {
  try {
    const { consumed, raw: bytesOfHead } = new HeadReader().push(bytes(raw));
    if (bytesOfHead === null) return null;
    const head = parseResponseHead(bytesOfHead);
    let body = '';
    const reader = new BodyReader(responseFraming(head, method), content => {
      body += content.toString('latin1');
    });
    const bodyEnd = endOf(reader, bytes(raw.slice(consumed)), closes);
    const { status, reason, headers } = head;
    const kept = body.slice(0, KEPT_BODY_BYTES);
    const coding = undecodable({ status, headers, body });
    return {
      response: { status, reason, headers, bodyBytes: body.length, body: kept, ...coding },
      body,
      bodyEnd,
    };
  } catch (error) {
    if (!(error instanceof Http1Error)) throw error;
    return null;
  }
}

function endOf(reader: BodyReader, rest: Buffer, closes: boolean): ReadAnswer['bodyEnd'] {
  try {
    reader.push(rest);
  } catch (error) {
    if (!(error instanceof Http1Error)) throw error;
    return 'cut';
  }
  if (reader.done) return 'complete';
  if (!closes) return 'open';
  return reader.finish() ? 'complete' : 'cut';
}

/**
 * What has left by the time of a reset must have reached script, also on a busy machine: what a client shows of a response
 * may depend on whether its body had failed before script came to read it. (WebKit: that of an opaque one.)
 */
const RESET_AFTER_MS = 200;

function reset(socket: net.Socket): void {
  // Only a plain TCP socket can send RST; a TLS one is cut instead.
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Resolves when the connection is gone, whoever ended it. */
function gone(socket: net.Socket): Promise<void> {
  return new Promise(resolve => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));
}

/** Resolves after so many milliseconds, or when the connection is gone. It leaves no listener on one that goes on. */
function waitWhileOpen(socket: net.Socket, ms: number): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      socket.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (socket.destroyed) done();
    else socket.once('close', done);
  });
}

function write(socket: net.Socket, data: string): Promise<boolean> {
  return new Promise(resolve => {
    if (socket.destroyed) return resolve(false);
    socket.write(bytes(data), error => resolve(!error));
  });
}

/**
 * Sends an answer over a connection.
 * @param onCut called once the head and half of the body have gone out of an answer whose fault lies in its body: a
 *   client may go on from there, such as after a redirect, before the connection ends
 * @returns what went out and how it ended; resolves late for an answer that hangs: when the connection goes away
 */
export async function sendAnswer(
  socket: net.Socket,
  answer: AnswerToSend,
  method: string,
  onCut?: (sent: Sent) => void,
): Promise<Sent> {
  if (answer.delayMs > 0) await waitWhileOpen(socket, answer.delayMs);
  const { fault } = answer;
  if (fault === 'reset') reset(socket);
  if (fault === 'hang') await gone(socket);
  if (fault === 'reset' || fault === 'hang')
    return { response: null, end: 'no-answer', note: `the script says ${fault}` };
  if (answer.raw !== undefined) return sendRaw(socket, answer.raw, answer.close, method);

  const response: WireResponse = {
    status: answer.status,
    reason: answer.reason,
    headers: answer.headers,
    ...(answer.interim.length > 0 && { interim: answer.interim }),
    ...(answer.trailers.length > 0 && { trailers: answer.trailers }),
    bodyBytes: answer.body.length,
    body: answer.body.slice(0, KEPT_BODY_BYTES),
    ...undecodable(answer),
  };
  const head = serializeHead(answer);
  const body = method === 'HEAD' ? '' : serializeBody(answer);
  if (fault) {
    const sent: Sent = { response, end: 'cut', note: `the script says ${fault}` };
    await write(socket, cutAnswer(answer, method));
    onCut?.(sent);
    if (fault === 'reset-in-body') {
      await waitWhileOpen(socket, RESET_AFTER_MS);
      reset(socket);
    } else await gone(socket);
    return sent;
  }
  const ok = await write(socket, head + body);
  if (answer.close) socket.end();
  return ok
    ? { response, end: 'complete' }
    : { response: null, end: 'no-answer', note: 'the browser closed the connection' };
}

async function sendRaw(socket: net.Socket, raw: string, close: boolean, method: string): Promise<Sent> {
  const ok = await write(socket, raw);
  if (close) socket.end();
  const read = readAnswer(raw, method, close);
  if (!ok) return { response: null, end: 'no-answer', note: 'the browser closed the connection' };
  // All of it went out, whatever a client makes of it.
  return read ? { response: read.response, end: 'complete' } : { response: null, end: 'malformed' };
}
