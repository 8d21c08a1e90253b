import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket, WebSocketServer } from 'ws';
import { proxyGet, rawClient, rawServer, testAuthority, testGateway } from './raw.test-support.ts';

const MB = 1024 * 1024;
const BIG = 100 * MB;
// Kernel buffers on both sides of both connections, and the streams' own; far below the body's size.
const ON_THE_WAY = 40 * MB;

/** Writes `total` bytes as fast as the other side takes them; tells how many have been taken. */
function pour(socket: Socket, total: number): { readonly written: number } {
  const block = Buffer.alloc(256 * 1024, 'x');
  const state = { written: 0 };
  const more = () => {
    while (state.written < total) {
      state.written += block.length;
      if (!socket.write(block)) return;
    }
    socket.off('drain', more);
  };
  socket.on('drain', more);
  more();
  return state;
}

/** Waits until a number stops growing. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = read();
    if (now === last && now > 0) return now;
    last = now;
    await new Promise(resolve => setTimeout(resolve, 150));
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes of buffers that somebody still holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

/** Counts what arrives without keeping it; gives by how much more was held at most than before, in bytes. */
function drain(socket: Socket, total: number): Promise<number> {
  const before = heldBytes();
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let measured = 0;
    let memory = 0;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes - measured >= BIG / 20) {
        measured = bytes;
        memory = Math.max(memory, heldBytes() - before);
      }
      if (bytes >= total) resolve(memory);
    });
    socket.once('close', () => reject(new Error(`closed after ${bytes} bytes`)));
    socket.resume();
  });
}

test('should stream a body of 100 MB down in constant memory, at the pace of the reader', {
  timeout: 60_000,
}, async t => {
  let poured = { written: 0 };
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send(`HTTP/1.1 200 OK\r\nContent-Length: ${BIG}\r\n\r\n`);
    poured = pour(client.socket, BIG);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  client.socket.pause();
  const stalledAt = await settled(() => poured.written);
  assert.ok(stalledAt < ON_THE_WAY, `${stalledAt} bytes were taken from the server while nobody read`);
  const memory = await drain(client.socket, BIG);
  assert.ok(memory < ON_THE_WAY, `${memory} bytes of memory`);
  const { end, response } = await exchange(0);
  assert.deepEqual([end, response?.bodyBytes, response?.body?.length], ['complete', BIG, 4096]);
});

test('should stream a body of 100 MB up in constant memory, at the pace of the server', {
  timeout: 60_000,
}, async t => {
  let read: () => void = () => {};
  const reading = new Promise<void>(resolve => {
    read = resolve;
  });
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.socket.pause();
    await reading;
    await drain(client.socket, BIG - ON_THE_WAY);
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    proxyGet('/', [`Content-Length: ${BIG}`]).replace('GET', 'PUT'),
  );
  const poured = pour(client.socket, BIG);
  const stalledAt = await settled(() => poured.written);
  assert.ok(stalledAt < ON_THE_WAY, `${stalledAt} bytes were taken from the client while nobody read`);
  read();
  await client.until('204');
  assert.equal((await exchange(0)).response?.status, 204);
});

test('should pass every event of an event stream on as it comes', { timeout: 10_000 }, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    client.send('9\r\ndata: 0\n\n\r\n');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/events'));
  for (const n of [0, 1, 2]) {
    // The next event is sent only when the one before has arrived: buffering anywhere would hang here.
    await client.until(`data: ${n}\n\n`);
    server.connections[0]?.send(`9\r\ndata: ${n + 1}\n\n\r\n`);
  }
  client.socket.destroy();
  const { end, note, response } = await exchange(0);
  assert.deepEqual([end, note], ['cut', 'the client closed the connection']);
  assert.match(response?.body ?? '', /^data: 0\n\ndata: 1\n\n/);
});

test('should pass all byte values on, compressed or not', { timeout: 10_000 }, async t => {
  const body = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
  const server = await rawServer(t, async client => {
    await client.until(body);
    client.send(`HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 256\r\n\r\n${body}`);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    `${proxyGet('/', ['Content-Length: 256']).replace('GET', 'POST')}${body}`,
  );
  await client.until(body);
  const { request, response } = await exchange(0);
  assert.deepEqual([request.body, response?.body], [body, body]);
});

/** A WebSocket server that echoes, on a port of its own. */
async function echoServer(t: TestContext): Promise<number> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', socket => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    http.close();
  });
  return (http.address() as AddressInfo).port;
}

async function echo(socket: WebSocket, message: string): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    socket.once('message', data => resolve(String(data)));
    socket.once('error', reject);
  });
  if (socket.readyState !== WebSocket.OPEN) {
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  }
  socket.send(message);
  return answer;
}

test('should carry a WebSocket through CONNECT, with and without TLS', { timeout: 15_000 }, async t => {
  const port = await echoServer(t);
  const { gateway, exchanges } = await testGateway(t, port);
  for (const [url, authority] of [
    ['ws://api.example.com/socket', 'api.example.com:80'],
    ['wss://api.example.com/socket', 'api.example.com:443'],
  ] as const) {
    const tunnel = rawClient(t, gateway.port).send(
      `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`,
    );
    await tunnel.until('\r\n\r\n');
    tunnel.socket.removeAllListeners('data');
    const secure = url.startsWith('wss');
    const ca = (await testAuthority()).caCert;
    const socket = new WebSocket(url, {
      createConnection: () =>
        secure ? connectTls({ socket: tunnel.socket, servername: 'api.example.com', ca }) : tunnel.socket,
    });
    t.after(() => socket.terminate());
    assert.equal(await echo(socket, 'hello'), 'hello');
    const big = 'x'.repeat(3 * MB);
    assert.equal(await echo(socket, big), big);
    const closed = new Promise(resolve => socket.once('close', resolve));
    socket.close(1000);
    assert.equal(await closed, 1000);
  }
  assert.deepEqual(
    exchanges.map(e => [e.request.url, e.response?.status, e.end]),
    [
      ['http://api.example.com/socket', 101, 'complete'],
      ['https://api.example.com/socket', 101, 'complete'],
    ],
  );
});

test('should carry a WebSocket that is asked for by an absolute target', { timeout: 10_000 }, async t => {
  const port = await echoServer(t);
  const { gateway, exchange } = await testGateway(t, port);
  const client = rawClient(t, gateway.port).send(
    proxyGet('/socket', [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]),
  );
  await client.until('\r\n\r\n');
  assert.match(client.text, /^HTTP\/1\.1 101 /);
  // A masked text frame "hi" with the mask 0, and its echo, which a server doesn't mask.
  client.send('\x81\x82\x00\x00\x00\x00hi');
  await client.until('\x81\x02hi');
  assert.equal((await exchange(0)).end, 'complete');
  client.socket.end();
  assert.equal(await client.ended, 'end');
});
