/** What makes a browser an engine: one set of tests for all of them. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { loopbackCertificate } from '../wire/certificates.ts';
import { findEngines } from './find.ts';
import type { Engine, EngineName } from './types.ts';

const LIMIT = 240_000;

/** Waits until something holds; the test's own time limit ends a wait that never does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 20));
}

function isAlive(pid: number): boolean {
  try {
    return !/^Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, ''));
  } catch {
    return false;
  }
}

function variableOf(pid: number, name: string): string | undefined {
  const entries = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  return entries.find(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Empty where the process has ended: browsers start short-lived helpers, which the list of a moment ago still has. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** The process that started the others. */
function browserOf(engine: Engine): number {
  const names = /chromium\/chromium|chrome-linux.*\/chrome|google\/chrome|firefox|MiniBrowser/;
  const pid = engine.pids.find(pid => {
    const line = commandOf(pid);
    return names.test(line) && !/--type=|-contentproc|crashpad|crashhelper/.test(line);
  });
  assert.ok(pid, 'the browser has a process');
  return pid;
}

/** A page that asks for `/tick` over and over, once a frame at most: a page in the background has no frames. */
const TICKING = (name: string) => `<script>
  const tick = () => fetch('/tick/${name}', { cache: 'no-store' }).then(() => requestAnimationFrame(tick));
  requestAnimationFrame(tick);
</script>`;

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/**
 * Declares the tests that every engine has to pass, run for real. Skipped, with the way to get it, where the engine
 * is missing.
 */
