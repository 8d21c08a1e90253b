/** Servers that are not reached by plain HTTP/1.1 on a port of their own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import getPort from 'get-port';
import { ask } from '../wire/ask.ts';
import { createCertificateAuthority, loopbackCertificate } from '../wire/certificates.ts';
import { hasIpv6 } from '../wire/listen.ts';
import { TargetError } from './errors.ts';
import { startTarget, type TargetOptions } from './start.ts';

const ORIGIN = 'https://app.example';

/** Answers with what it was asked. */
const echo: RequestListener = (request, response) => {
  let body = '';
  request.on('data', chunk => {
    body += chunk;
  });
  request.on('end', () => {
    response.writeHead(request.url === '/missing' ? 404 : 200, {
      'Access-Control-Allow-Origin': request.headers.origin ?? '*',
      Vary: 'Origin',
    });
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body }));
  });
};

async function listening(server: Server, ...where: [path: string] | [port: number, host: string]) {
  server.listen(...(where as [number, string]));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Asks a target as `verify` does. */
async function asked(
  options: TargetOptions,
  { url = '', method = 'GET', body = undefined as string | undefined } = {},
) {
  const target = await startTarget({ timeouts: { readyMs: 10_000, stopMs: 500 }, ...options }, '.');
  try {
    const { response, end, note } = await ask(
      {
        method,
        url: url || `${target.url}/x?y`,
        headers: [['Origin', ORIGIN]],
        ...(body !== undefined && { body }),
      },
      { upstream: target.upstream, timeoutMs: 5_000 },
    );
    const seen = response?.body ? JSON.parse(response.body) : undefined;
    return { response, end, note, seen, target };
  } finally {
    await target.stop();
  }
}

describe('a target', { timeout: 60_000 }, () => {
  let folder: string;
  const servers: Server[] = [];
  const kept = <T extends Server>(server: T): T => {
    servers.push(server);
    return server;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cct-'));
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('should be reached by a Unix socket', { skip: process.platform === 'win32' }, async () => {
    const path = join(folder, 'app.sock');
    await listening(kept(createServer(echo)), path);
    for (const url of [`unix:${path}`, `unix://${path}`]) {
      const { response, seen, target } = await asked({ url });
      assert.equal(response?.status, 200);
      assert.equal(seen.headers.host, 'localhost');
      assert.equal(target.url, 'http://localhost');
    }
  });

  test('should be reached by IPv6', async t => {
    if (!(await hasIpv6())) return t.skip('this machine has no IPv6 loopback address');
    const port = await listening(kept(createServer(echo)), 0, '::1');
    assert.equal((await asked({ url: `http://[::1]:${port}` })).seen.headers.host, `[::1]:${port}`);
  });

  test('should be told by the usual headers if TLS ends before it', async () => {
    const port = await listening(kept(createServer(echo)), 0, '127.0.0.1');
    const url = `http://127.0.0.1:${port}`;
    const { headers } = (await asked({ url }, { url: 'https://api.example:8443/x' })).seen;
    assert.equal(headers['x-forwarded-proto'], 'https');
    assert.equal(headers['x-forwarded-host'], 'api.example:8443');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal((await asked({ url })).seen.headers['x-forwarded-proto'], undefined);
  });

  for (const [name, secure] of [
    ['over TLS', true],
    ['without TLS', false],
  ] as const) {
    test(`should be reached by HTTP/2 ${name} if it speaks nothing else`, async () => {
      const server = secure ? createSecureServer(await loopbackCertificate()) : createHttp2Server();
      server.on('request', echo as never);
      const port = await listening(kept(server as unknown as Server), 0, '127.0.0.1');
      const url = `${secure ? 'https' : 'http'}://localhost:${port}`;
      for (const options of [{ url }, { url, http2: true }]) {
        const { response, end, seen } = await asked(options, { method: 'PUT', body: 'hello' });
        assert.deepEqual([response?.status, end], [200, 'complete']);
        assert.deepEqual([seen.method, seen.url, seen.body], ['PUT', '/x?y', 'hello']);
        assert.equal(seen.headers[':authority'], `localhost:${port}`);
        assert.equal(seen.headers.origin, ORIGIN);
        assert.deepEqual(
          response?.headers.filter(([header]) => /^(access-control|vary)/.test(header)),
          [
            ['access-control-allow-origin', ORIGIN],
            ['vary', 'Origin'],
          ],
        );
      }
      assert.equal((await asked({ url }, { url: `${url}/missing` })).response?.status, 404);
      const head = await asked({ url }, { method: 'HEAD' });
      assert.deepEqual([head.response?.status, head.end, head.response?.bodyBytes], [200, 'complete', 0]);
    });
  }

  test('should be asked by HTTP/1.1 if it speaks both', async () => {
    const server = createSecureServer({ ...(await loopbackCertificate()), allowHTTP1: true }, echo as never);
    const port = await listening(kept(server as unknown as Server), 0, '127.0.0.1');
    assert.equal((await asked({ url: `https://localhost:${port}` })).seen.headers.host, `localhost:${port}`);
  });

  test('should be trusted by its own authority, or without one, only if that is asked for', async () => {
    const authority = await createCertificateAuthority();
    const server = createTlsServer(await authority.certificate('api.example'), echo);
    const port = await listening(kept(server), 0, '127.0.0.1');
    writeFileSync(join(folder, 'ca.pem'), authority.caCert);
    const at = { url: `https://127.0.0.1:${port}`, cwd: folder };
    const page = { url: 'https://api.example/x' };
    assert.equal((await asked({ ...at, ca: 'ca.pem', insecure: false }, page)).response?.status, 200);
    assert.match((await asked({ ...at, insecure: false }, page)).note ?? '', /TLS with .* failed/);
    assert.equal((await asked({ ...at, insecure: true }, page)).response?.status, 200);
    await assert.rejects(startTarget({ ...at, ca: 'no.pem' }, '.'), /target\.ca cannot be read/);
  });

  test('should be given up within seconds if it listens on another port', async t => {
    if (process.platform !== 'linux') return t.skip('which ports a process listens on only Linux tells');
    // Not 0: that may be given PORT.
    const own = await getPort({ host: '127.0.0.1' });
    const script = `require('node:http').createServer().listen(${own}, '127.0.0.1')`;
    await assert.rejects(
      startTarget({ command: [process.execPath, '-e', script] }, '.'),
      (error: unknown) => {
        assert.ok(error instanceof TargetError);
        assert.equal(error.fault, 'not-ready');
        assert.match(error.message, new RegExp(`listens on port ${own}, not on port \\d+\\. .*PORT`));
        return true;
      },
    );
  });

  test('should be given up within seconds if nobody knows its host', async () => {
    await assert.rejects(
      startTarget({ url: 'http://no-such-host.invalid:80' }, '.'),
      /There is no host no-such-host\.invalid/,
    );
  });
});
