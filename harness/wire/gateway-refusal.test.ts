import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { proxyGet, rawClient, rawServer, testAuthority, testGateway } from './raw.test-support.ts';

const LIMIT = { timeout: 10_000 };
const HOST = 'Host: api.example.com\r\n';

const refused: [what: string, request: string, status: RegExp, reason: RegExp][] = [
  [
    'an origin outside the run',
    'GET http://detectportal.example/ HTTP/1.1\r\nHost: detectportal.example\r\n\r\n',
    /403/,
    /not part of this run/,
  ],
  [
    'a tunnel outside the run',
    'CONNECT services.example:443 HTTP/1.1\r\nHost: services.example:443\r\n\r\n',
    /403/,
    /not part of this run/,
  ],
  [
    'a tunnel whose Host names another',
    'CONNECT api.example.com:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n',
    /403/,
    /Host names/,
  ],
  ['a tunnel without a port', `CONNECT api.example.com HTTP/1.1\r\n${HOST}\r\n`, /403/, /port/],
  ['a request that is no proxy request', `GET / HTTP/1.1\r\n${HOST}\r\n`, /403/, /not a proxy request/],
  [
    'a Host that names another',
    'GET http://api.example.com/ HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    /403/,
    /Host names/,
  ],
  [
    'a Host with another port',
    'GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com:81\r\n\r\n',
    /403/,
    /Host names/,
  ],
  [
    'two Host lines',
    `GET http://api.example.com/ HTTP/1.1\r\n${HOST}host: api.example.com\r\n\r\n`,
    /403/,
    /exactly one Host/,
  ],
  ['no Host line', 'GET http://api.example.com/ HTTP/1.1\r\nX: y\r\n\r\n', /403/, /exactly one Host/],
  [
    'a folded line',
    `GET http://api.example.com/ HTTP/1.1\r\n${HOST} evil.example\r\n\r\n`,
    /403/,
    /ambiguous/,
  ],
  [
    'a blank before the colon',
    `GET http://api.example.com/ HTTP/1.1\r\n${HOST}Host : evil.example\r\n\r\n`,
    /403/,
    /ambiguous/,
  ],
  [
    'a user in the target that looks like its host',
    `GET http://api.example.com@evil.example/ HTTP/1.1\r\n${HOST}\r\n`,
    /403/,
    /the request goes to http:\/\/evil\.example/,
  ],
  [
    'a backslash in the target',
    `GET http://api.example.com\\@evil.example/ HTTP/1.1\r\n${HOST}\r\n`,
    /403/,
    /neither a path/,
  ],
  [
    'https without a tunnel',
    `GET https://api.example.com/ HTTP/1.1\r\n${HOST}\r\n`,
    /403/,
    /needs a CONNECT/,
  ],
  ['another scheme', `GET ftp://api.example.com/ HTTP/1.1\r\n${HOST}\r\n`, /403/, /ftp/],
  [
    'length and chunked together',
    `POST http://api.example.com/ HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    /400/,
    /both Content-Length/,
  ],
  [
    'lengths that differ',
    `POST http://api.example.com/ HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    /400/,
    /do not agree/,
  ],
  [
    'a transfer coding that is not chunked',
    `POST http://api.example.com/ HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n`,
    /400/,
    /not chunked/,
  ],
  ['no HTTP', 'hello\r\n\r\n', /400/, /request line/],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\n', /400/, /request line/],
];
for (const [what, request, status, reason] of refused) {
  test(`should refuse ${what}`, LIMIT, async t => {
    const server = await rawServer(t, () => {});
    const { gateway, exchanges, refusals } = await testGateway(t, server.port);
    const client = rawClient(t, gateway.port).send(request);
    assert.equal(await client.ended, 'end');
    assert.match(client.text.split('\r\n', 1)[0] ?? '', status);
    assert.match(client.text, reason);
    assert.equal(refusals.length, 1);
    assert.match(refusals[0] ?? '', reason);
    assert.deepEqual([exchanges.length, server.connections.length], [0, 0]);
  });
}

