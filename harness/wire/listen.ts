/** Listening sockets on loopback, http and https, IPv4 and IPv6 on one port, with every connection accounted for. */
import net from 'node:net';
import tls from 'node:tls';
import getPort from 'get-port';

export interface Listener {
  readonly port: number;
  /** Stops listening and destroys every connection. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Makes it https. PEM. */
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** Called with each connection; after the handshake where it is https. */
  readonly onConnection: (socket: net.Socket) => void;
  /** Makes a plain port take TLS too, as a browser needs that rewrites http: to https: and keeps the port. */
  readonly alsoTls?: Required<Pick<ListenOptions, 'certificate' | 'onConnection'>>;
}

/** The first and the last of a range of ports. */
export type PortRange = readonly [first: number, last: number];

/**
 * Listens on the first port of a range that is free.
 * @param host the address to bind; every interface where omitted
 * @param ports any free port where omitted
 * @returns the port
 * @throws Error, in words, if all of them are taken
 */
export async function listenInRange(
  server: net.Server,
  host?: string,
  [first, last]: PortRange = [0, 0],
): Promise<number> {
  for (let port = first; port <= last; port++) {
    try {
      await listen(server, port, host);
      return (server.address() as net.AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`every port from ${first} to ${last} is taken; name a wider range`);
}

/** The content type of a TLS record that begins a handshake (RFC 8446, section 5.1). No HTTP request begins so. */
const HANDSHAKE = 0x16;

const ATTEMPTS = 20;

/** True where this machine has an IPv6 loopback address. Decided once. */
let ipv6: Promise<boolean> | undefined;
export function hasIpv6(): Promise<boolean> {
  ipv6 ??= new Promise(resolve => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, '::1', () => probe.close(() => resolve(true)));
  });
  return ipv6;
}

/**
 * Listens on 127.0.0.1 and, where there is one, ::1, on the same free port: browsers try both for `localhost`.
 * @throws the last listening error when no port was free on both
 */
export async function listenOnLoopback(options: ListenOptions): Promise<Listener> {
  const hosts = (await hasIpv6()) ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  for (let attempt = 1; ; attempt++) {
    const port = await getPort();
    const sockets = new Set<net.Socket>();
    const servers = hosts.map(() => makeServer(options, sockets));
    const close = async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(server => new Promise<void>(done => server.close(() => done()))));
    };
    try {
      await Promise.all(servers.map((server, i) => listen(server, port, hosts[i] as string)));
      return { port, close };
    } catch (error) {
      await close();
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function makeServer(options: ListenOptions, sockets: Set<net.Socket>): net.Server {
  const track = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
  };
  if (options.certificate) {
    const server = makeTlsServer(options.certificate, options.onConnection);
    server.on('connection', track);
    return server;
  }
  const { alsoTls } = options;
  const secure = alsoTls && makeTlsServer(alsoTls.certificate, alsoTls.onConnection);
  return net.createServer(socket => {
    track(socket);
    if (!secure) return options.onConnection(socket);
    socket.once('data', first => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === HANDSHAKE) secure.emit('connection', socket);
      else options.onConnection(socket);
      process.nextTick(() => socket.resume());
    });
  });
}

function makeTlsServer(
  certificate: NonNullable<ListenOptions['certificate']>,
  onConnection: ListenOptions['onConnection'],
): tls.Server {
  const server = tls.createServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, onConnection);
  server.on('secureConnection', socket => socket.on('error', () => socket.destroy()));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function listen(server: net.Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