export function testEngine(name: EngineName): void {
  const [found] = findEngines({ names: [name] });
  if (!found) throw new Error(`no such engine: ${name}`);
  const skip = found.found ? false : `${found.reason}; to get it: ${found.fix}`;

  describe(`${found.name}`, { skip, timeout: 10 * LIMIT }, () => {
    const requests: { url: string; cookie: string | undefined; language: string | undefined }[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'cc-'));
    const usual = process.env.TMPDIR;
    let site: Server;
    let engine: Engine;
    const launch = (options = {}) => {
      assert.ok(found.found);
      return found.launch(options);
    };
    const seen = (url: string) => requests.filter(request => request.url === url);

    before(async () => {
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      process.env.TMPDIR = folder;
      site = createServer((request, response) => {
        const url = request.url ?? '';
        const { cookie, 'accept-language': language } = request.headers;
        requests.push({ url, cookie, language });
        response.setHeader('content-type', 'text/html');
        if (url === '/hang') return;
        if (url === '/cookie') response.setHeader('set-cookie', 'crumb=1');
        response.end(url.startsWith('/page/') ? TICKING(url.slice('/page/'.length)) : 'hello');
      }).listen(0, '127.0.0.1');
      await once(site, 'listening');
      engine = await launch();
    });

    after(async () => {
      await engine.close();
      site.closeAllConnections();
      site.close();
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
      const left = readdirSync(folder);
      rmSync(folder, { recursive: true });
      assert.deepEqual(left, [], 'no temp folder remains');
    });

    const at = (path: string) => `http://localhost:${portOf(site)}${path}`;

    test('should say which browser it is', () => {
      assert.match(engine.info.version, /^\d+(\.\d+)+/);
      assert.match(engine.info.build, /\d/);
      assert.match(engine.info.driver, /^(playwright|selenium-webdriver) \d+\.\d+\.\d+|^webdriver bidi$/);
      assert.ok(engine.info.channel && engine.info.os);
      assert.equal(engine.info.name, found.name);
      assert.ok(engine.alive);
    });

    test('should ask for pages in English, whatever the language of this machine', {
      timeout: LIMIT,
    }, async () => {
      const page = await engine.open(at('/language'));
      await until(() => seen('/language').length === 1);
      await page.close();
      assert.match(seen('/language')[0]?.language ?? '', /^en-US\b/);
    });

    test('should run several pages beside each other, none of them in the background', {
      timeout: LIMIT,
    }, async () => {
      const names = ['a', 'b', 'c', 'd'];
      const pages = await Promise.all(names.map(name => engine.open(at(`/page/${name}`))));
      requests.length = 0;
      await until(() => names.every(name => seen(`/tick/${name}`).length >= 10));
      await Promise.all(pages.map(page => page.close()));
      // Until closed pages ask for nothing any more.
      do {
        requests.length = 0;
        await new Promise(resolve => setTimeout(resolve, 300));
      } while (requests.length > 0);
    });

    test('should share cookies between its pages, and none with an isolated context', {
      timeout: LIMIT,
    }, async () => {
      const first = await engine.open(at('/cookie'));
      await until(() => seen('/cookie').length === 1);
      const second = await engine.open(at('/shared'));
      await until(() => seen('/shared').length === 1);
      const context = await engine.isolated();
      await context.open(at('/isolated'));
      await until(() => seen('/isolated').length === 1);
      await context.close();
      assert.equal(seen('/shared')[0]?.cookie, 'crumb=1');
      assert.equal(seen('/isolated')[0]?.cookie, undefined);
      await first.close();
      await second.close();
    });

    test('should accept a certificate that nobody signed', { timeout: LIMIT }, async () => {
      let reached = 0;
      const secure = createTlsServer(await loopbackCertificate(), (_, response) => {
        reached++;
        response.end('hello');
      }).listen(0, '127.0.0.1');
      await once(secure, 'listening');
      const page = await engine.open(`https://localhost:${(secure.address() as AddressInfo).port}/`);
      await until(() => reached > 0);
      await page.close();
      secure.closeAllConnections();
      secure.close();
    });

    test('should close twice, and leave no process and no display', { timeout: LIMIT }, async () => {
      const other = await launch();
      await other.open(at('/closing'));
      const pids = other.pids;
      const display = variableOf(browserOf(other), 'DISPLAY');
      let gone = 0;
      other.onGone(() => gone++);
      await Promise.all([other.close(), other.close()]);
      assert.ok(pids.length > 0);
      assert.deepEqual(pids.filter(isAlive), []);
      assert.equal(other.alive, false);
      assert.equal(gone, 0, 'closing is not dying');
      if (found.name === 'webkit' && display) {
        const lock = `/tmp/.X${display.slice(1)}-lock`;
        assert.ok(
          !existsSync(lock) || !pids.includes(Number(readFileSync(lock, 'utf8'))),
          'the display is gone',
        );
      }
      await assert.rejects(other.open(at('/closed')), /closed/);
    });

    test('should send everything through a proxy, loopback too', { timeout: LIMIT }, async () => {
      const lines: string[] = [];
      const proxy = createServer((request, response) => {
        lines.push(request.url ?? '');
        response.setHeader('content-type', 'text/html');
        response.end(`<script>fetch('http://127.0.0.1:${portOf(site)}/by-page').catch(() => 0)</script>`);
      });
      proxy
        .on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
        .listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const proxied = await launch({ proxy: { host: '127.0.0.1', port: portOf(proxy) } });
      requests.length = 0;
      await proxied.open('http://app.example.com/start');
      const byPage = `http://127.0.0.1:${portOf(site)}/by-page`;
      await until(() => lines.includes('http://app.example.com/start') && lines.includes(byPage));
      await proxied.open(at('/direct'));
      await until(() => lines.includes(at('/direct')));
      assert.deepEqual([...seen('/by-page'), ...seen('/direct')], [], 'nothing went past the proxy');
      await proxied.close();
      proxy.closeAllConnections();
      proxy.close();
    });

    test('should tell when the browser is killed, and clean up after it', { timeout: LIMIT }, async () => {
      const victim = await launch();
      await victim.open(at('/victim'));
      const pids = victim.pids;
      const reason = new Promise<string>(resolve => victim.onGone(resolve));
      process.kill(browserOf(victim), 'SIGKILL');
      assert.match(await reason, /ended unexpectedly/);
      assert.equal(victim.alive, false);
      await assert.rejects(victim.open(at('/too-late')), /ended unexpectedly/);
      await victim.close();
      assert.deepEqual(pids.filter(isAlive), []);
      assert.deepEqual(victim.pids, []);
    });

    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      test(`should not outlive a harness that gets ${signal}`, { timeout: LIMIT }, async () => {
        const script = `
          import { findEngines } from ${JSON.stringify(new URL('./find.ts', import.meta.url).href)};
          const [found] = findEngines({ names: [${JSON.stringify(found.name)}] });
          const engine = await found.launch();
          await engine.open(${JSON.stringify(at('/harness'))});
          console.log(JSON.stringify(engine.pids));
          setInterval(() => {}, 1000);`;
        const own = mkdtempSync(join(folder, 'h-'));
        const harness = spawn(
          process.execPath,
          ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
          {
            stdio: ['ignore', 'pipe', 'inherit'],
            env: { ...process.env, TMPDIR: own, TSX_DISABLE_CACHE: '1' },
          },
        );
        try {
          const [line] = (await once(createInterface(harness.stdout), 'line')) as [string];
          const pids = JSON.parse(line) as number[];
          assert.ok(pids.some(isAlive), 'the browser runs');
          harness.kill(signal);
          const [code, by] = await once(harness, 'exit');
          assert.equal(by ?? code, signal === 'SIGKILL' ? signal : 130);
          await until(() => !pids.some(isAlive));
          await until(() => readdirSync(own).length === 0);
          rmSync(own, { recursive: true });
        } finally {
          // Where a check fails, its harness would keep this file from ending.
          harness.kill('SIGKILL');
        }
      });
    }
  });
}
