import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveExchange } from './gateway.ts';
import type { RawClient } from './raw.test-support.ts';
import { proxyGet, rawClient, rawServer, testGateway } from './raw.test-support.ts';

const LIMIT = { timeout: 15_000 };

function asked(client: RawClient): Promise<string> {
  return client.until('\r\n\r\n');
}

test('should turn a reset before the head into a reset', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.socket.resetAndDestroy();
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  assert.equal(await client.ended, 'reset');
  assert.equal(client.text, '');
  const { end, note, response } = await exchange(0);
  assert.deepEqual([end, note, response], ['no-answer', 'the server reset the connection', null]);
});

test('should turn a reset in the body into the bytes so far and a reset', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    await client.until('GO');
    client.socket.resetAndDestroy();
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    `${proxyGet('/', ['Content-Length: 4']).replace('GET', 'POST')}`,
  );
  await client.until('half');
  client.send('GO');
  assert.equal(await client.ended, 'reset');
  const { end, note, response } = await exchange(0);
  assert.deepEqual([end, note, response?.body], ['cut', 'the server reset the connection', 'half']);
});

test(
  'should turn an early end into an end, and an end that ends the body into a complete answer',
  LIMIT,
  async t => {
    const answers = [
      '',
      'HTTP/1.1 200 OK\r\nCont',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab',
      'HTTP/1.1 200 OK\r\n\r\nall',
    ];
    const server = await rawServer(t, async (client, index) => {
      await asked(client);
      client.socket.end(answers[index] ?? '');
    });
    const { gateway, exchanges } = await testGateway(t, server.port);
    for (const answer of answers) {
      const client = rawClient(t, gateway.port).send(proxyGet('/'));
      assert.equal(await client.ended, 'end');
      assert.equal(client.text, answer);
    }
    assert.deepEqual(
      exchanges.map(e => [e.end, e.note]),
      [
        ['no-answer', 'the server closed the connection'],
        ['no-answer', 'the server closed the connection after 21 bytes of a head'],
        ['cut', 'the server closed the connection'],
        ['complete', undefined],
      ],
    );
  },
);

test('should let a hang hang, and tell the server when the client gives up', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, exchange, exchanges } = await testGateway(t, server.port);
  const patient = rawClient(t, gateway.port).send(proxyGet('/a'));
  while (gateway.snapshot().length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  const hasty = rawClient(t, gateway.port).send(proxyGet('/b'));
  while (server.connections.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
  hasty.socket.destroy();
  assert.equal(await server.connections[1]?.ended, 'end');
  const { resource, end, note } = await exchange(0);
  assert.deepEqual([resource, end, note], ['/b', 'no-answer', 'the client closed the connection']);
  assert.equal(exchanges.length, 1);
  assert.equal(gateway.snapshot()[0]?.resource, '/a');
  assert.equal(patient.text, '');
});

test('should tell the server of a client that resets', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  while (server.connections[0]?.text === undefined || server.connections[0].text === '') {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  client.socket.resetAndDestroy();
  assert.equal(await server.connections[0].ended, 'reset');
  assert.equal((await exchange(0)).note, 'the client reset the connection');
});

test('should report a server that refuses connections', LIMIT, async t => {
  const { gateway, exchange } = await testGateway(t, 0, {
    // Nothing listens on port 1.
    route: () => ({ upstream: { host: '127.0.0.1', port: 1, tls: false }, record: true }),
  });
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  assert.equal(await client.ended, 'reset');
  assert.equal((await exchange(0)).note, 'could not connect to 127.0.0.1:1: ECONNREFUSED');
});

test('should bound an endless head and record it as malformed', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (!client.socket.destroyed && client.socket.write('X-More: and more of the same\r\n'.repeat(500)));
    };
    client.socket.on('drain', more);
    more();
  });
  const { gateway, exchange } = await testGateway(t, server.port, { maxHeadBytes: 100_000 });
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  assert.equal(await client.ended, 'reset');
  assert.equal(await server.connections[0]?.ended, 'reset');
  const { end, note, response } = await exchange(0);
  assert.deepEqual([end, note, response], ['malformed', 'the head is larger than is read', null]);
});

test('should record as malformed an endless head that the client gives up', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send(`HTTP/1.1 200 OK\r\n${'X-More: and more of the same\r\n'.repeat(8000)}`);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  while (client.text.length < 200_000) await new Promise(resolve => setTimeout(resolve, 5));
  client.socket.resetAndDestroy();
  const { end, note } = await exchange(0);
  assert.equal(end, 'malformed');
  assert.match(note ?? '', /^the client reset the connection after \d+ bytes of a head that did not end$/);
});

