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

test('should read what browsers put up with', async () => {
  const cases: [bytes: string, status: number, body: string][] = [
    ['HTTP/1.1 200 OK\nX-A: 1\nContent-Length: 2\n\nok', 200, 'ok'],
    ['HTTP/1.1 200\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['HTTP/1.1 200 \r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    [
      'HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      200,
      'ok',
    ],
    ['\r\nHTTP/1.1 404 No\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n', 404, ''],
    ['HTTP/1.1 999 Odd\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n', 999, ''],
    ['HTTP/1.1 000 Odd\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok', 0, 'ok'],
    ['HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: two\r\n\r\nok', 200, 'ok'],
    ['HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nuntil the end', 200, 'until the end'],
  ];
  for (const [bytes, status, body] of cases) {
    const { end, response } = await asked('GET', bytes);
    assert.deepEqual([end, response?.status, response?.body ?? ''], ['complete', status, body], bytes);
    assert.deepEqual(response?.headers[0], ['X-A', '1']);
  }
});

test('should give up what no browser reads', async () => {
  for (const bytes of ['HTTP/1.1 abc\r\n\r\n', 'HTTP/1.1 2000 OK\r\n\r\n', 'HTTP/2 200\r\n\r\n'])
    assert.equal((await asked('GET', bytes)).end, 'malformed', bytes);
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  assert.equal((await asked('GET', `${head}zz\r\nok\r\n0\r\n\r\n`)).end, 'malformed');
  assert.equal(
    (await asked('GET', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok')).end,
    'malformed',
  );
});

test('should keep some of very many interim answers, and say how many are not kept', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(5_000);
  const { response, note } = await asked('GET', `${interim}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`);
  assert.equal(response?.status, 200);
  assert.equal(response?.interim?.length, 20);
  assert.equal(note, '4980 more interim answers are not recorded');
});

test('should send nothing that would split a request', async () => {
  const upstream = { host: '127.0.0.1', port: 1, tls: false };
  const sent = (question: object) =>
    ask({ method: 'GET', url: 'http://x/', headers: [], ...question }, { upstream, timeoutMs: 1_000 });
  assert.match((await sent({ headers: [['X-A', '1\r\nX-B: 2']] })).note ?? '', /X-A.*cannot be sent/);
  assert.match((await sent({ headers: [['X A', '1']] })).note ?? '', /X A.*cannot be sent/);
  assert.match((await sent({ method: 'GET /' })).note ?? '', /cannot be sent/);
  assert.match((await sent({ url: 'nonsense' })).note ?? '', /is not a URL/);
});

test('should wait for a silent server no longer than for an interrupt', async () => {
  const server = createServer(socket => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream = { host: '127.0.0.1', port, tls: false };
  const interrupted = new AbortController();
  const question = { method: 'GET', url: 'http://x/', headers: [] };
  const options = { upstream, timeoutMs: 600_000, signal: interrupted.signal };
  const asking = ask(question, options);
  const [socket] = (await once(server, 'connection')) as [Socket];
  interrupted.abort();
  const notes = [(await asking).note, (await ask(question, options)).note];
  assert.deepEqual(notes, ['interrupted', 'interrupted']);
  socket.destroy();
  server.close();
});

test('should not wait for the end of a stream that has none', async () => {
  const stream = await asked('GET', socket => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\ndata: x\n\n');
  });
  assert.deepEqual([stream.end, stream.response?.status], ['complete', 200]);
  const whole = await asked(
    'GET',
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\nhalf',
  );
  assert.equal(whole.end, 'cut');
});
