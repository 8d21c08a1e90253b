/** Where browsers are looked for on systems that this one is not: their files are made up. */
import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { browsersFolder, channelProgram, type Machine, safariDriver, systemBrowser } from './candidates.ts';

const machine = (platform: NodeJS.Platform, ...programs: string[]): Machine => ({
  platform,
  runs: path => programs.includes(path),
});

describe('on a Mac', () => {
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const chromium = '/Applications/Chromium.app/Contents/MacOS/Chromium';
  const firefox = '/Applications/Firefox.app/Contents/MacOS/firefox';

  test('should find applications, Chromium before what is made from it, and nothing on the PATH', () => {
    const env = { PATH: process.env.PATH };
    assert.deepEqual(systemBrowser('chromium', env, machine('darwin', chrome, chromium)), {
      executable: chromium,
      channel: 'chromium',
    });
    assert.deepEqual(systemBrowser('chromium', env, machine('darwin', chrome)), {
      executable: chrome,
      channel: 'chrome',
    });
    assert.deepEqual(systemBrowser('firefox', env, machine('darwin', firefox)), {
      executable: firefox,
      channel: 'release',
    });
    assert.equal(systemBrowser('firefox', env, machine('darwin')), undefined);
    assert.equal(channelProgram('chrome', { PATH: '' }, machine('darwin', chrome)), chrome);
  });

  test('should find safaridriver there only', () => {
    const driver = '/usr/bin/safaridriver';
    assert.equal(safariDriver(machine('darwin', driver)), driver);
    assert.equal(safariDriver(machine('darwin')), undefined);
    assert.equal(safariDriver(machine('linux', driver)), undefined);
  });
});

describe('on Windows', () => {
  const env = {
    PROGRAMFILES: 'C:\\Program Files',
    'PROGRAMFILES(X86)': 'C:\\Program Files (x86)',
    LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local',
  };
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
  const chrome = 'C:\\Users\\me\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe';

  test("should look in everybody's folders and the user's own", () => {
    assert.deepEqual(systemBrowser('chromium', env, machine('win32', edge)), {
      executable: edge,
      channel: 'msedge',
    });
    assert.deepEqual(systemBrowser('chromium', env, machine('win32', edge, chrome)), {
      executable: chrome,
      channel: 'chrome',
    });
    assert.equal(systemBrowser('firefox', env, machine('win32', chrome)), undefined);
    assert.equal(channelProgram('msedge', { PATH: '', ...env }, machine('win32', edge)), edge);
  });
});

describe("Playwright's browsers", () => {
  test('should be where Playwright keeps them on each system', () => {
    assert.equal(browsersFolder('/core', {}, 'darwin'), join(homedir(), 'Library/Caches/ms-playwright'));
    assert.equal(browsersFolder('/core', {}, 'linux'), join(homedir(), '.cache/ms-playwright'));
    assert.equal(browsersFolder('/core', { XDG_CACHE_HOME: '/c' }, 'linux'), join('/c', 'ms-playwright'));
    assert.equal(browsersFolder('/core', { LOCALAPPDATA: '/l' }, 'win32'), join('/l', 'ms-playwright'));
    assert.equal(browsersFolder('/core', { PLAYWRIGHT_BROWSERS_PATH: '/own' }, 'darwin'), '/own');
    assert.equal(
      browsersFolder('/core', { PLAYWRIGHT_BROWSERS_PATH: '0' }, 'win32'),
      join('/core', '.local-browsers'),
    );
  });
});
