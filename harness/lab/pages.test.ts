import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { listenOnLoopback } from '../wire/listen.ts';
import { makePages } from './pages.ts';

/** The site on a port, and a page of it. */
async function started() {
  const pages = await makePages();
  const listener = await listenOnLoopback({ onConnection: socket => pages.site.handle(socket) });
  const page = pages.reserve();
  const token = new URL(page.path, 'http://x').searchParams.get('page');
  const at = `localhost:${listener.port}`;
  const close = async () => {
    await pages.close();
    await listener.close();
  };
  /** Opens the channel; the error's message if it is refused. */
  const connect = async (query: string, origin: string | null = `http://${at}`) => {
    const socket = new WebSocket(`ws://${at}/agent/channel?${query}`, origin === null ? {} : { origin });
    try {
      await once(socket, 'open');
      return socket;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { page, token, at, close, connect };
}

test('should let the page connect once, and nobody after it', async () => {
  const { page, token, connect, close } = await started();
  const socket = await connect(`page=${token}`);
  assert.ok(socket instanceof WebSocket);
  socket.send('{"type":"ready"}');
  await page.agent.ready;
  assert.equal(typeof (await connect(`page=${token}`)), 'string');
  assert.equal(socket.readyState, WebSocket.OPEN, 'the first one stays');
  socket.terminate();
  await page.agent.gone;
  assert.equal(typeof (await connect(`page=${token}`)), 'string', 'nor when the page is gone');
  await close();
});

test('should refuse a channel from another origin, without an origin, and with another token', async () => {
  const { token, at, connect, close } = await started();
  for (const [query, origin] of [
    [`page=${token}`, 'https://evil.example'],
    [`page=${token}`, `http://${at}.evil.example`],
    [`page=${token}`, 'null'],
    [`page=${token}`, null],
    ['page=', `http://${at}`],
    [`page=${'0'.repeat(32)}`, `http://${at}`],
    [`page=constructor`, `http://${at}`],
  ] as const)
    assert.equal(typeof (await connect(query, origin)), 'string', `${query} from ${origin}`);
  assert.ok((await connect(`page=${token}`)) instanceof WebSocket, 'none of these has used up the token');
  await close();
});

test('should end a channel that says something else than a page does', async () => {
  for (const message of [
    '',
    'null',
    '[]',
    '{',
    '{"type":"report","id":"1"}',
    '{"type":"report","id":1,"report":null}',
    '\u0000',
  ]) {
    const { page, token, connect, close } = await started();
    const socket = await connect(`page=${token}`);
    assert.ok(socket instanceof WebSocket);
    socket.send(message);
    await once(socket, 'close');
    await page.agent.gone;
    await close();
  }
});

test('should serve a page to who has its token only', async () => {
  const { page, at, close } = await started();
  assert.equal((await fetch(`http://${at}/agent/page?page=no`)).status, 403);
  assert.equal((await fetch(`http://${at}/agent/page?page=a&page=b`)).status, 403);
  assert.equal(page.requested, false);
  assert.equal((await fetch(`http://${at}${page.path}`)).status, 200);
  assert.equal(page.requested, true);
  await close();
});
