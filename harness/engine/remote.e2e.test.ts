import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { launchGrid, launchSafari } from './remote.ts';

const LIMIT = { timeout: 60_000 };

/** As much of a W3C WebDriver server as the adapter asks for; it notes every command. */
class FakeWebDriver {
  readonly commands: string[] = [];
  readonly asked: Record<string, unknown>[] = [];
  readonly windows = new Map<string, string>();
  /** The browsers of a Grid's slots; a server that says nothing of them where empty. */
  slots: string[] = [];
  #server!: Server;
  #current = '';
  #count = 0;
  /** Set to make every further command fail, as after a browser's death. */
  dead = false;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        const [status, value] = this.#answer(`${request.method} ${request.url}`, body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ value }));
      });
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(command: string, body: string): [number, unknown] {
    const short = command.replace(/\/session\/\w+/, '');
    this.commands.push(short);
    const gone = { error: 'invalid session id', message: 'the browser is gone', stacktrace: '' };
    if (this.dead) return [404, gone];
    const sent = body ? (JSON.parse(body) as Record<string, unknown>) : {};
    switch (short) {
      case 'POST /session': {
        this.asked.push((sent.capabilities as { alwaysMatch: Record<string, unknown> }).alwaysMatch);
        this.#open();
        const capabilities = { browserName: 'safari', browserVersion: '27.2', platformName: 'mac' };
        return [200, { sessionId: `s${this.asked.length}`, capabilities }];
      }
      case 'GET /status': {
        const slots = this.slots.map(browserName => ({ stereotype: { browserName } }));
        return [200, slots.length > 0 ? { ready: true, nodes: [{ slots }] } : { ready: true }];
      }
      case 'GET /window':
        return [200, this.#current];
      case 'GET /window/handles':
        return [200, [...this.windows.keys()]];
      case 'POST /window/new':
        return [200, { handle: this.#open(false), type: sent.type }];
      case 'POST /window':
        this.#current = String(sent.handle);
        return [200, null];
      case 'POST /url':
        this.windows.set(this.#current, String(sent.url));
        return [200, null];
      case 'DELETE /window':
        this.windows.delete(this.#current);
        return [200, [...this.windows.keys()]];
      default:
        return [200, null];
    }
  }

  #open(current = true): string {
    const handle = `w${++this.#count}`;
    this.windows.set(handle, 'about:blank');
    if (current) this.#current = handle;
    return handle;
  }
}

let fake: FakeWebDriver;
let url: string;

beforeEach(async () => {
  fake = new FakeWebDriver();
  url = await fake.start();
});

afterEach(() => fake.stop());

describe('an engine behind a WebDriver server', () => {
  test('should ask for the browser that stands for the engine, and say what it got', LIMIT, async () => {
    const engine = await launchGrid('webkit', { url });
    assert.deepEqual(fake.asked, [{ browserName: 'safari', pageLoadStrategy: 'none' }]);
    const { driver, ...info } = engine.info;
    assert.deepEqual(info, {
      name: 'webkit',
      version: '27.2',
      build: `safari on ${new URL(url).host}`,
      channel: 'grid',
      os: 'mac',
    });
    assert.match(driver, /^selenium-webdriver \d/);
    assert.deepEqual(engine.pids, []);
    await engine.close();
    await engine.close();
    assert.equal(fake.commands.filter(command => command === 'DELETE ').length, 1);
    assert.equal(engine.alive, false);
  });

  test('should ask for certificates to be accepted, and for the proxy', LIMIT, async () => {
    const engine = await launchGrid('chromium', { url }, { proxy: { host: '127.0.0.1', port: 8080 } });
    assert.deepEqual(fake.asked, [
      {
        browserName: 'chrome',
        pageLoadStrategy: 'none',
        acceptInsecureCerts: true,
        'goog:chromeOptions': {
          args: [
            '--proxy-server=http://127.0.0.1:8080',
            '--proxy-bypass-list=<-loopback>',
            '--disable-features=LocalNetworkAccessChecks',
          ],
        },
      },
    ]);
    await engine.close();
  });

  test('should give every page a window, whatever is opened and closed at once', LIMIT, async () => {
    const engine = await launchGrid('webkit', { url });
    const pages = await Promise.all(['a', 'b', 'c'].map(name => engine.open(`http://localhost/${name}`)));
    assert.deepEqual(
      [...fake.windows.values()],
      ['about:blank', 'http://localhost/a', 'http://localhost/b', 'http://localhost/c'],
    );
    const [, second, third] = pages;
    await Promise.all([second?.close(), engine.open('http://localhost/d'), third?.close()]);
    assert.deepEqual([...fake.windows.values()], ['about:blank', 'http://localhost/a', 'http://localhost/d']);
    await engine.close();
  });

  test('should isolate by a session of its own', LIMIT, async () => {
    const engine = await launchGrid('webkit', { url });
    const context = await engine.isolated();
    assert.equal(fake.asked.length, 2);
    await context.open('http://localhost/isolated');
    await context.close();
    await context.close();
    assert.equal(fake.commands.filter(command => command === 'DELETE ').length, 1);
    assert.ok(engine.alive);
    await engine.close();
  });

  test('should take of a Grid the browser that it has, and say what it lacks', LIMIT, async () => {
    fake.slots = ['firefox', 'MiniBrowser', 'MiniBrowser'];
    const engine = await launchGrid('webkit', { url });
    assert.equal(fake.asked[0]?.browserName, 'MiniBrowser');
    assert.equal(fake.asked[0]?.acceptInsecureCerts, true);
    assert.equal(engine.lacks, undefined);
    await engine.close();
    await assert.rejects(
      launchGrid('chromium', { url }),
      /the Grid at .+ has no chrome or chromium or MicrosoftEdge: it has firefox, MiniBrowser$/,
    );
  });

  test('should have no more sessions under way than the Grid has slots', LIMIT, async () => {
    fake.slots = ['safari', 'safari'];
    const engine = await launchGrid('webkit', { url });
    const first = await engine.isolated();
    let isThere = false;
    const second = engine.isolated().then(context => {
      isThere = true;
      return context;
    });
    await first.open('http://localhost/a');
    assert.equal(isThere, false);
    await first.close();
    await (await second).close();
    await engine.close();
    assert.equal(fake.asked.length, 3);

    fake.slots = ['safari'];
    const alone = await launchGrid('webkit', { url });
    assert.ok(alone.lacks?.has('second session'));
    await assert.rejects(alone.isolated(), /one automated session at a time/);
    await alone.close();
  });

  test('should tell Firefox and WebKitGTK of a proxy in their own ways', LIMIT, async () => {
    const proxy = { host: '127.0.0.1', port: 8080 };
    await (await launchGrid('firefox', { url }, { proxy })).close();
    const asked = fake.asked[0]?.['moz:firefoxOptions'] as { prefs: Record<string, unknown> } | undefined;
    assert.equal(asked?.prefs['network.proxy.ssl'], '127.0.0.1');
    assert.equal(asked?.prefs['network.proxy.ssl_port'], 8080);
    const mini = { url, browserName: 'MiniBrowser' };
    await assert.rejects(
      launchGrid('webkit', mini, { proxy }),
      /name the program's path .* CORS_CONFORMANCE_WEBKIT/,
    );
    await (await launchGrid('webkit', { ...mini, program: '/opt/MiniBrowser' }, { proxy })).close();
    assert.deepEqual(fake.asked[1]?.['webkitgtk:browserOptions'], {
      binary: '/opt/MiniBrowser',
      args: ['--automation', '--proxy=http://127.0.0.1:8080'],
    });
    await assert.rejects(launchGrid('webkit', { url }, { proxy }), /proxy from the system settings only/);
  });

  test('should tell when the session is gone', LIMIT, async () => {
    const engine = await launchGrid('webkit', { url });
    const reason = new Promise<string>(resolve => engine.onGone(resolve));
    fake.dead = true;
    assert.match(await reason, /webkit lost its session \(.*the browser is gone/);
    assert.equal(engine.alive, false);
    await assert.rejects(engine.open('http://localhost/late'), /lost its session/);
    await engine.close();
  });

  test('should fail in time when nobody answers', LIMIT, async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = (silent.address() as AddressInfo).port;
    await assert.rejects(
      launchGrid('webkit', { url: `http://127.0.0.1:${port}` }, { timeoutMs: 500 }),
      /the WebDriver server at http:\/\/127\.0\.0\.1:\d+ does not answer within 0\.5 s; start it/,
    );
    silent.closeAllConnections();
    silent.close();
  });
});

const posix = { ...LIMIT, skip: process.platform === 'win32' ? 'the fake safaridriver is a script' : false };

describe('Safari', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A safaridriver: a program that listens on the port it is given. */
  function safaridriver(script: string): string {
    const path = join(folder, 'safaridriver');
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
    return path;
  }

  test('should start safaridriver on a free port, and hand its one session over', posix, async () => {
    const engine = await launchSafari(
      safaridriver(`
        const http = require('node:http');
        http.createServer((request, response) => {
          const { method, url: path } = request;
          const forward = http.request(${JSON.stringify(url)} + path, { method, headers: request.headers }, answer => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
          });
          request.pipe(forward);
        }).listen(Number(process.argv[3]), '127.0.0.1');`),
    );
    assert.deepEqual(fake.asked, [{ browserName: 'safari', pageLoadStrategy: 'none' }]);
    assert.equal(engine.info.channel, 'safari');
    assert.equal(engine.info.build, 'Safari 27.2');
    await engine.open('http://localhost/a');
    await assert.rejects(engine.isolated(), /one automated session at a time/);
    await engine.close();
    assert.deepEqual(engine.pids, []);
  });

  test('should say how to allow it', posix, async () => {
    await assert.rejects(
      launchSafari(safaridriver('process.exit(1);')),
      /exited with code 1 before it was ready\. .*safaridriver --enable/,
    );
  });

  test('should refuse a proxy that it cannot use', LIMIT, async () => {
    await assert.rejects(
      launchSafari('/nonexistent', { proxy: { host: '127.0.0.1', port: 1 } }),
      /proxy from the system settings only/,
    );
  });
});
