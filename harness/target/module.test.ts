import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fastify from 'fastify';
import { TargetError } from './errors.ts';
import { nodeListener, pickExport, serverOf, shapeOf } from './module.ts';
import { startTarget } from './start.ts';

describe('shapeOf', () => {
  test('should tell frameworks and handlers apart', () => {
    assert.equal(shapeOf(fastify()), 'fastify');
    assert.equal(shapeOf(createServer()), 'node server');
    assert.equal(shapeOf({ fetch: () => new Response() }), 'fetch app');
    assert.equal(
      shapeOf((_request: Request) => new Response()),
      'fetch handler',
    );
    assert.equal(
      shapeOf(() => new Response()),
      'fetch handler',
    );
    assert.equal(
      shapeOf((_request: unknown, _response: unknown) => undefined),
      'node handler',
    );
    assert.equal(shapeOf(Object.assign(() => undefined, { handle: () => undefined })), 'node handler');
    assert.equal(shapeOf({ callback: () => 0, use: () => 0, createContext: () => 0 }), 'koa');
    assert.equal(shapeOf({ handler: () => 0, use: () => 0, stack: [] }), 'h3');
    assert.equal(shapeOf({ inject: () => 0, initialize: () => 0, listener: {} }), 'hapi');
    assert.equal(shapeOf({ getHttpServer: () => 0, init: () => 0 }), 'nest');
    const router = new Proxy({}, { get: () => () => undefined });
    assert.equal(shapeOf(router), 'fetch app');
    for (const nothing of [null, undefined, 1, 'x', {}, []]) assert.equal(shapeOf(nothing), null);
  });
});

describe('pickExport', () => {
  test('should take the first export that can serve, also of a CommonJS module', () => {
    const app = { fetch: () => new Response() };
    assert.equal(pickExport({ default: { port: 3000 }, app }, undefined), app);
    assert.equal(pickExport({ default: { handler: app.fetch, other: 1 } }, undefined), app.fetch);
    assert.equal(pickExport({ other: app, app: null }, 'other'), app);
    assert.throws(() => pickExport({ other: app }, 'missing'), /no export "missing"; there is other/);
  });
});

describe('nodeListener', () => {
  test('should hand over method, headers and body, and give back status, headers and cookies', async () => {
    const server = createServer(
      nodeListener(async request => {
        if (new URL(request.url).pathname === '/throws') throw new Error('on purpose');
        const headers = new Headers([
          ['X-Seen', request.headers.get('origin') ?? ''],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ]);
        return new Response(request.method + (await request.text()), { status: 201, headers });
      }),
    );
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { error } = console;
    console.error = () => undefined;
    try {
      const answer = await fetch(url, { method: 'PUT', body: 'é', headers: { Origin: 'https://a.example' } });
      assert.equal(answer.status, 201);
      assert.equal(await answer.text(), 'PUTé');
      assert.equal(answer.headers.get('x-seen'), 'https://a.example');
      assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.equal((await fetch(`${url}/throws`)).status, 500);
    } finally {
      console.error = error;
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    }
  });
});

describe('serverOf', () => {
  test('should say what it can serve where it cannot', async () => {
    await assert.rejects(serverOf({ nothing: true }, '/x.ts'), /serves no requests: export a Fastify/);
  });
});

describe('a module as target', { timeout: 60_000 }, () => {
  const inFolder = async (source: string, work: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(join(tmpdir(), 'target-module-'));
    try {
      await writeFile(join(folder, 'app.ts'), source);
      await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const timeouts = { readyMs: 20_000, stopMs: 500 };

  test('should be served in a process of its own, written in TypeScript', () =>
    inFolder(
      'export default { fetch: (request: Request): Response => new Response(request.method + " " + process.pid) };',
      async folder => {
        const target = await startTarget({ module: 'app.ts', timeouts }, folder);
        try {
          assert.equal(await (await fetch(target.url)).text(), `GET ${target.pid}`);
        } finally {
          await target.stop();
        }
      },
    ));

  test('should say what is wrong with a module that serves nothing', () =>
    inFolder('export const port = 3000;', async folder => {
      await assert.rejects(startTarget({ module: 'app.ts', timeouts }, folder), error => {
        assert.ok(error instanceof TargetError);
        assert.equal(error.fault, 'exited');
        assert.match(error.message, /serves no requests/);
        return true;
      });
    }));
});
