/** The connection against a small server that says what each test wants to hear. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { BidiConnection } from './bidi.ts';

type Command = { readonly id: number; readonly method: string; readonly params: unknown };

describe('BidiConnection', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  /** A browser that meets every command with `answer`, and a connection to it. */
  async function connect(answer: (command: Command, socket: WebSocket) => void = () => undefined) {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    ends.push(() => server.close());
    server.on('connection', socket => {
      ends.push(() => socket.terminate());
      socket.on('message', data => answer(JSON.parse(String(data)) as Command, socket));
    });
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const events: [method: string, params: unknown][] = [];
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/session`;
    const bidi = await BidiConnection.open(url, 5_000, (method, params) => events.push([method, params]));
    ends.push(() => bidi.close());
    const [socket] = await accepted;
    return { bidi, events, socket };
  }

  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

  test('should give every command its own result, in whatever order they come', async () => {
    const waiting: Command[] = [];
    const { bidi } = await connect((command, socket) => {
      waiting.push(command);
      if (waiting.length < 2) return;
      for (const { id, method } of waiting.reverse())
        say(socket, { type: 'success', id, result: { method } });
    });
    const results = await Promise.all([bidi.send('session.new', {}), bidi.send('browser.close', {})]);
    assert.deepEqual(results, [{ method: 'session.new' }, { method: 'browser.close' }]);
  });

  test("should reject with the browser's own words when it refuses", async () => {
    const { bidi } = await connect(({ id }, socket) =>
      say(socket, { type: 'error', id, error: 'no such frame', message: 'it has gone' }),
    );
    await assert.rejects(bidi.send('browsingContext.close', { context: '1' }), {
      message: 'no such frame: it has gone',
    });
  });

  test('should tell events to the listener, and take none for an answer', async () => {
    const { bidi, events } = await connect(({ id }, socket) => {
      say(socket, { type: 'event', method: 'network.authRequired', params: { request: '7' } });
      say(socket, { type: 'success', id, result: 'done' });
    });
    assert.equal(await bidi.send('session.subscribe', {}), 'done');
    assert.deepEqual(events, [['network.authRequired', { request: '7' }]]);
  });

  test('should reject what is under way when the connection closes, and what comes after', async () => {
    const { bidi } = await connect((_command, socket) => socket.close());
    const closed = { message: 'the browser closed the connection' };
    await assert.rejects(bidi.send('browsingContext.create', {}), closed);
    await bidi.closed;
    await assert.rejects(bidi.send('browsingContext.create', {}), closed);
  });

  test('should reject what is under way when it is closed from this side', async () => {
    const { bidi } = await connect();
    const pending = assert.rejects(bidi.send('session.status', {}), /closed the connection/);
    bidi.close();
    await pending;
    await bidi.closed;
  });

  test('should take a connection that breaks for one that has closed', async () => {
    const { bidi, socket } = await connect();
    const pending = assert.rejects(bidi.send('session.status', {}), /closed the connection/);
    // A frame with reserved bits set: the connection errs, and only then closes.
    (socket as WebSocket & { _socket: Socket })._socket.write(Buffer.from([0xf1, 0x00]));
    await bidi.closed;
    await pending;
  });

  test('should say who was not ready where nobody accepts in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    ends.push(() => silent.close());
    await once(silent, 'listening');
    const url = `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/session`;
    const opening = BidiConnection.open(url, 100, () => undefined);
    await assert.rejects(opening, { message: new RegExp(`^${url} was not ready`) });
  });

  test('should not wait where the connection is refused', async () => {
    const closing = createServer().listen(0, '127.0.0.1');
    await once(closing, 'listening');
    const { port } = closing.address() as AddressInfo;
    closing.close();
    await once(closing, 'close');
    const opening = BidiConnection.open(`ws://127.0.0.1:${port}/session`, 60_000, () => undefined);
    await assert.rejects(opening, /ECONNREFUSED/);
  });
});
