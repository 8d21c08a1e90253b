/** One connection to a server behind the gateway. */

import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { WireOrigin } from './authority.ts';
import { ResponseTracker } from './response-tracker.ts';

/** The server that really answers for an origin. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, which is connected to instead. */
  readonly socketPath?: string;
  /**
   * True: TLS. Certificates are verified, except on loopback and where `insecure` asks for it. The name that is
   * sent and verified is the origin's host unless `servername` says otherwise.
   */
  readonly tls: boolean | UpstreamTls;
}

export interface UpstreamTls {
  readonly servername?: string;
  /** Any certificate will do. */
  readonly insecure?: boolean;
  /** PEM of an authority that is trusted besides the usual ones. */
  readonly ca?: string;
}

/** What Node needs to connect to a server. */
export function socketOptions({ host, port, socketPath }: Upstream) {
  return socketPath === undefined ? { host: host.replace(/^\[|\]$/g, ''), port } : { path: socketPath };
}

/** What Node needs for TLS with a server that pages know by this host name. */
export function tlsOptions({ host, tls }: Upstream, known: string) {
  const wishes = typeof tls === 'object' ? tls : {};
  const name = (wishes.servername ?? known).replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return {
    // An IP address may not stand in SNI (RFC 6066 §3); its certificate is checked by `host`.
    ...(isIP(name) ? { host: name } : { servername: name, host: name }),
    rejectUnauthorized: !(wishes.insecure ?? isLoopback(host)),
    ...(wishes.ca !== undefined && { ca: [...rootCertificates, wishes.ca] }),
  };
}

/** The server that answers at an http or https URL. */
export function upstreamOf(url: string): Upstream {
  const { hostname, port, protocol } = new URL(url);
  const tls = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (tls ? 443 : 80)), tls };
}

/** Whether a host name or address means this machine, whatever DNS says. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/, '');
  return (
    name === '::1' || name === 'localhost' || name.endsWith('.localhost') || /^127(\.\d+){3}$/.test(name)
  );
}

/**
 * Closes a connection by a reset, also underneath TLS. There it happens a moment later, and nothing is read until then:
 * Node crashes when the socket is taken from under a TLS stream that is just delivering.
 */
export function reset(stream: Socket, raw: Socket): void {
  const now = (): void => {
    if (!raw.destroyed) raw.resetAndDestroy();
    stream.destroy();
  };
  if (stream === raw) {
    now();
  } else {
    stream.pause();
    setImmediate(now);
  }
}

/** Resets once everything written before has gone out, as a server that resets behind its last bytes does. */
export function resetAfterWrites(stream: Socket, raw: Socket): void {
  if (stream.writableLength === 0) reset(stream, raw);
  else stream.once('drain', () => reset(stream, raw));
}

export class ServerLink {
  /** Which server it leads to: links of the same key can carry each other's requests. */
  readonly key: string;
  readonly stream: Socket;
  readonly raw: Socket;
  readonly tracker: ResponseTracker;
  /** Its number in the records. */
  readonly number: number;
  readonly #where: string;
  #phase: 'connect' | 'tls' | 'open' = 'connect';

  constructor(origin: WireOrigin, upstream: Upstream, number: number, maxHeadBytes: number) {
    this.key = linkKey(origin, upstream);
    this.number = number;
    this.tracker = new ResponseTracker(maxHeadBytes);
    this.#where = upstream.socketPath ?? `${upstream.host}:${upstream.port}`;
    this.raw = connect({ ...socketOptions(upstream), allowHalfOpen: true, noDelay: true });
    this.raw.once('connect', () => {
      this.#phase = upstream.tls ? 'tls' : 'open';
    });
    this.stream = upstream.tls ? this.#secure(origin, upstream) : this.raw;
  }

  #secure(origin: WireOrigin, upstream: Upstream): Socket {
    const stream = connectTls({
      ...tlsOptions(upstream, origin.host),
      socket: this.raw,
      ALPNProtocols: ['http/1.1'],
    });
    // The TLS stream reports the failures of the socket below it.
    this.raw.on('error', () => {});
    stream.once('secureConnect', () => {
      this.#phase = 'open';
    });
    return stream;
  }

  /** What an error of the stream means, for the record. */
  describe(error: Error & { code?: string }): string {
    const code = error.code ?? error.message;
    if (this.#phase === 'connect') return `could not connect to ${this.#where}: ${code}`;
    if (this.#phase === 'tls') return `TLS with ${this.#where} failed: ${code}: ${error.message}`;
    return code === 'ECONNRESET' || code === 'EPIPE'
      ? 'the server reset the connection'
      : `connection lost: ${code}`;
  }

  /** Resets the connection. */
  reset(): void {
    reset(this.stream, this.raw);
  }
}

/** See ServerLink.key. */
export function linkKey(origin: WireOrigin, upstream: Upstream): string {
  return JSON.stringify([origin.origin, upstream]);
}
