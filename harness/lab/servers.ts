/** The lab's servers: four, each on an http and an https port, each both origin site and scripted target. */
import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import { agentScripts } from '../../fixtures/origins/bundle.ts';
import { loopbackCertificate } from '../../fixtures/origins/certificate.ts';
import { makeSite, type PageOptions } from '../../fixtures/origins/site.ts';
import { ScriptedTarget } from '../../fixtures/targets/scripted.ts';
import { type Ports, SERVERS } from '../case/places.ts';
import { headerValue } from '../wire/exchange.ts';
import { type Listener, listenOnLoopback } from '../wire/listen.ts';
import { RequestReader } from '../wire/requests.ts';
import { Agent } from './agent.ts';

export interface LabServers {
  readonly ports: Ports;
  readonly target: ScriptedTarget;
  /** Reserves a page: the path to open on any of the lab's origins, and the agent that will connect from there. */
  reservePage(options?: PageOptions): { readonly path: string; readonly agent: Agent; release(): void };
  close(): Promise<void>;
}

/** Starts them all on free loopback ports. */
export async function startServers(): Promise<LabServers> {
  const token = randomBytes(16).toString('hex');
  const target = new ScriptedTarget();
  const pages = new Map<string, { options: PageOptions; agent: Agent }>();
  const [scripts, certificate] = await Promise.all([agentScripts(), loopbackCertificate()]);
  const site = await makeSite({
    scripts,
    token,
    pageOptions: id => pages.get(id)?.options,
    onChannel: (id, socket) => {
      const page = pages.get(id);
      if (page) page.agent.connect(socket);
      else socket.terminate();
    },
  });

  let connections = 0;
  const serve = (scheme: string) => (socket: net.Socket) =>
    serveConnection(socket, scheme, ++connections, target, site.handle);
  const listeners: Listener[] = [];
  const listen = async (secure: boolean) => {
    const listener = await listenOnLoopback({
      ...(secure && { certificate }),
      onConnection: serve(secure ? 'https' : 'http'),
    });
    listeners.push(listener);
    return listener.port;
  };
  const close = async () => {
    for (const { agent } of pages.values()) agent.close();
    await site.close();
    await Promise.all(listeners.map(listener => listener.close()));
  };
  try {
    const entries = await Promise.all(
      SERVERS.map(async name => [name, { http: await listen(false), https: await listen(true) }] as const),
    );
    return {
      ports: Object.fromEntries(entries) as Ports,
      target,
      reservePage(options = {}) {
        const id = randomBytes(8).toString('hex');
        const agent = new Agent();
        pages.set(id, { options, agent });
        return { path: `/agent/page?page=${id}&token=${token}`, agent, release: () => void pages.delete(id) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads requests off one connection: scripted ones are answered here, the first other one hands it to the site. */
function serveConnection(
  socket: net.Socket,
  scheme: string,
  connection: number,
  target: ScriptedTarget,
  handOver: (socket: net.Socket) => void,
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
