import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { ask } from './ask.ts';

/** Asks a server that answers every request with these bytes, in one piece. */
async function asked(method: string, answer: string | ((socket: Socket) => void), timeoutMs = 5_000) {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => (typeof answer === 'string' ? socket.end(answer, 'latin1') : answer(socket)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const url = `http://localhost:${port}/x?y`;
    return await ask(
      { method, url, headers: [['Origin', 'https://app.example']] },
      { upstream: { host: '127.0.0.1', port, tls: false }, timeoutMs },
    );
  } finally {
    server.close();
  }
}

test('should give the whole answer as it stood', async () => {
  const { role, request, response, end } = await asked(
    'GET',
    'HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok',
  );
  assert.equal(end, 'complete');
  assert.equal(role, 'actual');
  assert.ok(request.url.endsWith('/x?y'));
  assert.deepEqual(response, {
    status: 200,
    reason: 'Fine',
    headers: [
      ['X-A', '1'],
      ['x-a', '2'],
      ['Content-Length', '2'],
    ],
    bodyBytes: 2,
    body: 'ok',
  });
});

test('should take what follows a whole answer for no part of it', async () => {
  for (let n = 0; n < 20; n++) {
    const head = await asked('HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    assert.deepEqual([head.end, head.response?.status, head.response?.bodyBytes], ['complete', 200, 0]);
    const get = await asked('GET', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\0\x01 and more');
    assert.deepEqual([get.end, get.response?.body], ['complete', 'ok']);
  }
});

test('should say how an answer failed to come, and never reject', async () => {
  assert.equal((await asked('GET', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')).end, 'cut');
  assert.equal((await asked('GET', '\0\x01 no HTTP\r\n\r\n')).end, 'malformed');
  assert.equal((await asked('GET', socket => socket.resetAndDestroy())).end, 'no-answer');
  const hung = await asked('GET', () => undefined, 100);
  assert.deepEqual([hung.end, hung.note], ['no-answer', 'no answer within 0.1 s']);
});