test('should carry a header line of one million bytes', LIMIT, async t => {
  const line = `X-Long: ${' '.repeat(400_000)}${'a'.repeat(200_000)}${' \t'.repeat(200_000)}b`;
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send(`HTTP/1.1 200 OK\r\n${line}\r\nContent-Length: 3\r\n\r\nend`);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  await client.until('\r\n\r\nend');
  assert.ok(client.text.includes(line));
  assert.equal((await exchange(0)).response?.headers[0]?.[1].length, 600_001);
});

test('should hand garbage on at once and record it as malformed', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('\x00\x01SSH-2.0 no HTTP at all');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  await client.until('no HTTP at all');
  const { end, note } = await exchange(0);
  assert.deepEqual([end, note], ['malformed', 'the bytes do not start an HTTP/1 message']);
  server.connections[0]?.socket.end();
  assert.equal(await client.ended, 'end');
});

test('should hand on bare LF, folded lines and lines without a colon, and read them', LIMIT, async t => {
  const answer = 'HTTP/1.1 200\nA: 1\n B\nno colon\nC : 2\r\nContent-Length: 1\n\nx';
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send(answer);
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  await client.until('\n\nx');
  assert.equal(client.text, answer);
  const { end, response } = await exchange(0);
  assert.equal(end, 'complete');
  assert.deepEqual(response?.headers, [
    ['A', '1 B'],
    ['no colon', ''],
    ['C ', '2'],
    ['Content-Length', '1'],
  ]);
});

const malformed: [what: string, answer: string, note: RegExp][] = [
  ['a chunk size that is no number', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n', /hexadecimal/],
  ['a chunk that is longer than it says', 'Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n', /line end/],
  ['lengths that differ', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', /do not agree/],
];
for (const [what, answer, expected] of malformed) {
  test(`should hand on and record as malformed: ${what}`, LIMIT, async t => {
    const server = await rawServer(t, async client => {
      await asked(client);
      client.socket.end(`HTTP/1.1 200 OK\r\n${answer}`);
    });
    const { gateway, exchange } = await testGateway(t, server.port);
    const client = rawClient(t, gateway.port).send(proxyGet('/'));
    assert.equal(await client.ended, 'end');
    assert.equal(client.text, `HTTP/1.1 200 OK\r\n${answer}`);
    const { end, note } = await exchange(0);
    assert.equal(end, 'malformed');
    assert.match(note ?? '', expected);
  });
}

test(
  'should hand on extra bytes behind an answer, note them, and carry no further request there',
  LIMIT,
  async t => {
    const server = await rawServer(t, async client => {
      await asked(client);
      client.send('HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison');
    });
    const { gateway, exchange, exchanges } = await testGateway(t, server.port);
    const client = rawClient(t, gateway.port).send(proxyGet('/1'));
    await client.until('poison');
    const { end, note } = await exchange(0);
    assert.deepEqual([end, note], ['complete', '44 more bytes followed the end of the answer']);
    client.send(proxyGet('/2'));
    assert.equal(await client.ended, 'reset');
    assert.equal(exchanges.length, 1);
  },
);

test('should hand on bytes that come unasked, and carry no further request behind them', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
    await new Promise(resolve => setTimeout(resolve, 30));
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison');
  });
  const { gateway, exchanges } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/1'));
  await client.until('poison');
  client.send(proxyGet('/2'));
  assert.equal(await client.ended, 'reset');
  assert.equal(exchanges.length, 1);
});

test('should hand on an answer that comes before the request body has ended', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
    await client.until('rest of it');
    await client.until('/2 HTTP');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const lives: LiveExchange[] = [];
  const { gateway, exchange, exchanges } = await testGateway(t, server.port, {
    onRequest: live => lives.push(live),
  });
  const client = rawClient(t, gateway.port).send(
    `${proxyGet('/1', ['Content-Length: 15']).replace('GET', 'POST')}begin`,
  );
  await client.until('413 Too Large\r\n');
  const { end, response } = await exchange(0);
  assert.deepEqual([end, response?.status], ['complete', 413]);
  client.send(`rest of it${proxyGet('/2')}`);
  await client.until('\r\n\r\nok');
  assert.deepEqual(
    exchanges.map(e => e.connection),
    [1, 1],
  );
  assert.equal(lives[0]?.snapshot().request.body, 'beginrest of it');
});

test('should end the client connection when the idle server connection ends', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
    await client.until('never').catch(() => {});
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/1'));
  await client.until('204');
  await exchange(0);
  server.connections[0]?.socket.end();
  assert.equal(await client.ended, 'end');
});

test('should not take a protocol switch for an answer where none was asked for', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await asked(client);
    client.send('HTTP/1.1 101 Switching Protocols\r\n\r\nwhatever');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  await client.until('whatever');
  assert.equal((await exchange(0)).end, 'malformed');
});
