/** The bare loop: a page of its own that makes the same requests as the lab's agent, sent as one errand. */

import { createServer } from 'node:http';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Engine } from '../harness/engine/types.ts';

/** What the page is told to do: `count` requests to distinct URLs, one after another or all at once. */
export interface Errand {
  readonly url: string;
  readonly count: number;
  readonly init: RequestInit;
  readonly together: boolean;
}

export interface BarePage {
  /** @returns the milliseconds that the errand took, by the harness's clock */
  run(errand: Errand): Promise<number>;
  close(): Promise<void>;
}

const PAGE = `<!doctype html><link rel="icon" href="data:,"><script>
const socket = new WebSocket(location.origin.replace('http', 'ws'));
socket.onmessage = async event => {
  const { url, count, init, together } = JSON.parse(event.data);
  const get = async n => (await fetch(url + '?' + n, init)).arrayBuffer();
  const numbers = Array.from({ length: count }, (_, n) => n);
  try {
    if (together) await Promise.all(numbers.map(get));
    else for (const n of numbers) await get(n);
    socket.send('done');
  } catch (error) {
    socket.send(String(error));
  }
};
</script>`;

/** Opens the page in an engine, on a site of its own. */
export async function openBarePage(engine: Engine): Promise<BarePage> {
  const connections = new Set<net.Socket>();
  const server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'text/html').end(PAGE),
  );
  server.on('connection', socket => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const sockets = new WebSocketServer({ server });
  const connected = new Promise<WebSocket>(resolve => sockets.once('connection', resolve));
  const page = await engine.open(`http://localhost:${(server.address() as AddressInfo).port}/`);
  const channel = await connected;
  return {
    run(errand) {
      const began = performance.now();
      return new Promise((resolve, reject) => {
        channel.once('message', data => {
          if (String(data) === 'done') resolve(performance.now() - began);
          else reject(new Error(`the bare loop failed: ${data}`));
        });
        channel.send(JSON.stringify(errand));
      });
    },
    async close() {
      await page.close();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      for (const connection of connections) connection.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
