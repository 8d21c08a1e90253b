/** What the gateway passes on, byte by byte. Longer than other files: one table of odd messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyGet, rawClient, rawServer, testGateway } from './raw.test-support.ts';

const LIMIT = { timeout: 10_000 };

test('should hand on every byte of both heads except the target and Proxy-Connection', LIMIT, async t => {
  const answer =
    'HTTP/1.1 200 Fine\r\nx-B: 1\r\nX-A:2\r\nx-b:\t3 \r\nX-Odd: \x0b\xff\r\nContent-Length: 2\r\n\r\nok';
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send(answer);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    'GET http://API.example.com:80/p%20q?a=b;c HTTP/1.1\r\nHost: API.example.com\r\nProxy-Connection: keep-alive\r\n' +
      'oRiGin:  https://app.example.com \r\nX: \xe9\x01\r\nx: 2\r\n\r\n',
  );
  await client.until('ok');
  assert.equal(client.text, answer);
  assert.equal(
    server.connections[0]?.text,
    'GET /p%20q?a=b;c HTTP/1.1\r\nHost: API.example.com\r\nConnection: keep-alive\r\n' +
      'oRiGin:  https://app.example.com \r\nX: \xe9\x01\r\nx: 2\r\n\r\n',
  );
  const recorded = await exchange(0);
  assert.equal(recorded.end, 'complete');
  assert.equal(recorded.role, 'actual');
  assert.equal(recorded.resource, '/p%20q');
  assert.equal(recorded.request.url, 'http://api.example.com/p%20q?a=b;c');
  assert.deepEqual(recorded.request.headers, [
    ['Host', 'API.example.com'],
    ['Proxy-Connection', 'keep-alive'],
    ['oRiGin', 'https://app.example.com'],
    ['X', '\xe9\x01'],
    ['x', '2'],
  ]);
  assert.equal(recorded.response?.status, 200);
  assert.equal(recorded.response?.reason, 'Fine');
  assert.deepEqual(recorded.response?.headers, [
    ['x-B', '1'],
    ['X-A', '2'],
    ['x-b', '3'],
    ['X-Odd', '\x0b\xff'],
    ['Content-Length', '2'],
  ]);
  assert.equal(recorded.response?.body, 'ok');
  assert.equal(recorded.response?.bodyBytes, 2);
  assert.ok(recorded.endedMs >= recorded.startedMs);
});

test('should drop Proxy-Connection where Connection is there too', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  rawClient(t, gateway.port).send(proxyGet('/', ['proxy-connection: close', 'Connection: Upgrade', 'X: y']));
  await exchange(0);
  assert.equal(
    server.connections[0]?.text,
    'GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nX: y\r\n\r\n',
  );
});

test('should pair one client connection with one server connection and number it', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    for (const n of [1, 2, 3]) {
      await client.until(`/${n} HTTP`);
      client.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n#${n}`);
    }
  });
  const { gateway, exchanges } = await testGateway(t, server.port);
  const first = rawClient(t, gateway.port);
  for (const n of [1, 2]) await first.send(proxyGet(`/${n}`)).until(`#${n}`);
  await rawClient(t, gateway.port).send(proxyGet('/1')).until('#1');
  await first.send(proxyGet('/3')).until('#3');
  assert.equal(server.connections.length, 2);
  assert.deepEqual(
    exchanges.map(e => [e.resource, e.connection]),
    [
      ['/1', 1],
      ['/2', 1],
      ['/1', 2],
      ['/3', 1],
    ],
  );
});

test('should answer pipelined requests one after the other', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('/1 HTTP');
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.ok(!client.text.includes('/2 HTTP'), 'the second request waits for the first answer');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na');
    await client.until('BODY');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb');
  });
  const { gateway, exchanges } = await testGateway(t, server.port);
  const post = proxyGet('/2', ['Content-Length: 4']).replace('GET', 'POST');
  const client = rawClient(t, gateway.port).send(`${proxyGet('/1')}${post}BODY`);
  await client.until('\r\n\r\nb');
  assert.deepEqual(
    exchanges.map(e => [e.request.method, e.request.body, e.response?.body]),
    [
      ['GET', undefined, 'a'],
      ['POST', 'BODY', 'b'],
    ],
  );
});

test('should pass on interim answers at once and record them', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 100 Continue\r\n\r\n');
    await client.until('hello');
    client.send(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n',
    );
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    proxyGet('/', ['Expect: 100-continue', 'Content-Length: 5']).replace('GET', 'PUT'),
  );
  await client.until('100 Continue\r\n\r\n');
  client.send('hello');
  await client.until('201 Created');
  const { response, request } = await exchange(0);
  assert.deepEqual(response?.interim, [
    { status: 100, headers: [] },
    { status: 103, headers: [['Link', '</a>']] },
  ]);
  assert.equal(response?.status, 201);
  assert.equal(request.body, 'hello');
});

test('should know answers without a body: HEAD, 204, 304', LIMIT, async t => {
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n',
    'HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n',
  ];
  const server = await rawServer(t, async client => {
    for (const [n, answer] of answers.entries()) {
      await client.until(`/${n} HTTP`);
      client.send(answer);
    }
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port);
  for (const [n, answer] of answers.entries()) {
    client.send(proxyGet(`/${n}`).replace('GET', n === 0 ? 'HEAD' : 'GET'));
    await client.until(answer);
    const { end, response } = await exchange(n);
    assert.equal(end, 'complete');
    assert.equal(response?.bodyBytes, 0);
  }
  assert.equal(server.connections.length, 1);
});

test('should pass chunked bodies and trailers on as they are and record their content', LIMIT, async t => {
  const body = '5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n';
  const server = await rawServer(t, async client => {
    await client.until('0\r\n\r\n');
    client.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    `${proxyGet('/', ['Transfer-Encoding: chunked']).replace('GET', 'POST')}3\r\nabc\r\n0\r\n\r\n`,
  );
  await client.until(body);
  const { request, response } = await exchange(0);
  assert.equal(request.body, 'abc');
  assert.equal(request.bodyBytes, 3);
  assert.equal(response?.body, 'hello world');
  assert.deepEqual(response?.trailers, [
    ['X-Sum', '1'],
    ['x-sum', '2'],
  ]);
  assert.ok(server.connections[0]?.text.endsWith('3\r\nabc\r\n0\r\n\r\n'));
});

test('should tell preflights by method, Origin and Access-Control-Request-Method', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  rawClient(t, gateway.port).send(
    proxyGet('/', ['Origin: https://app.example.com', 'Access-Control-Request-Method: PUT']).replace(
      'GET',
      'OPTIONS',
    ),
  );
  assert.equal((await exchange(0)).role, 'preflight');
});

test('should give a client two servers on one connection, each its own', LIMIT, async t => {
  const serve = (name: string) =>
    rawServer(t, async client => {
      await client.until('/1 HTTP');
      client.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${name}1`);
      await client.until('/2 HTTP');
      client.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${name}2`);
    });
  const [a, b] = await Promise.all([serve('a'), serve('b')]);
  const { gateway, exchanges } = await testGateway(t, 0, {
    route: ({ host }) => ({
      upstream: { host: '127.0.0.1', port: host.startsWith('a') ? a.port : b.port, tls: false },
      record: true,
    }),
  });
  const client = rawClient(t, gateway.port);
  for (const [host, path, answer] of [
    ['a', 1, 'a1'],
    ['b', 1, 'b1'],
    ['a', 2, 'a2'],
    ['b', 2, 'b2'],
  ] as const) {
    client.send(`GET http://${host}.example/${path} HTTP/1.1\r\nHost: ${host}.example\r\n\r\n`);
    await client.until(answer);
  }
  assert.deepEqual(
    exchanges.map(e => e.connection),
    [1, 2, 1, 2],
  );
  assert.deepEqual([a.connections.length, b.connections.length], [1, 1]);
});

test('should relay unrecorded routes without a record', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage');
  });
  const { gateway, exchanges } = await testGateway(t, 0, {
    route: () => ({ upstream: { host: '127.0.0.1', port: server.port, tls: false }, record: false }),
  });
  await rawClient(t, gateway.port).send(proxyGet('/')).until('page');
  assert.deepEqual([exchanges, gateway.snapshot()], [[], []]);
});

test(
  'should tell of an exchange when it begins, when its answer begins, and while it is in flight',
  LIMIT,
  async t => {
    const phases: string[] = [];
    const server = await rawServer(t, async client => {
      await client.until('\r\n\r\n');
      client.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na');
    });
    const { gateway, exchange } = await testGateway(t, server.port, {
      onRequest: live => phases.push(`request ${live.id} ${live.snapshot().end}`),
      onResponse: live => phases.push(`response ${live.id} ${live.snapshot().end}`),
      onExchange: (_exchange, live) => phases.push(`exchange ${live.id} ${live.inFlight}`),
    });
    const client = rawClient(t, gateway.port).send(proxyGet('/x'));
    await client.until('\r\n\r\na');
    assert.deepEqual(
      gateway.snapshot().map(e => [e.resource, e.end, e.response?.bodyBytes, e.note]),
      [['/x', 'cut', 1, 'still in flight']],
    );
    server.connections[0]?.send('bc');
    await exchange(0);
    assert.deepEqual(phases, ['request 1 no-answer', 'response 1 cut', 'exchange 1 false']);
    assert.deepEqual(gateway.snapshot(), []);
  },
);

test('should end what is in flight and every connection on close', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, exchange } = await testGateway(t, server.port, {});
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  while (server.connections.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  await Promise.all([gateway.close(), gateway.close()]);
  await client.ended;
  await server.connections[0]?.ended;
  const { end, note } = await exchange(0);
  assert.deepEqual([end, note], ['no-answer', 'the gateway was closed']);
});

test('should drop a server that speaks while another one is asked', LIMIT, async t => {
  const talkative = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const other = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
  });
  const { gateway, exchange } = await testGateway(t, 0, {
    route: ({ host }) => ({
      upstream: { host: '127.0.0.1', port: host === 'a.example' ? talkative.port : other.port, tls: false },
      record: true,
    }),
  });
  const client = rawClient(t, gateway.port).send('GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n');
  await client.until('204');
  client.send('GET http://b.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n');
  await client.until('first');
  talkative.connections[0]?.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison');
  assert.equal(await talkative.connections[0]?.ended, 'reset');
  other.connections[0]?.send('after');
  await client.until('firstafter');
  assert.equal((await exchange(1)).response?.body, 'firstafter');
});

test('should go on with one server when another one that was asked before has ended', LIMIT, async t => {
  const brief = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na');
  });
  const other = await rawServer(t, async client => {
    await client.until('/1 HTTP');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb');
    await client.until('/2 HTTP');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc');
  });
  const { gateway, exchanges } = await testGateway(t, 0, {
    route: ({ host }) => ({
      upstream: { host: '127.0.0.1', port: host === 'a.example' ? brief.port : other.port, tls: false },
      record: true,
    }),
  });
  const ask = (host: string, path: string) => `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const client = rawClient(t, gateway.port);
  await client.send(ask('a.example', '/')).until('\r\n\r\na');
  await client.send(ask('b.example', '/1')).until('\r\n\r\nb');
  const [first] = brief.connections;
  first?.socket.end();
  await first?.ended;
  await client.send(ask('b.example', '/2')).until('\r\n\r\nc');
  await client.send(ask('a.example', '/')).until('c' + 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na');
  assert.equal(brief.connections.length, 2);
  assert.deepEqual(
    exchanges.map(e => e.connection),
    [1, 2, 2, 3],
  );
});
