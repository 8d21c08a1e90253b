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
}

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
  if (!options.certificate) {
    return net.createServer(socket => {
      track(socket);
      options.onConnection(socket);
    });
  }
  const server = tls.createServer(
    { ...options.certificate, ALPNProtocols: ['http/1.1'] },
    options.onConnection,
  );
  server.on('connection', track);
  server.on('secureConnection', socket => socket.on('error', () => socket.destroy()));
  return server;
}

function listen(server: net.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
