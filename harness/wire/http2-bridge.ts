/**
 * HTTP/1.1 in front of a server that speaks HTTP/2 only: the gateway and the plain requests follow HTTP/1.1 byte by
 * byte. Names and values of header lines pass through as they are; HTTP/2 has no reason phrase and no upper case.
 */

import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTcp, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type HeaderLine, headerValue } from './exchange.ts';
import { BodyReader, requestFraming } from './framing.ts';
import { HeadReader, parseRequestHead, type RequestHead } from './http1.ts';
import { socketOptions, tlsOptions, type Upstream } from './server-link.ts';

export interface Http2Bridge {
  /** Where HTTP/1.1 is spoken: a free loopback port. */
  readonly upstream: Upstream;
  close(): Promise<void>;
}

/** Lines about the connection, which HTTP/2 forbids (RFC 9113, 8.2.2), and Host, which becomes :authority. */
const NOT_CARRIED = /^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade|host|te)$/i;

/** Starts a bridge to a server that speaks HTTP/2 only, over TLS or not. */
export async function startHttp2Bridge(target: Upstream): Promise<Http2Bridge> {
  const sockets = new Set<Socket>();
  let session: ClientHttp2Session | null = null;
  const sessionFor = (host: string): ClientHttp2Session => {
    if (session && !session.closed && !session.destroyed) return session;
    session = connectHttp2(`${target.tls ? 'https' : 'http'}://${host}`, {
      createConnection: () =>
        target.tls
          ? connectTls({ ...socketOptions(target), ...tlsOptions(target, host), ALPNProtocols: ['h2'] })
          : connectTcp(socketOptions(target)),
    });
    session.on('error', () => undefined);
    return session;
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    carry(socket, sessionFor);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    upstream: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false },
    async close() {
      for (const socket of sockets) socket.destroy();
      session?.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** One request of a connection, and its answer; the connection ends with it. */
function carry(socket: Socket, sessionFor: (host: string) => ClientHttp2Session): void {
  const heads = new HeadReader();
  let stream: ClientHttp2Stream | null = null;
  let body: BodyReader | null = null;
  socket.on('data', (chunk: Buffer) => {
    try {
      let rest = chunk;
      if (stream === null) {
        const { consumed, raw } = heads.push(rest);
        if (raw === null) return;
        rest = rest.subarray(consumed);
        const head = parseRequestHead(raw);
        const sent = request(head, sessionFor);
        stream = sent;
        body = new BodyReader(requestFraming(head), content => sent.write(Buffer.from(content)));
        answer(socket, sent, head.method);
      }
      body?.push(rest);
      if (body?.done) stream.end();
    } catch {
      socket.destroy();
    }
  });
  socket.once('close', () => stream?.close());
}

function request(head: RequestHead, sessionFor: (host: string) => ClientHttp2Session): ClientHttp2Stream {
  const host = headerValue(head.headers, 'host') ?? 'localhost';
  const session = sessionFor(host);
  const headers: Record<string, string | string[]> = {
    ':method': head.method,
    ':path': head.target,
    ':authority': host,
    ':scheme': session.encrypted ? 'https' : 'http',
  };
  for (const [name, value] of head.headers) {
    if (NOT_CARRIED.test(name)) continue;
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat();
  }
  return session.request(headers as never, { endStream: false });
}

function answer(socket: Socket, stream: ClientHttp2Stream, method: string): void {
  const write = (status: number, lines: readonly HeaderLine[]) =>
    socket.write(
      `HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      'latin1',
    );
  stream.on('headers', (headers, _flags, raw?: string[]) =>
    write(headers[':status'] ?? 100, linesOf(headers, raw)),
  );
  stream.on('response', (headers, _flags, ...more: unknown[]) => {
    const status = headers[':status'] ?? 0;
    write(status, [...linesOf(headers, more[0] as string[] | undefined), ['connection', 'close']]);
  });
  stream.on('data', (chunk: Buffer) => {
    if (method === 'HEAD') return;
    if (!socket.write(chunk)) stream.pause();
  });
  socket.on('drain', () => stream.resume());
  stream.on('error', () => socket.resetAndDestroy());
  // Reset by the server: an answer that breaks off must not look like one that ends.
  stream.on('close', () => (stream.rstCode === 0 ? socket.end() : socket.resetAndDestroy()));
}

/** The lines of a response; as they came, if Node tells, else as it has joined them. */
function linesOf(headers: IncomingHttpHeaders, raw: readonly string[] | undefined): HeaderLine[] {
  if (Array.isArray(raw)) {
    const lines: HeaderLine[] = [];
    for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at] as string, raw[at + 1] as string]);
    return lines.filter(([name]) => !name.startsWith(':'));
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined
      ? []
      : [value].flat().map((one): HeaderLine => [name, String(one)]),
  );
}

/** Milliseconds in which a server that speaks HTTP/2 without TLS says so unasked. */
const UNASKED_MS = 150;
/** Milliseconds for one attempt to connect. */
const ATTEMPT_MS = 2_000;

/**
 * True if a server speaks HTTP/2 and nothing else: over TLS by what it agrees to (ALPN, RFC 7301), without TLS by the
 * SETTINGS frame with which it greets. One that waits to be asked is not recognised.
 */
export async function speaksHttp2Only(target: Upstream): Promise<boolean> {
  if (!target.tls) return greetsWithSettings(target);
  const agreed = (protocols: string[]) =>
    new Promise<string | false | null>(resolve => {
      const socket = connectTls({
        ...socketOptions(target),
        ...tlsOptions(target, target.host),
        rejectUnauthorized: false,
        ALPNProtocols: protocols,
        timeout: ATTEMPT_MS,
      });
      const done = (protocol: string | false | null) => {
        socket.destroy();
        resolve(protocol);
      };
      socket.once('secureConnect', () => done(socket.alpnProtocol));
      socket.once('timeout', () => done(null));
      socket.once('error', () => done(null));
    });
  return (await agreed(['h2', 'http/1.1'])) === 'h2' && (await agreed(['http/1.1'])) !== 'http/1.1';
}

function greetsWithSettings(target: Upstream): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectTcp(socketOptions(target));
    const done = (greets: boolean) => {
      socket.destroy();
      resolve(greets);
    };
    socket.setTimeout(UNASKED_MS, () => done(false));
    socket.once('error', () => done(false));
    socket.once('end', () => done(false));
    socket.once('data', first => done(isSettings(first)));
  });
}

/** A SETTINGS frame on stream 0 (RFC 9113, 4.1 and 6.5). */
function isSettings(bytes: Uint8Array): boolean {
  return bytes.length >= 9 && bytes[3] === 4 && bytes.subarray(5, 9).every(byte => byte === 0);
}
