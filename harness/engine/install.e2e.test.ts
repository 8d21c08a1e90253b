import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ensureEngines } from './install.ts';
import { downloadsReachable, parseDryRun } from './reachable.ts';

const skip = process.platform === 'linux' ? false : 'the fake package manager is a Linux script';
let folder: string;
let log: string[];

/** A machine with nothing but what the test puts on its PATH. */
function machine(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: join(folder, 'bin'),
    HOME: folder,
    PLAYWRIGHT_BROWSERS_PATH: join(folder, 'browsers'),
    // A port that answers nobody.
    PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
    PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS: '1',
    ...extra,
  };
}

function program(name: string, script: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** An apt-get that notes what it is asked, and "installs" by making a program of each package's name. */
function fakeAptGet(result = 0): void {
  const bin = join(folder, 'bin');
  program(
    'apt-get',
    `echo "$@" >> ${folder}/apt.log
for package; do case $package in chromium|firefox-esr) /bin/cp ${bin}/apt-get ${bin}/$package;; esac; done
exit ${result}`,
  );
}

const aptLog = () =>
  existsSync(join(folder, 'apt.log')) ? readFileSync(join(folder, 'apt.log'), 'utf8') : '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  mkdirSync(join(folder, 'bin'));
  log = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ensure = (env: NodeJS.ProcessEnv, facts = {}) =>
  ensureEngines({
    names: ['chromium', 'firefox'],
    env,
    log: line => log.push(line),
    facts: { system: 'debian', root: true, sudo: false, ...facts },
  });

describe('ensureEngines', { skip }, () => {
  test('should say and do nothing when nothing is missing', async () => {
    program('chromium', 'exit 0');
    program('firefox-esr', 'exit 0');
    fakeAptGet();
    assert.deepEqual(
      (await ensure(machine())).map(engine => engine.found),
      [true, true],
    );
    assert.deepEqual(log, []);
    assert.equal(aptLog(), '');
  });

  test('should fall back to the packages, for what is missing only, and say so first', {
    timeout: 60_000,
  }, async () => {
    program('chromium', 'exit 0');
    fakeAptGet();
    const found = await ensure(machine());
    assert.deepEqual(
      found.map(engine => engine.found),
      [true, true],
    );
    assert.equal(aptLog(), 'update\ninstall -y --no-install-recommends firefox-esr\n');
    const text = log.join('\n');
    assert.match(text, /firefox is missing/);
    assert.match(text, /downloads cannot be reached/);
    assert.match(text, /running: apt-get install -y --no-install-recommends firefox-esr/);
    assert.match(text, /firefox is ready/);
    log = [];
    await ensure(machine());
    assert.deepEqual(log, [], 'the second time there is nothing to do');
  });

  test('should tell the exact command where nothing works', { timeout: 60_000 }, async () => {
    const found = await ensure(machine(), { root: false, downloads: false });
    assert.deepEqual(
      found.map(engine => engine.found),
      [false, false],
    );
    assert.match(log.join('\n'), /firefox could not be installed \(.+\)\. To get it, run: .+firefox/);
  });

  test('should go on when the package manager fails', { timeout: 60_000 }, async () => {
    program('apt-get', 'echo "E: Unable to locate package" >&2; exit 100');
    const found = await ensure(machine(), { downloads: false });
    assert.deepEqual(
      found.map(engine => engine.found),
      [false, false],
    );
    assert.match(log.join('\n'), /exited with code 100: E: Unable to locate package/);
  });

  test('should only look when told to skip', async () => {
    fakeAptGet();
    await ensure(machine({ CORS_CONFORMANCE_SKIP_INSTALL: '1' }));
    assert.deepEqual(log, []);
    assert.equal(aptLog(), '');
  });

  test('should not try to mend what the user named wrongly', async () => {
    fakeAptGet();
    program('firefox-esr', 'exit 0');
    const [chromium] = await ensure(machine({ CORS_CONFORMANCE_CHROMIUM: '/nonexistent' }));
    assert.ok(chromium && !chromium.found);
    assert.equal(chromium.reason, 'CORS_CONFORMANCE_CHROMIUM names no program: /nonexistent');
    assert.equal(chromium.fix, 'unset CORS_CONFORMANCE_CHROMIUM');
    assert.equal(aptLog(), '');
  });

  const architecture = process.arch === 'x64' ? false : 'the fake archive is for x64';
  test("should use Playwright's download where it can be reached", {
    skip: architecture,
    timeout: 60_000,
  }, async () => {
    program('firefox-esr', 'exit 0');
    fakeAptGet();
    const archive = zip(['chrome-linux64/chrome', 'ffmpeg-linux']);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-length', archive.length);
      response.end(request.method === 'HEAD' ? undefined : archive);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [chromium] = await ensure(machine({ PLAYWRIGHT_DOWNLOAD_HOST: host }), { apt: false });
    server.close();
    assert.ok(chromium?.found, log.join('\n'));
    assert.match(chromium.label, /^Playwright build \d+$/);
    assert.match(asked[0] ?? '', /^HEAD .*chrom/);
    assert.match(log.join('\n'), /running: npx playwright install --no-shell chromium/);
    assert.equal(aptLog(), '');
  });
});

/** A zip of executable one-line scripts, stored without compression (PKWARE APPNOTE 4.3). */
function zip(names: readonly string[]): Buffer {
  const content = Buffer.from('#!/bin/sh\n');
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const text of names) {
    const name = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // The CRC-32 of that content; node:zlib computes it only from Node 20.15 on.
    common.writeUInt32LE(0x4fb9d1d, 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((0o100755 << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    // "Made by" Unix, so that the mode above is read.
    directory.push(Buffer.from('PK\x01\x02\x14\x03'), common, tail, name);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(names.length, 4);
  end.writeUInt16LE(names.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

describe('downloadsReachable', () => {
  test('should take what answers with an error for out of reach', { timeout: 60_000 }, async () => {
    const server = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = {
      ...process.env,
      PLAYWRIGHT_DOWNLOAD_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
    assert.equal(await downloadsReachable(['firefox'], env), false);
    server.close();
  });

  test('should ask through the proxy where there is one', { timeout: 60_000 }, async () => {
    let verdict = '200 Connection established';
    const asked: string[] = [];
    const proxy = createServer().listen(0, '127.0.0.1');
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end(`HTTP/1.1 ${verdict}\r\n\r\n`);
    });
    await once(proxy, 'listening');
    const env = {
      ...process.env,
      PLAYWRIGHT_DOWNLOAD_HOST: 'https://downloads.test',
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    };
    assert.equal(await downloadsReachable(['firefox'], env), true);
    assert.deepEqual(new Set(asked), new Set(['downloads.test:443']));
    verdict = '403 Forbidden';
    assert.equal(await downloadsReachable(['firefox'], env), false);
    proxy.close();
  });

  test('should read the addresses of each archive', () => {
    const text = `Firefox 1 (playwright firefox v2)
  Install location:    /x/firefox-2
  Download url:        https://a.test/firefox.zip
  Download fallback 1: https://b.test/firefox.zip

WebKit 3
  Install location:    /x/webkit-4
`;
    assert.deepEqual(parseDryRun(text), [
      { folder: '/x/firefox-2', urls: ['https://a.test/firefox.zip', 'https://b.test/firefox.zip'] },
    ]);
  });
});