test('should refuse a request head beyond the limit', LIMIT, async t => {
  const { gateway } = await testGateway(t, 1, { maxHeadBytes: 1000 });
  const client = rawClient(t, gateway.port).send(proxyGet('/', [`X: ${'y'.repeat(2000)}`]));
  await client.until('HTTP/1.1 431 ');
});

test('should refuse inside a tunnel what is for another host', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, refusals } = await testGateway(t, server.port, {}, ['api.example.com', 'app.example.com']);
  for (const request of [
    'GET / HTTP/1.1\r\nHost: app.example.com\r\n\r\n',
    'GET http://app.example.com/ HTTP/1.1\r\nHost: app.example.com\r\n\r\n',
    'CONNECT app.example.com:80 HTTP/1.1\r\nHost: app.example.com:80\r\n\r\n',
  ]) {
    const client = rawClient(t, gateway.port).send(
      'CONNECT api.example.com:80 HTTP/1.1\r\nHost: api.example.com:80\r\n\r\n',
    );
    await client.until('200 Connection established\r\n\r\n');
    await client.send(request).until('HTTP/1.1 403 ');
  }
  assert.equal(refusals.length, 3);
  assert.equal(server.connections.length, 0);
});

test('should refuse a TLS handshake that names another host than the tunnel', LIMIT, async t => {
  const { gateway, refusals } = await testGateway(t, 1, {}, ['api.example.com', 'app.example.com']);
  const client = rawClient(t, gateway.port).send(
    'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n',
  );
  await client.until('\r\n\r\n');
  client.socket.removeAllListeners('data');
  const stream = connectTls({
    socket: client.socket,
    servername: 'app.example.com',
    ca: (await testAuthority()).caCert,
    rejectUnauthorized: false,
  });
  await new Promise<void>(resolve => {
    stream.on('error', () => {});
    stream.once('close', () => resolve());
    stream.resume();
  });
  assert.match(refusals[0] ?? '', /handshake names app\.example\.com/);
});

test('should refuse CONNECT behind another request on the same connection', LIMIT, async t => {
  const server = await rawServer(t, async client => {
    await client.until('\r\n\r\n');
    client.send('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { gateway } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(proxyGet('/'));
  await client.until('204');
  await client
    .send('CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n')
    .until('HTTP/1.1 403 ');
});

test('should cut a request whose body turns out malformed', LIMIT, async t => {
  const server = await rawServer(t, () => {});
  const { gateway, exchange } = await testGateway(t, server.port);
  const client = rawClient(t, gateway.port).send(
    `${proxyGet('/', ['Transfer-Encoding: chunked']).replace('GET', 'POST')}zz\r\n`,
  );
  assert.equal(await client.ended, 'reset');
  const { end, note } = await exchange(0);
  assert.equal(end, 'no-answer');
  assert.match(note ?? '', /request body was malformed/);
});

test('should close a tunnel in which TLS begins where only http is part of the run', LIMIT, async t => {
  const { gateway, refusals } = await testGateway(t, 0, {
    route: ({ scheme }) =>
      scheme === 'http' ? { upstream: { host: '127.0.0.1', port: 1, tls: false }, record: true } : null,
  });
  const client = rawClient(t, gateway.port).send(
    'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n',
  );
  await client.until('\r\n\r\n');
  client.send('\x16\x03\x01\x00\x00');
  await client.ended;
  assert.deepEqual(refusals, ['https://api.example.com: not part of this run']);
});

test('should let go of a tunnel that its client leaves unused', LIMIT, async t => {
  const { gateway, refusals, exchanges } = await testGateway(t, 1);
  const client = rawClient(t, gateway.port).send(
    'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n',
  );
  await client.until('\r\n\r\n');
  client.socket.end();
  await client.ended;
  assert.deepEqual([refusals, exchanges], [[], []]);
});
