import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findEngines } from '../engine/find.ts';
import { type EngineLine, renderTable } from './engines.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LIMIT = { timeout: 240_000 };

async function engines(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [join(ROOT, 'harness', 'bootstrap.mjs'), 'engines', ...args], {
    env: { ...env, CORS_CONFORMANCE_SKIP_INSTALL: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

test('should list the three engines as JSON, each with its build or the way to get it', LIMIT, async () => {
  const { code, stdout } = await engines(['--json']);
  assert.equal(code, 0);
  const lines = JSON.parse(stdout) as EngineLine[];
  assert.deepEqual(
    lines.map(line => line.name),
    ['chromium', 'firefox', 'webkit'],
  );
  for (const line of lines) assert.ok(line.found ? line.build && line.where : line.reason && line.fix);
});

test('should show where nothing is found, and fail an installation that got nothing', LIMIT, async () => {
  const empty = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  const env = { PATH: empty, PLAYWRIGHT_BROWSERS_PATH: empty };
  const list = await engines([], env);
  assert.equal(list.code, 0);
  assert.match(list.stdout, /^firefox +missing .+get it: .+firefox/m);
  const install = await engines(['install', 'firefox'], env);
  assert.equal(install.code, 4);
  assert.match(install.stderr, /Not installed: firefox\./);
  rmSync(empty, { recursive: true });
});

test('should start each engine and show its true version', LIMIT, async () => {
  const here = findEngines().filter(engine => engine.found);
  const { code, stdout } = await engines(['--check', '--json']);
  assert.equal(code, 0);
  const checked = (JSON.parse(stdout) as EngineLine[]).filter(line => line.found);
  assert.equal(checked.length, here.length);
  for (const line of checked) assert.match(line.info?.version ?? '', /^\d+\.\d+/);
});

/** Puts the system's Chromium where Playwright's registry looks for the build that it has downloaded. */
async function asPlaywrightBuild(browsers: string, program: string): Promise<void> {
  const print = "console.log(require('@playwright/test').chromium.executablePath())";
  const asked = spawn(process.execPath, ['-e', print], {
    cwd: ROOT,
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: browsers },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(asked.stdout, 'data')) as [Buffer];
  const executable = String(said).trim();
  mkdirSync(dirname(executable), { recursive: true });
  writeFileSync(executable, `#!/bin/sh\nexec '${program}' "$@"\n`);
  chmodSync(executable, 0o755);
  writeFileSync(
    join(browsers, relative(browsers, executable).split(sep)[0] ?? '', 'INSTALLATION_COMPLETE'),
    '',
  );
}

const system = findEngines({ names: ['chromium'], env: { PATH: process.env.PATH } })[0];
const program = system?.found ? system.label.replace(/ \(system\)$/, '') : '';

test("should start Playwright's own build through its registry", {
  ...LIMIT,
  skip: process.platform === 'linux' && existsSync(program) ? false : 'needs a Chromium of a Linux system',
}, async () => {
  const browsers = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  await asPlaywrightBuild(browsers, program);
  const { stdout } = await engines(['--check', '--json'], {
    ...process.env,
    PLAYWRIGHT_BROWSERS_PATH: browsers,
    CORS_CONFORMANCE_FIREFOX: '/nonexistent',
    CORS_CONFORMANCE_GRID_WEBKIT: 'http://127.0.0.1:9',
  });
  const [chromium] = JSON.parse(stdout) as EngineLine[];
  assert.equal(chromium?.reason, undefined);
  assert.match(chromium?.info?.build ?? '', /^Playwright build \d+$/);
  assert.equal(chromium?.info?.channel, 'playwright');
  rmSync(browsers, { recursive: true });
});

test('should say which engine is broken, and end with 4', {
  ...LIMIT,
  skip: process.platform === 'win32',
}, async () => {
  const { code, stdout } = await engines(['--check', '--json'], {
    ...process.env,
    CORS_CONFORMANCE_CHROMIUM: '/bin/false',
    CORS_CONFORMANCE_FIREFOX: '/nonexistent',
    CORS_CONFORMANCE_GRID_WEBKIT: 'http://127.0.0.1:9',
  });
  assert.equal(code, 4);
  const [chromium, firefox] = JSON.parse(stdout) as EngineLine[];
  assert.match(chromium?.reason ?? '', /^does not start: /);
  assert.equal(firefox?.reason, 'CORS_CONFORMANCE_FIREFOX names no program: /nonexistent');
});

test('should refuse an unknown engine by its name', LIMIT, async () => {
  const { code, stderr } = await engines(['install', 'netscape']);
  assert.equal(code, 2);
  assert.match(stderr, /Unknown engine "netscape"/);
});

test('should show help with an example', LIMIT, async () => {
  const { code, stdout } = await engines(['install', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /Examples:\n {2}npx cors-conformance engines install chromium firefox/);
});

test('should line the table up', () => {
  assert.equal(
    renderTable([
      { name: 'chromium', found: true, build: 'Debian chromium 1', where: '/usr/bin/chromium (system)' },
      { name: 'firefox', found: true, build: 'b', where: 'w', reason: 'does not start: why' },
      { name: 'webkit', found: false, reason: 'not here', fix: 'apt-get install -y x' },
    ]),
    `ENGINE    STATE    BUILD              WHERE
chromium  found    Debian chromium 1  /usr/bin/chromium (system)
firefox   broken   b                  w
webkit    missing  not here           get it: apt-get install -y x
firefox does not start: why
`,
  );
});
