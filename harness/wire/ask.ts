/** One request from Node itself, without a browser, recorded like any other exchange. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Exchange, ExchangeEnd, HeaderLine, WireResponse } from './exchange.ts';
import { KEPT_BODY_BYTES, roleOf } from './exchange.ts';
import { isLoopback, type Upstream } from './server-link.ts';

export interface Question {
  readonly method: string;
  /** The URL as browsers know it: Host is its host, whatever the upstream. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  /** Isomorphic. */
  readonly body?: string;
}

export interface AskOptions {
  /** Where to connect. */
  readonly upstream: Upstream;
  /** Milliseconds for the whole answer. */
  readonly timeoutMs: number;
  /** The largest body that is read, in bytes; the connection is dropped beyond it. */
  readonly maxBodyBytes?: number;
  /** Milliseconds, for the exchange's times. Default: since the process started. */
  readonly now?: () => number;
}

const MALFORMED = /^HPE_|ERR_INVALID|ERR_HTTP/;

/**
 * Asks once, on a connection of its own, and waits for the end. Never rejects: whatever goes wrong stands in the
 * exchange's `end` and `note`.
 */
export function ask(question: Question, options: AskOptions): Promise<Exchange> {
  const now = options.now ?? (() => performance.now());
  const startedMs = now();
  const { method, headers, body } = question;
  const exchange = (end: ExchangeEnd, response: WireResponse | null, note?: string): Exchange => ({
    role: roleOf(method, headers),
    resource: 'main',
    request: {
      method,
      url: question.url,
      headers,
      bodyBytes: body?.length ?? 0,
      ...(body !== undefined && { body: body.slice(0, KEPT_BODY_BYTES) }),
    },
    response,
    end,
    connection: 1,
    startedMs,
    endedMs: now(),
    ...(note !== undefined && { note }),
  });
  return new Promise(resolve => {
    let asked: ClientRequest;
    try {
      asked = open(question, options);
    } catch (error) {
      resolve(exchange('no-answer', null, (error as Error).message));
      return;
    }
    let answer: IncomingMessage | null = null;
    const interim: { status: number; headers: HeaderLine[] }[] = [];
    const chunks: Buffer[] = [];
    let bytes = 0;
    let timer: NodeJS.Timeout | undefined;
    const finish = (end: ExchangeEnd, note?: string) => {
      clearTimeout(timer);
      resolve(exchange(end, answer && responseOf(answer, interim, chunks, bytes), note));
      asked.destroy();
    };
    timer = setTimeout(() => {
      const what = `${answer ? 'the answer did not end' : 'no answer'} within ${options.timeoutMs / 1000} s`;
      finish(answer ? 'cut' : 'no-answer', what);
    }, options.timeoutMs);
    asked.on('information', info =>
      interim.push({ status: info.statusCode, headers: pairs(info.rawHeaders) }),
    );
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // What follows a whole answer is no part of it (a body after the head of HEAD, say): its end is still to come.
      if (answer?.complete) return;
      if (answer) finish('cut', error.message);
      else finish(MALFORMED.test(error.code ?? '') ? 'malformed' : 'no-answer', error.message);
    });
    asked.on('upgrade', () => finish('malformed', 'the server switched protocols'));
    asked.on('response', message => {
      answer = message;
      message.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > (options.maxBodyBytes ?? 1_048_576))
          finish('complete', 'the rest of the body was not read');
      });
      message.on('error', error => finish('cut', error.message));
      message.on('end', () => finish('complete'));
    });
    asked.end(body === undefined ? undefined : Buffer.from(body, 'latin1'));
  });
}

function open({ method, url, headers, body }: Question, { upstream }: AskOptions): ClientRequest {
  const { host, port, tls } = upstream;
  const { pathname, search, host: hostHeader, hostname } = new URL(url);
  const lines: HeaderLine[] = [
    ['Host', hostHeader],
    ...headers,
    ...(body === undefined || headers.some(([name]) => name.toLowerCase() === 'content-length')
      ? []
      : [['Content-Length', String(body.length)] as const]),
    ['Connection', 'close'],
  ];
  const common = {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    method,
    path: pathname + search,
    headers: lines.flat(),
    agent: false as const,
  };
  if (!tls) return httpRequest(common);
  const how = tls === true ? {} : tls;
  return httpsRequest({
    ...common,
    servername: how.servername ?? hostname,
    rejectUnauthorized: how.insecure !== true && !isLoopback(host),
  });
}

function pairs(raw: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at] as string, raw[at + 1] as string]);
  return lines;
}

function responseOf(
  message: IncomingMessage,
  interim: WireResponse['interim'] & object,
  chunks: readonly Buffer[],
  bytes: number,
): WireResponse {
  return {
    status: message.statusCode ?? 0,
    ...(message.statusMessage && { reason: message.statusMessage }),
    headers: pairs(message.rawHeaders),
    ...(interim.length > 0 && { interim }),
    bodyBytes: bytes,
    body: Buffer.concat(chunks).toString('latin1', 0, KEPT_BODY_BYTES),
  };
}
