/** The lab's servers: four, each on an http and an https port, each both origin site and scripted target. */
import type net from 'node:net';
import { ScriptedTarget } from '../../fixtures/targets/scripted.ts';
import { type Ports, SERVERS } from '../case/places.ts';
import { loopbackCertificate } from '../wire/certificates.ts';
import { headerValue } from '../wire/exchange.ts';
import { type Listener, listenOnLoopback } from '../wire/listen.ts';
import { RequestReader } from '../wire/requests.ts';
import { makePages } from './pages.ts';
import type { World } from './world.ts';

/** Starts them all on free loopback ports. */
export async function startServers(): Promise<World> {
  const target = new ScriptedTarget();
  const [pages, certificate] = await Promise.all([makePages(), loopbackCertificate()]);
  let connections = 0;
  const serve = (scheme: string) => (socket: net.Socket) =>
    serveConnection(socket, { scheme, connection: ++connections, target, handOver: pages.site.handle });
  const listeners: Listener[] = [];
  const listen = async (secure: boolean) => {
    const listener = await listenOnLoopback({
      ...(secure ? { certificate } : { alsoTls: { certificate, onConnection: serve('https') } }),
      onConnection: serve(secure ? 'https' : 'http'),
    });
    listeners.push(listener);
    return listener.port;
  };
  const close = async () => {
    await pages.close();
    await Promise.all(listeners.map(listener => listener.close()));
  };
  try {
    const entries = await Promise.all(
      SERVERS.map(async name => [name, { http: await listen(false), https: await listen(true) }] as const),
    );
    return {
      ports: Object.fromEntries(entries) as Ports,
      anyOrigin: false,
      start: scene => target.start(scene),
      stop: log => target.stop(log.scene.nonce),
      reservePage: pages.reserve,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface ServedConnection {
  readonly scheme: string;
  readonly connection: number;
  readonly target: ScriptedTarget;
  /** Takes what is not the target's. */
  readonly handOver: (socket: net.Socket) => void;
}

/** Reads requests off one connection: scripted ones are answered here, the first other one hands it to the site. */
function serveConnection(
  socket: net.Socket,
  { scheme, connection, target, handOver }: ServedConnection,
): void {
  const reader = new RequestReader();
  let busy = false;
  const next = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      for (let head = reader.peek(); head; head = reader.peek()) {
        if (!target.owns(head.target)) {
          socket.off('data', onData);
          socket.pause();
          socket.unshift(reader.rest());
          return handOver(socket);
        }
        const request = reader.take();
        if (!request) break;
        await target.handle(
          request,
          socket,
          `${scheme}://${headerValue(request.headers, 'host') ?? ''}`,
          connection,
        );
      }
      busy = false;
    } catch {
      socket.destroy();
    }
  };
  const onData = (chunk: Buffer) => {
    reader.push(chunk);
    void next();
  };
  socket.on('data', onData);
}
