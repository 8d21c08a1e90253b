/**
 * The recording gateway: an HTTP proxy on loopback that browsers use for all their traffic. It serves any origin,
 * http or https, relays to nothing but the routes it was given, and records what passes to and from the target.
 */

import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { WireOrigin } from './authority.ts';
import type { CertificateAuthority } from './certificates.ts';
import { createCertificateAuthority } from './certificates.ts';
import { openTunnel } from './connect-tunnel.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayCore, Route } from './gateway-core.ts';
import { MAX_HEAD_BYTES } from './http1.ts';
import { listenInRange, type PortRange } from './listen.ts';
import { ProxyConnection } from './proxy-connection.ts';
import type { RecorderEvents } from './recorder.ts';
import { Recorder } from './recorder.ts';
import { isLoopback } from './server-link.ts';

export type { WireOrigin } from './authority.ts';
export type { Route } from './gateway-core.ts';
export type { LiveExchange } from './recorder.ts';
export type { Upstream } from './server-link.ts';

/** Where browsers reach a gateway. */
export interface GatewayAddress {
  /**
   * The name or address of this machine for the browser's. Where it is not of loopback, the gateway listens on every
   * interface, and takes every client.
   */
  readonly host: string;
  /** One of these; any free one where omitted. */
  readonly ports?: PortRange | undefined;
}

/** The callbacks are called synchronously while bytes pass: they must be quick and must not throw. */
export interface GatewayOptions extends RecorderEvents {
  /** Where requests to an origin go; null refuses them. Asked for every request, and for every CONNECT. */
  route(origin: WireOrigin): Route | null;
  /** Something was not relayed: an origin outside the run, or a request that contradicts itself. */
  readonly onRefused?: (what: string, reason: string) => void;
  /** The largest head that is relayed, in bytes; both connections are reset beyond it. 1 MiB where omitted. */
  readonly maxHeadBytes?: number;
  /** Where browsers of other machines reach it; on loopback alone where omitted. */
  readonly at?: GatewayAddress | undefined;
  /** For certificates that are shared with other servers of the run; a new one where omitted. */
  readonly authority?: CertificateAuthority;
}

const LOOPBACK = '127.0.0.1';

export interface Gateway {
  /** By which browsers reach it. */
  readonly host: string;
  readonly port: number;
  readonly authority: CertificateAuthority;
  /** Milliseconds since the gateway started: the clock of its exchanges' `startedMs` and `endedMs`. */
  now(): number;
  /** The recorded exchanges in flight, oldest first, as `no-answer` or `cut`. */
  snapshot(): Exchange[];
  /** Cuts every connection, hands the exchanges in flight to `onExchange`, and frees the port. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a gateway, on a free port of 127.0.0.1 unless it is to be reached from elsewhere.
 *
 * Each client connection is paired with one connection per server it asks for (browsers use one for one origin; only
 * Firefox shares a proxy connection between http origins). Exchanges are numbered by the server's connection.
 * https inside CONNECT is answered with a certificate that `authority` makes for the host; the protocol is HTTP/1.1
 * on both sides.
 *
 * @throws Error if every port of the range is taken
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const authority = options.authority ?? (await createCertificateAuthority());
  const recorder = new Recorder({
    onRequest: options.onRequest,
    onResponse: options.onResponse,
    onExchange: options.onExchange,
  });
  const core: GatewayCore = {
    recorder,
    maxHeadBytes: options.maxHeadBytes ?? MAX_HEAD_BYTES,
    route: origin => options.route(origin),
    refused: (what, reason) => options.onRefused?.(what, reason),
  };
  const { host, ports } = options.at ?? { host: LOOPBACK };
  const open = !isLoopback(host);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => {
    if (!open && !isLoopback(socket.remoteAddress ?? '')) {
      core.refused(socket.remoteAddress ?? 'a client', 'not on loopback');
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new ProxyConnection(core, socket, socket, null, (head, rest) => {
      void openTunnel({ core, authority }, socket, head, rest);
    });
  });
  const port = await listenInRange(server, open ? undefined : LOOPBACK, ports);
  let closing: Promise<void> | null = null;
  return {
    host,
    port,
    authority,
    now: () => recorder.now(),
    snapshot: () => recorder.inFlight(),
    close() {
      closing ??= new Promise<void>(resolve => {
        server.close(() => resolve());
        recorder.endAll('the gateway was closed');
        // Later, for the same reason as in reset(): the caller may stand inside a callback of one of them.
        setImmediate(() => {
          for (const socket of sockets) socket.destroy();
        });
      });
      return closing;
    },
  };
}
