/**
 * One request from Node itself, without a browser, recorded like any other exchange. It is read by what also follows
 * the answers that pass through the gateway, so that both are as lenient as browsers are, and in the same places.
 */
import { forwardedLines, type WireOrigin, wireOrigin } from './authority.ts';
import type { Exchange, HeaderLine } from './exchange.ts';
import { isEndless, KEPT_BODY_BYTES, roleOf } from './exchange.ts';
import { MAX_HEAD_BYTES, parseRequestHead } from './http1.ts';
import { Recorder, type Recording } from './recorder.ts';
import { ServerLink, type Upstream } from './server-link.ts';
import { parseUrl } from './url.ts';

export interface PlainRequest {
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
  /** Ends the exchange at once: a server that keeps silent does not keep the process. */
  readonly signal?: AbortSignal;
  /** Milliseconds, for the exchange's times. Default: since the process started. */
  readonly now?: () => number;
}

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Asks once, on a connection for this request alone, and waits for the end. Never rejects: whatever goes wrong is in
 * the exchange's `end` and `note`.
 */
export async function ask(question: PlainRequest, options: AskOptions): Promise<Exchange> {
  const now = options.now ?? (() => performance.now());
  const startedMs = now();
  const { method, headers, body = '' } = question;
  const { response, end, note } = await carried(question, options);
  return {
    role: roleOf(method, headers),
    resource: 'main',
    request: {
      method,
      url: question.url,
      headers,
      bodyBytes: body.length,
      ...(question.body !== undefined && { body: body.slice(0, KEPT_BODY_BYTES) }),
    },
    response,
    end,
    connection: 1,
    startedMs,
    endedMs: now(),
    ...(note !== undefined && { note }),
  };
}

type Ended = Pick<Exchange, 'response' | 'end' | 'note'>;

function carried(question: PlainRequest, options: AskOptions): Promise<Ended> {
  const { upstream, timeoutMs, maxBodyBytes = MAX_BODY_BYTES, signal } = options;
  return new Promise(resolve => {
    const bytes = bytesOf(question, upstream);
    if (typeof bytes === 'string') {
      resolve({ response: null, end: 'no-answer', note: bytes });
      return;
    }
    if (signal?.aborted) {
      resolve({ response: null, end: 'no-answer', note: 'interrupted' });
      return;
    }
    const interrupt = () => recording.lost('interrupted');
    const link = new ServerLink(originOf(new URL(question.url)), upstream, 1, MAX_HEAD_BYTES);
    let timer: NodeJS.Timeout | undefined;
    const recorder = new Recorder({
      onResponse: () => {
        if (isEndless(recording.snapshot().response?.headers ?? []))
          recording.end('complete', 'a stream: its events were not read');
      },
      onExchange: exchange => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', interrupt);
        resolve(exchange);
        link.stream.on('error', () => undefined);
        link.stream.destroy();
        link.raw.destroy();
      },
    });
    const recording: Recording = recorder.begin('', '/', parseRequestHead(bytes.head));
    timer = setTimeout(() => {
      const what = recording.answered ? 'the answer did not end' : 'no answer';
      recording.lost(`${what} within ${timeoutMs / 1000} s`);
    }, timeoutMs);
    signal?.addEventListener('abort', interrupt);
    link.tracker.expect({ method: question.method, upgrade: false, recording });
    link.stream.on('data', (chunk: Buffer) => {
      link.tracker.push(chunk);
      if (recording.responseBody.bytes > maxBodyBytes)
        recording.end('complete', 'the rest of the body was not read');
    });
    link.stream.on('end', () => link.tracker.finish('the server closed the connection'));
    link.stream.on('error', error => link.tracker.abandon(link.describe(error)));
    link.stream.on('close', () => link.tracker.abandon('the server closed the connection'));
    link.stream.write(bytes.head);
    if (bytes.body.length > 0) link.stream.write(bytes.body);
  });
}

/** What goes over the wire; in words why nothing can. */
function bytesOf(
  { method, url, headers, body }: PlainRequest,
  { tls }: Upstream,
): { head: Buffer; body: Buffer } | string {
  if (!TOKEN.test(method)) return `the method ${JSON.stringify(method)} cannot be sent`;
  const known = parseUrl(url);
  if (!known) return `"${url}" is not a URL`;
  const { pathname, search, host } = known;
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines: HeaderLine[] = [
    ['Host', host],
    ...forwardedLines(originOf(known), tls).filter(([name]) => !given.has(name.toLowerCase())),
    ...headers,
    ...(body === undefined || given.has('content-length')
      ? []
      : [['Content-Length', String(body.length)] as const]),
    ['Connection', 'close'],
  ];
  const unsendable = lines.find(([name, value]) => !TOKEN.test(name) || /[\0\r\n]/.test(value));
  if (unsendable) return `the header ${JSON.stringify(unsendable[0])} cannot be sent`;
  const head = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`;
  return { head: Buffer.from(head, 'latin1'), body: Buffer.from(body ?? '', 'latin1') };
}

function originOf({ protocol, hostname, port }: URL): WireOrigin {
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return wireOrigin(scheme, hostname, Number(port || (scheme === 'https' ? 443 : 80)));
}
