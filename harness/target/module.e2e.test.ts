import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fastify from 'fastify';
import getPort from 'get-port';
import { TargetError } from './errors.ts';
import { appOf, appShapeOf, nodeListener, pickExport, serverOf } from './module.ts';
import { type RunningTarget, startTarget } from './start.ts';

describe('shapeOf', () => {
  test('should tell frameworks and handlers apart', () => {
    assert.equal(appShapeOf(fastify()), 'fastify');
    assert.equal(appShapeOf(createServer()), 'node server');
    assert.equal(appShapeOf({ fetch: () => new Response() }), 'fetch app');
    assert.equal(
      appShapeOf((_request: Request) => new Response()),
      'fetch handler',
    );
    assert.equal(
      appShapeOf(() => new Response()),
      'fetch handler',
    );
    assert.equal(
      appShapeOf((_request: unknown, _response: unknown) => undefined),
      'node handler',
    );
    assert.equal(appShapeOf(Object.assign(() => undefined, { handle: () => undefined })), 'node handler');
    assert.equal(appShapeOf({ callback: () => 0, use: () => 0, createContext: () => 0 }), 'koa');
    assert.equal(appShapeOf({ handler: () => 0, use: () => 0, stack: [] }), 'h3');
    assert.equal(appShapeOf({ handler: () => 0, use: () => 0, listen: () => 0 }), 'handler app');
    assert.equal(appShapeOf({ inject: () => 0, initialize: () => 0, listener: {} }), 'hapi');
    assert.equal(appShapeOf({ getHttpServer: () => 0, init: () => 0 }), 'nest');
    const router = new Proxy({}, { get: () => () => undefined });
    assert.equal(appShapeOf(router), 'fetch app');
    for (const nothing of [null, undefined, 1, 'x', {}, []]) assert.equal(appShapeOf(nothing), null);
  });
});

describe('pickExport', () => {
  const app = { fetch: () => new Response() };

  test('should take the first export that can serve, also of a CommonJS module', async () => {
    assert.equal((await pickExport({ default: { port: 3000 }, app }, undefined)).value, app);
    assert.equal(
      (await pickExport({ default: { handler: app.fetch, other: 1 } }, undefined)).value,
      app.fetch,
    );
    assert.equal((await pickExport({ other: app, app: null }, 'other')).value, app);
    await assert.rejects(pickExport({ other: app }, 'missing'), /no export "missing"; there is other/);
  });

  test('should wait for promised exports, and know functions that make an app by their names', async () => {
    assert.equal((await pickExport({ app: Promise.resolve(app) }, undefined)).value, app);
    assert.equal((await pickExport({ default: Promise.resolve({ app }) }, undefined)).value, app);
    const createApp = () => app;
    assert.equal((await pickExport({ port: 1, createApp }, undefined)).value, createApp);
    await assert.rejects(
      pickExport({ default: Promise.reject(new Error('no database')) }, undefined),
      /no database/,
    );
  });
});

