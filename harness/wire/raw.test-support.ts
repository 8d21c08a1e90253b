/** Both ends of a wire as raw sockets, for tests: servers that say exactly what they are told, clients that show all. */

import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { TestContext } from 'node:test';
import type { CertificateAuthority } from './certificates.ts';
import { createCertificateAuthority } from './certificates.ts';
import type { Exchange } from './exchange.ts';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { startGateway } from './gateway.ts';

/** How a connection came to its end, as its other side felt it. */
export type Ending = 'end' | 'reset';

/** A client that collects what it is sent. */
export class RawClient {
  readonly socket: Socket;
  /** How the connection ended, once it has. */
  readonly ended: Promise<Ending>;
  #text = '';
  #changed: () => void = () => {};
  #over = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#changed();
    });
    this.ended = new Promise(resolve => {
      const finish = (how: Ending) => {
        this.#over = true;
        this.#changed();
        resolve(how);
      };
      socket.once('end', () => finish('end'));
      socket.once('error', () => finish('reset'));
      socket.once('close', () => finish('reset'));
    });
  }

  /** Everything received so far, isomorphic. */
  get text(): string {
    return this.#text;
  }

  send(bytes: string): this {
    this.socket.write(Buffer.from(bytes, 'latin1'));
    return this;
  }

  /** Waits until what was received contains `part`; fails when the connection ends first. */
  async until(part: string): Promise<string> {
    while (!this.#text.includes(part)) {
      if (this.#over) throw new Error(`ended before ${JSON.stringify(part)}: ${JSON.stringify(this.#text)}`);
      await new Promise<void>(resolve => {
        this.#changed = resolve;
      });
    }
    return this.#text;
  }
}

/** A client connection to a port of 127.0.0.1, gone with the test. */
export function rawClient(t: TestContext, port: number): RawClient {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  t.after(() => socket.destroy());
  return new RawClient(socket);
}

export interface RawServer {
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: readonly RawClient[];
}

/** A server that leaves each connection to `serve`, gone with the test. */
export async function rawServer(
  t: TestContext,
  serve: (client: RawClient, index: number) => void | Promise<void>,
): Promise<RawServer> {
  const connections: RawClient[] = [];
  const server = createServer({ noDelay: true }, socket => {
    const client = new RawClient(socket);
    connections.push(client);
    void Promise.resolve(serve(client, connections.length - 1)).catch(() => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    for (const { socket } of connections) socket.destroy();
    await new Promise(resolve => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, connections };
}

let shared: Promise<CertificateAuthority> | undefined;

/** One certificate authority for all tests of a file. */
export function testAuthority(): Promise<CertificateAuthority> {
  shared ??= createCertificateAuthority();
  return shared;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly exchanges: readonly Exchange[];
  readonly refusals: readonly string[];
  /** Waits for the exchange of this number, counted from 0 in the order in which they ended. */
  exchange(index: number): Promise<Exchange>;
}

/** A gateway that sends every origin of `hosts` to one port, records it, and is gone with the test. */
export async function testGateway(
  t: TestContext,
  port: number,
  options: Partial<GatewayOptions> = {},
  hosts: readonly string[] = ['api.example.com'],
): Promise<TestGateway> {
  const exchanges: Exchange[] = [];
  const refusals: string[] = [];
  let arrived: () => void = () => {};
  const gateway = await startGateway({
    authority: await testAuthority(),
    route: origin =>
      hosts.includes(origin.host)
        ? { upstream: { host: '127.0.0.1', port, tls: false }, record: true }
        : null,
    onRefused: (what, reason) => refusals.push(`${what}: ${reason}`),
    ...options,
    onExchange: (exchange, live) => {
      exchanges.push(exchange);
      options.onExchange?.(exchange, live);
      arrived();
    },
  });
  t.after(() => gateway.close());
  return {
    gateway,
    exchanges,
    refusals,
    async exchange(index) {
      for (;;) {
        const found = exchanges[index];
        if (found) return found;
        await new Promise<void>(resolve => {
          arrived = resolve;
        });
      }
    },
  };
}

/** A GET as a browser sends it to a proxy. */
export function proxyGet(path: string, lines: readonly string[] = []): string {
  return [`GET http://api.example.com${path} HTTP/1.1`, 'Host: api.example.com', ...lines, '', ''].join(
    '\r\n',
  );
}
