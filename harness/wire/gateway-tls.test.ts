import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { PeerCertificate } from 'node:tls';
import { connect as connectTls, createServer as createSecureServer } from 'node:tls';
import { proxyGet, RawClient, rawClient, rawServer, testAuthority, testGateway } from './raw.test-support.ts';

const LIMIT = { timeout: 15_000 };

async function connectThrough(t: TestContext, port: number, authority: string): Promise<RawClient> {
  const client = rawClient(t, port).send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await client.until('\r\n\r\n');
  assert.match(client.text, /^HTTP\/1\.1 200 /);
  return client;
}

/** TLS inside a tunnel, with the gateway's authority trusted and the name verified. */
async function secureThrough(
  t: TestContext,
  port: number,
  host: string,
  servername = host,
): Promise<RawClient> {
  const tunnel = await connectThrough(t, port, `${host}:443`);
  tunnel.socket.removeAllListeners('data');
  const stream = connectTls({
    socket: tunnel.socket,
    servername,
    ca: (await testAuthority()).caCert,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  t.after(() => stream.destroy());
  const client = new RawClient(stream);
  await new Promise<void>((resolve, reject) => {
    stream.once('secureConnect', resolve);
    stream.once('error', reject);
  });
  assert.equal(stream.alpnProtocol, 'http/1.1');
  return client;
}

function get(path: string, host = 'api.example.com'): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
}

/** An HTTPS server with a certificate for `host`; tells the names it was asked for. */
async function secureServer(t: TestContext, host: string): Promise<{ port: number; names: unknown[] }> {
  const names: unknown[] = [];
  const server = createServer(await (await testAuthority()).certificate(host), (request, response) => {
    names.push((request.socket as typeof request.socket & { servername?: unknown }).servername);
    response.end(`hello ${request.headers.host}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, names };
}

test(
  'should end TLS with a verifiable certificate for the name, and relay to a plain server',
  LIMIT,
  async t => {
    const server = await rawServer(t, async client => {
      await client.until('\r\n\r\n');
      client.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const { gateway, exchange } = await testGateway(t, server.port);
    const client = await secureThrough(t, gateway.port, 'api.example.com');
    await client.send(get('/a?b')).until('\r\n\r\nok');
    assert.equal((await exchange(0)).request.url, 'https://api.example.com/a?b');
    // As a proxy does that ends TLS.
    const forwarded =
      'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: api.example.com\r\nX-Forwarded-Proto: https\r\n';
    assert.equal(server.connections[0]?.text, get('/a?b').replace(/\r\n$/, `${forwarded}\r\n`));
  },
);

test('should make certificates for odd names and addresses, once each', LIMIT, async t => {
  const authority = await testAuthority();
  const [first, again] = await Promise.all([
    authority.certificate('x.example'),
    authority.certificate('X.example'),
  ]);
  assert.equal(first, again);
  const hosts = ['api.example.com`.evil.example', '{a}.example', 'under_score.example', '127.0.0.1', '[::1]'];
  const { gateway } = await testGateway(t, 1, {}, hosts);
  for (const host of hosts) {
    const tunnel = await connectThrough(t, gateway.port, `${host}:443`);
    tunnel.socket.removeAllListeners('data');
    const seen = await new Promise<PeerCertificate>((resolve, reject) => {
      const stream = connectTls({ socket: tunnel.socket, rejectUnauthorized: false }, () => {
        resolve(stream.getPeerCertificate());
        stream.destroy();
      });
      stream.once('error', reject);
    });
    const bare = host.replace(/^\[::1\]$/, '0:0:0:0:0:0:0:1');
    assert.ok(seen.subjectaltname?.endsWith(`:${bare}`), `${host}: ${seen.subjectaltname}`);
  }
});

test('should speak TLS to the server with the name of the origin', LIMIT, async t => {
  const server = await secureServer(t, 'api.example.com');
  const { gateway, exchange } = await testGateway(t, 0, {
    route: () => ({ upstream: { host: '127.0.0.1', port: server.port, tls: true }, record: true }),
  });
  const secure = await secureThrough(t, gateway.port, 'api.example.com');
  await secure.send(get('/')).until('hello api.example.com');
  const plain = rawClient(t, gateway.port).send(proxyGet('/'));
  await plain.until('hello api.example.com');
  assert.deepEqual(server.names, ['api.example.com', 'api.example.com']);
  assert.equal((await exchange(0)).response?.status, 200);
});

test('should record failures of TLS with the server as such', LIMIT, async t => {
  const wrongName = await secureServer(t, 'other.example.com');
  const noTls = await rawServer(t, client => {
    client.socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const ports = [wrongName.port, noTls.port];
  const { gateway, exchange } = await testGateway(t, 0, {
    route: () => ({
      upstream: { host: '127.0.0.1', port: ports.shift() ?? 0, tls: { insecure: false } },
      record: true,
    }),
  });
  for (const index of [0, 1]) {
    const client = rawClient(t, gateway.port).send(proxyGet('/'));
    assert.equal(await client.ended, 'reset');
    const { end, note, response } = await exchange(index);
    assert.deepEqual([end, response], ['no-answer', null]);
    assert.match(note ?? '', /^TLS with 127\.0\.0\.1:\d+ failed: /);
  }
});

test('should accept any certificate on loopback unless told otherwise', LIMIT, async t => {
  const server = await secureServer(t, 'other.example.com');
  const { gateway } = await testGateway(t, 0, {
    route: () => ({ upstream: { host: '127.0.0.1', port: server.port, tls: true }, record: true }),
  });
  await rawClient(t, gateway.port).send(proxyGet('/')).until('hello');
});

test(
  'should turn a reset of the server into a reset underneath TLS, and a client that leaves into an end',
  LIMIT,
  async t => {
    const server = await rawServer(t, async (client, index) => {
      await client.until('\r\n\r\n');
      if (index === 0) client.socket.resetAndDestroy();
    });
    const { gateway, exchange } = await testGateway(t, server.port);
    const client = await secureThrough(t, gateway.port, 'api.example.com');
    client.send(get('/'));
    assert.equal(await client.ended, 'reset');
    assert.equal((await exchange(0)).note, 'the server reset the connection');
    const leaving = await secureThrough(t, gateway.port, 'api.example.com');
    leaving.send(get('/'));
    while (!server.connections[1]?.text) await new Promise(resolve => setTimeout(resolve, 5));
    leaving.socket.end();
    assert.equal(await server.connections[1].ended, 'end');
    assert.match((await exchange(1)).note ?? '', /the client closed the connection/);
  },
);

test('should take CONNECT to port 80, and to any port without TLS, as plain http', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const { gateway, exchange } = await testGateway(t, server.port);
  const at80 = await connectThrough(t, gateway.port, 'api.example.com:80');
  await at80.send(get('/')).until('\r\n\r\nok');
  assert.equal((await exchange(0)).request.url, 'http://api.example.com/');
  const at8080 = rawClient(t, gateway.port).send(
    `CONNECT api.example.com:8080 HTTP/1.1\r\nHost: api.example.com:8080\r\n\r\n${get('/', 'api.example.com:8080')}`,
  );
  await at8080.until('\r\n\r\nok');
  assert.equal((await exchange(1)).request.url, 'http://api.example.com:8080/');
});

test('should close everything underneath TLS on close', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = await secureThrough(t, gateway.port, 'api.example.com');
  client.send(get('/'));
  while (!server.connections[0]?.text) await new Promise(resolve => setTimeout(resolve, 5));
  await gateway.close();
  await client.ended;
  await server.connections[0].ended;
  assert.equal((await exchange(0)).note, 'the gateway was closed');
});

test('should reset connections underneath TLS from within their own data, on both sides', LIMIT, async t => {
  const authority = await testAuthority();
  const server = createSecureServer(await authority.certificate('api.example.com'), socket => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(5000)}`));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { gateway, exchanges } = await testGateway(t, 0, {
    maxHeadBytes: 2000,
    route: () => ({ upstream: { host: '127.0.0.1', port, tls: true }, record: true }),
  });
  for (let round = 0; round < 20; round++) {
    const client = await secureThrough(t, gateway.port, 'api.example.com');
    client.send(
      round % 2 === 0
        ? get('/')
        : `${get('/').replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked')}\r\n\r\nzz\r\n`,
    );
    await client.ended;
  }
  assert.deepEqual([...new Set(exchanges.map(e => e.end))].sort(), ['malformed', 'no-answer']);
});