describe('appOf', () => {
  const madeBy = async (value: unknown) => (await appOf({ value })).value;

  test('should call what makes an app, and leave alone what answers requests', async () => {
    const app = { fetch: () => new Response() };
    assert.equal(await madeBy(async (_options = {}) => app), app);
    const build = (_options: unknown) => app;
    assert.equal(await madeBy(build), app);
    const { error } = console;
    console.error = () => undefined;
    try {
      for (const handler of [
        () => new Response(),
        (_request: Request) => new Response(),
        () => {
          throw new Error('without a request');
        },
      ])
        assert.equal(await madeBy(handler), handler);
    } finally {
      console.error = error;
    }
    assert.equal(await madeBy(app), app);
    const router = new Proxy({}, { get: () => () => undefined });
    const { value } = await appOf(await pickExport({ default: router }, undefined));
    assert.equal(value, router, 'it has a method called then, too');
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
      await assert.rejects(ended(startTarget({ module: 'app.ts', timeouts }, folder)), error => {
        assert.ok(error instanceof TargetError);
        assert.equal(error.fault, 'exited');
        assert.match(error.message, /serves no requests/);
        assert.match(error.message, /exports no app and does not listen on process\.env\.PORT/);
        return true;
      });
    }));

  const ANSWER =
    "import { createServer } from 'node:http'; const server = createServer((_, answer) => answer.end('its own'));";
  /** Stops what starts against expectation: it would keep the tests alive. */
  const ended = async (started: Promise<RunningTarget>) => (await started).stop();
  const answerOf = async (folder: string, module = 'app.ts') => {
    const target = await startTarget({ module, timeouts }, folder);
    try {
      return await (await fetch(target.url)).text();
    } finally {
      await target.stop();
    }
  };

  test('should be left alone where it listens on PORT itself', async () => {
    for (const source of [
      'server.listen(process.env.PORT);',
      // What it exports would answer otherwise.
      "server.listen({ port: Number(process.env.PORT) }); export default (q, a) => a.end('not this');",
      // It takes its time.
      'setTimeout(() => server.listen(process.env.PORT), 300);',
    ])
      await inFolder(`${ANSWER} ${source}`, async folder => assert.equal(await answerOf(folder), 'its own'));
  });

  test('should give way to a module that listens there late', () =>
    inFolder(
      `${ANSWER} setTimeout(() => server.listen(process.env.PORT), 400); export default (q, a) => a.end('not this');`,
      async folder => {
        const target = await startTarget({ module: 'app.ts', timeouts }, folder);
        try {
          let text = '';
          for (let n = 0; n < 200 && text !== 'its own'; n++) {
            const ask = fetch(target.url, { headers: { connection: 'close' } });
            text = await ask.then(answer => answer.text()).catch(() => '');
            await new Promise(done => setTimeout(done, 20));
          }
          assert.equal(text, 'its own');
          assert.equal(target.crash, null);
        } finally {
          await target.stop();
        }
      },
    ));

  test('should serve an export beside a server of the module on another port', async () => {
    // Not 0: that may be given PORT.
    const own = await getPort({ host: '127.0.0.1' });
    await inFolder(
      `${ANSWER} server.listen(${own}); export default (q: unknown, a: import('node:http').ServerResponse) => a.end('export');`,
      async folder => assert.equal(await answerOf(folder), 'export'),
    );
  });

  test('should be CommonJS as well, with an export or listening itself', async () => {
    const server = "require('node:http').createServer((q, a) => a.end('its own'))";
    for (const [file, source] of [
      ['main.cjs', `module.exports = ${server};`],
      ['main.cjs', `${server}.listen(process.env.PORT);`],
      ['main.js', `${server}.listen(process.env.PORT); module.exports = { name: 'x' };`],
    ] as const)
      await inFolder('', async folder => {
        await writeFile(join(folder, file), source);
        assert.equal(await answerOf(folder, file), 'its own');
      });
  });

  test('should hint at PORT where the module listens on a port of its own choice', async () => {
    const own = await getPort({ host: '127.0.0.1' });
    for (const end of ['', ' export default server;'])
      await inFolder(`${ANSWER} server.listen(${own}, '127.0.0.1');${end}`, async folder => {
        const waiting = startTarget({ module: 'app.ts', timeouts: { readyMs: 4_000, stopMs: 500 } }, folder);
        await assert.rejects(ended(waiting), error => {
          assert.ok(error instanceof TargetError);
          assert.equal(error.fault, 'not-ready');
          assert.match(error.message, /listens on port \d+, not on port \d+\. Let it listen on .* PORT/);
          return true;
        });
      });
  });

  test('should run as its user would have started it', () =>
    inFolder('', async folder => {
      const seen =
        "{ argv: process.argv.slice(1), main: typeof require === 'undefined' ? null : require.main === module, ours: Object.keys(process.env).filter(name => /^(?:npm_|CORS_CONFORMANCE_SERVE)/.test(name)) }";
      const module = `import { createServer } from 'node:http';\nexport default createServer((q: unknown, a) => { a.end(JSON.stringify(${seen})); });`;
      const scripts = {
        // It listens by itself, and not on PORT.
        'own.cjs': `require('node:http').createServer((q, a) => a.end(JSON.stringify(${seen}))).listen(3000);`,
        'own.mjs': module.replace(': unknown', ''),
        'own.ts': module,
      };
      for (const [name, source] of Object.entries(scripts)) {
        const file = join(folder, name);
        await writeFile(file, source);
        const plain = name !== 'own.ts';
        const target = await startTarget({ module: file, plain, movePort: true, timeouts }, folder);
        try {
          assert.deepEqual(
            await (await fetch(target.url)).json(),
            { argv: [file], main: name === 'own.mjs' ? null : true, ours: [] },
            name,
          );
        } finally {
          await target.stop();
        }
      }
    }));
});
