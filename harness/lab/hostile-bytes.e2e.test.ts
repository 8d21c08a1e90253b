/** What comes from outside is data: random bytes at the gateway, the sites and the channel of a page. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import WebSocket from 'ws';
import { startGateway } from '../wire/gateway.ts';
import { listenOnLoopback } from '../wire/listen.ts';
import { makePages } from './pages.ts';
import { startServers } from './servers.ts';

const LIMIT = { timeout: 120_000 };

/** Mulberry32: the same numbers every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (((value ^ (value >>> 14)) >>> 0) % 0xffffffff) % below;
  };
}

const PIECES = [
  ...[
    'GET ',
    'OPTIONS ',
    'CONNECT ',
    'PUT ',
    'get ',
    ' ',
    '\t',
    '/',
    '*',
    '//',
    'http://',
    'https://',
    'ws://',
    '@',
    ':',
    '#',
    '?',
  ],
  ...[
    'api.example',
    'evil.example',
    'localhost',
    '127.0.0.1',
    '169.254.169.254',
    '[::1]',
    ':80',
    ':443',
    ':0',
    ':99999',
    '/a',
  ],
  ...[' HTTP/1.1', ' HTTP/1.0', ' HTTP/9.9', '\r\n', '\n', '\r', '\r\n\r\n', '\n\n', '\0', '\xff', 'é'],
  ...[
    'Host: ',
    'Host : ',
    'host: api.example',
    'Content-Length: ',
    '5',
    '-1',
    '99999999999999999999',
    'Transfer-Encoding: chunked',
  ],
  ...[
    'Connection: upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 13',
    'Origin: null',
    'Cookie: a=b',
  ],
  ...[
    'zz\r\n',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'x'.repeat(300),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00',
  ],
  ...[
    '/agent/channel?page=',
    '/agent/page?page=',
    '/agent/page?page=%00',
    '/c/0123456789abcdef/main',
    '{"type":"ready"}',
    '[]',
  ],
];

const PROPER = [
  'GET http://api.example/a HTTP/1.1\r\nHost: api.example\r\n',
  'GET http://evil.example/a HTTP/1.1\r\nHost: evil.example\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
  'CONNECT api.example:80 HTTP/1.1\r\nHost: api.example:80\r\n\r\n',
  'GET /a HTTP/1.1\r\nHost: api.example\r\n',
];

/** A head that may be well-formed at first, and is not for long. */
function randomHead(random: (below: number) => number): Buffer {
  let text = random(3) === 0 ? (PROPER[random(PROPER.length)] as string) : '';
  for (let n = random(14); n >= 0; n--) text += PIECES[random(PIECES.length)];
  if (random(2) === 0) text += '\r\n\r\n';
  const bytes = Buffer.from(text, 'latin1');
  for (let n = random(3); n > 0 && bytes.length > 0; n--) bytes[random(bytes.length)] = random(256);
  return bytes;
}

/** Sends each of the heads on a connection for it alone, a few at a time, and ends the connection soon after. */
async function sendAll(port: number, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const heads = Array.from({ length: count }, () => randomHead(random));
  const worker = async () => {
    for (let head = heads.pop(); head; head = heads.pop()) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(head);
      socket.once('connect', () => setTimeout(() => socket.destroy(), 20));
      // once() of node:events would take the reset of such a connection for a failure of its own.
      await new Promise(resolve => socket.once('close', resolve));
    }
  };
  await Promise.all(Array.from({ length: 40 }, worker));
}

/** How many sockets are open that were not before, once those that are closing have closed. */
async function leftOver(before: number): Promise<number> {
  for (let n = 0; n < 200 && openSockets() > before; n++)
    await new Promise(resolve => setTimeout(resolve, 50));
  return Math.max(0, openSockets() - before);
}

const openSockets = () => process.getActiveResourcesInfo().filter(name => /TCP|TLS/.test(name)).length;

test('should relay random heads to nothing but the target', LIMIT, async t => {
  let relayed = 0;
  const hosts = new Set<string>();
  const target = createServer(socket => {
    relayed++;
    socket.on('error', () => undefined);
    socket.on('data', data => {
      for (const [, host = ''] of data.toString('latin1').matchAll(/^host:[ \t]*([^\r\n]*)/gim))
        hosts.add(host.trim().toLowerCase());
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const { port } = target.address() as AddressInfo;
  const asked: string[] = [];
  const gateway = await startGateway({
    route: ({ origin }) => {
      asked.push(origin);
      return origin === 'http://api.example'
        ? { upstream: { host: '127.0.0.1', port, tls: false }, record: true }
        : null;
    },
  });
  t.after(async () => {
    await gateway.close();
    target.close();
  });
  const before = openSockets();
  await sendAll(gateway.port, 4_000, 1);
  assert.ok(relayed > 50, `some heads are well-formed (${relayed})`);
  assert.deepEqual([...hosts], ['api.example']);
  assert.ok(
    asked.some(origin => origin !== 'http://api.example'),
    'others were asked for',
  );
  assert.equal(await leftOver(before), 0, 'no connection is left');
  assert.deepEqual(gateway.snapshot(), [], 'no exchange is left');
});

test('should survive random heads at a site and target', LIMIT, async t => {
  const world = await startServers();
  t.after(() => world.close());
  const before = openSockets();
  await sendAll(world.ports.target.http, 4_000, 2);
  assert.equal(await leftOver(before), 0, 'no connection is left');
  const answer = await fetch(`http://localhost:${world.ports.target.http}/agent/page.js`);
  assert.equal(answer.status, 200, 'the site still answers');
  await answer.text();
});

test('should end a channel at the first message that is not of the protocol', LIMIT, async () => {
  const pages = await makePages();
  const site = await listenOnLoopback({ onConnection: socket => pages.site.handle(socket) });
  const random = randomFrom(3);
  const worker = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const page = pages.reserve();
      const token = new URL(page.path, 'http://x').searchParams.get('page');
      const at = `localhost:${site.port}`;
      const socket = new WebSocket(`ws://${at}/agent/channel?page=${token}`, { origin: `http://${at}` });
      socket.on('error', () => undefined);
      await once(socket, 'open');
      // Ten random messages; sooner or later one is not what a page says.
      for (let m = 0; m < 10; m++) socket.send(randomHead(random), { binary: random(2) === 0 });
      await Promise.race([once(socket, 'close'), page.agent.gone]);
      socket.terminate();
      page.release();
    }
  };
  await Promise.all(Array.from({ length: 10 }, () => worker(20)));
  await pages.close();
  await site.close();
});
