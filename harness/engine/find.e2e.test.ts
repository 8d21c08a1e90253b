import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { findEngines } from './find.ts';
import { describeBuild, osRelease, thisSystem } from './system.ts';
import type { EngineName } from './types.ts';

const skip = process.platform === 'linux' ? false : 'the programs of the test lie on a Linux PATH';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, text = '#!/bin/sh\n'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function find(name: EngineName, extra: NodeJS.ProcessEnv = {}) {
  const env = { PATH: folder, PLAYWRIGHT_BROWSERS_PATH: join(folder, 'browsers'), ...extra };
  const [found] = findEngines({ names: [name], env });
  assert.ok(found);
  return found;
}

function labelOf(name: EngineName, extra: NodeJS.ProcessEnv = {}): string {
  const found = find(name, extra);
  return found.found ? found.label : `missing: ${found.reason}`;
}

/** A build as Playwright leaves it in its folder. */
function playwrightBuild(name: EngineName, complete = true): string {
  const test = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  const playwright = createRequire(createRequire(test).resolve('playwright/package.json'));
  const core = dirname(playwright.resolve('playwright-core/package.json'));
  const { browsers } = JSON.parse(readFileSync(join(core, 'browsers.json'), 'utf8')) as {
    browsers: { name: string; revision: string }[];
  };
  const revision = browsers.find(browser => browser.name === name)?.revision ?? '';
  const at = join(folder, 'browsers', `${name}-${revision}`);
  mkdirSync(at, { recursive: true });
  if (complete) writeFileSync(join(at, 'INSTALLATION_COMPLETE'), '');
  return revision;
}

describe('findEngines', { skip }, () => {
  test('should look for all three, and say how to get each missing one', () => {
    const found = findEngines({ env: { PATH: folder, PLAYWRIGHT_BROWSERS_PATH: folder } });
    assert.deepEqual(
      found.map(engine => engine.name),
      ['chromium', 'firefox', 'webkit'],
    );
    for (const engine of found) {
      assert.ok(!engine.found);
      assert.match(engine.fix, /playwright install|apt-get install -y/);
    }
  });

  test("should prefer Playwright's own build to the system's", () => {
    program('firefox-esr');
    assert.equal(labelOf('firefox'), `${folder}/firefox-esr (system)`);
    const revision = playwrightBuild('firefox');
    assert.equal(labelOf('firefox'), `Playwright build ${revision}`);
  });

  test('should not take an interrupted download for a browser', () => {
    playwrightBuild('chromium', false);
    assert.match(labelOf('chromium'), /^missing: no chromium/);
  });

  test('should prefer Chromium to browsers made from it, and ESR to Firefox', () => {
    program('google-chrome');
    program('firefox');
    assert.equal(labelOf('chromium'), `${folder}/google-chrome (system)`);
    assert.equal(labelOf('firefox'), `${folder}/firefox (system)`);
    program('chromium');
    program('firefox-esr');
    assert.equal(labelOf('chromium'), `${folder}/chromium (system)`);
    assert.equal(labelOf('firefox'), `${folder}/firefox-esr (system)`);
  });

  test("should not take Ubuntu's stand-in for a snap that is missing for a browser", () => {
    program(
      'firefox',
      '#!/bin/sh\nif ! [ -x /snap/bin/firefox ]; then echo "snap install firefox"; exit 1; fi\n',
    );
    assert.match(labelOf('firefox'), /^missing/);
  });

  test('should not take a file that cannot be run for a browser', () => {
    chmodSync(program('chromium'), 0o644);
    assert.match(labelOf('chromium'), /^missing/);
  });

  test('should say what of WebKitGTK is missing', () => {
    assert.equal(labelOf('webkit'), 'missing: WebKitWebDriver is not installed');
  });

  test('should take the program that a variable names', () => {
    program('chromium');
    const named = program('my-chromium');
    assert.equal(
      labelOf('chromium', { CORS_CONFORMANCE_CHROMIUM: named }),
      `${named} (CORS_CONFORMANCE_CHROMIUM)`,
    );
  });

  test('should take a WebDriver server that a variable names, before anything else', () => {
    const variable = 'CORS_CONFORMANCE_GRID_WEBKIT';
    const label = labelOf('webkit', {
      [variable]: 'http://127.0.0.1:4444',
      [`${variable}_BROWSER`]: 'MiniBrowser',
    });
    assert.equal(label, `MiniBrowser on the WebDriver server http://127.0.0.1:4444 (${variable})`);
    const wrong = find('webkit', { [variable]: 'over there' });
    assert.ok(!wrong.found);
    assert.equal(wrong.reason, `${variable} is not a URL: over there`);
  });
});

describe('the system', () => {
  test('should be told by /etc/os-release', { skip }, () => {
    const of = (text: string) => thisSystem(osRelease(text));
    assert.equal(of('ID=debian\nVERSION_ID="12"\n'), 'debian');
    assert.equal(of('ID=ubuntu\nID_LIKE=debian\n'), 'ubuntu');
    assert.equal(of('ID=linuxmint\nID_LIKE="ubuntu debian"\n'), 'ubuntu');
    assert.equal(of("ID=kali\nID_LIKE='debian'\n"), 'debian');
    assert.equal(of('ID=fedora\n'), 'linux');
    assert.equal(of(''), 'linux');
  });

  test('should name a program that belongs to no package by its path', async () => {
    const path = program('nobody-s');
    assert.ok((await describeBuild(path)).endsWith('nobody-s'));
  });

  test('should name a program in the cache or the home folder without the name of the user', async t => {
    const before = { ...process.env };
    t.after(() => {
      process.env = before;
    });
    const path = program('chromium');
    process.env.HOME = dirname(path);
    process.env.CORS_CONFORMANCE_CACHE = join(dirname(path), 'elsewhere');
    assert.equal(await describeBuild(path), join('~', 'chromium'));
    process.env.CORS_CONFORMANCE_CACHE = dirname(path);
    writeFileSync(join(dirname(path), 'versions.json'), '{ "chromium": "123.0.1" }');
    assert.equal(await describeBuild(path), 'headless shell 123.0.1 from npm');
  });
});
