/** Where each engine may be found on a machine: a look at files only, nothing is started. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, win32 } from 'node:path';
import type { ChannelName } from '../case/engine-name.ts';
import { home, isExecutable, onPath, readText } from './system.ts';
import type { EngineName } from './types.ts';
import type { WebKitGtkPrograms } from './webkitgtk.ts';

/** A browser program of the system. */
export interface Candidate {
  readonly executable: string;
  readonly channel: string;
}

/** Names on the PATH, in order of preference, with the channel that the record shows. */
const ON_PATH: Record<'chromium' | 'firefox', readonly (readonly [command: string, channel: string])[]> = {
  chromium: [
    ['chromium', 'chromium'],
    ['chromium-browser', 'chromium'],
    ['google-chrome-stable', 'chrome'],
    ['google-chrome', 'chrome'],
    ['microsoft-edge-stable', 'msedge'],
    ['microsoft-edge', 'msedge'],
    ['brave-browser', 'brave'],
  ],
  firefox: [
    ['firefox-esr', 'esr'],
    ['firefox', 'release'],
  ],
};

const MACOS: typeof ON_PATH = {
  chromium: [
    ['/Applications/Chromium.app/Contents/MacOS/Chromium', 'chromium'],
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'chrome'],
    ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', 'msedge'],
    ['/Applications/Brave Browser.app/Contents/MacOS/Brave Browser', 'brave'],
  ],
  firefox: [['/Applications/Firefox.app/Contents/MacOS/firefox', 'release']],
};

const WINDOWS: typeof ON_PATH = {
  chromium: [
    ['Google\\Chrome\\Application\\chrome.exe', 'chrome'],
    ['Microsoft\\Edge\\Application\\msedge.exe', 'msedge'],
    ['BraveSoftware\\Brave-Browser\\Application\\brave.exe', 'brave'],
  ],
  firefox: [['Mozilla Firefox\\firefox.exe', 'release']],
};

/** What the programs of a vendor's channel are called, by system. */
const CHANNEL_PROGRAMS: Readonly<Record<ChannelName, readonly string[]>> = {
  chrome: [
    'google-chrome-stable',
    'google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'Google\\Chrome\\Application\\chrome.exe',
  ],
  'chrome-beta': [
    'google-chrome-beta',
    '/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta',
    'Google\\Chrome Beta\\Application\\chrome.exe',
  ],
  'chrome-dev': [
    'google-chrome-unstable',
    '/Applications/Google Chrome Dev.app/Contents/MacOS/Google Chrome Dev',
    'Google\\Chrome Dev\\Application\\chrome.exe',
  ],
  msedge: [
    'microsoft-edge-stable',
    'microsoft-edge',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ],
  'msedge-beta': [
    'microsoft-edge-beta',
    '/Applications/Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta',
    'Microsoft\\Edge Beta\\Application\\msedge.exe',
  ],
  brave: [
    'brave-browser',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
    'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
  ],
};

/** What browsers are looked for on: this machine, or a test's. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** True for the path of a program that may be started. */
  readonly runs: (path: string) => boolean;
}

const here = (): Machine => ({ platform: process.platform, runs: isExecutable });

/** Where Windows keeps programs, for everybody and for this user. */
const programFolders = (env: NodeJS.ProcessEnv): string[] =>
  [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(root => root !== undefined);

/** The program of a vendor's channel, or undefined. */
export function channelProgram(
  channel: ChannelName,
  env: NodeJS.ProcessEnv,
  { runs }: Machine = here(),
): string | undefined {
  for (const name of CHANNEL_PROGRAMS[channel]) {
    const found = name.includes('\\')
      ? programFolders(env)
          .map(root => win32.join(root, name))
          .find(runs)
      : name.startsWith('/')
        ? [name].find(runs)
        : onPath(name, env.PATH);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The system's Chromium or Firefox, or undefined. */
export function systemBrowser(
  name: 'chromium' | 'firefox',
  env: NodeJS.ProcessEnv,
  { platform, runs }: Machine = here(),
): Candidate | undefined {
  if (platform === 'darwin') return firstThatRuns(MACOS[name], path => [path], runs);
  if (platform === 'win32')
    return firstThatRuns(
      WINDOWS[name],
      path => programFolders(env).map(root => win32.join(root, path)),
      runs,
    );
  for (const [command, channel] of ON_PATH[name]) {
    const executable = onPath(command, env.PATH);
    if (executable && !isEmptySnapStub(executable, command)) return { executable, channel };
  }
  return firstThatRuns(ON_PATH[name], command => [`/snap/bin/${command}`], runs);
}

function firstThatRuns(
  list: readonly (readonly [string, string])[],
  paths: (entry: string) => string[],
  runs: Machine['runs'],
): Candidate | undefined {
  for (const [entry, channel] of list) {
    const executable = paths(entry).find(runs);
    if (executable) return { executable, channel };
  }
  return undefined;
}

/** On Ubuntu these commands are small scripts that only tell to install a snap, as long as the snap is missing. */
function isEmptySnapStub(executable: string, command: string): boolean {
  const snap = `/snap/bin/${command.replace(/-browser$/, '')}`;
  if (executable.startsWith('/snap/') || existsSync(snap)) return false;
  const start = readFileSync(executable).subarray(0, 4_096).toString('latin1');
  return start.startsWith('#!') && start.includes('/snap/bin/');
}

/** WebKitGTK's programs, or what is missing, in words. */
export function webKitGtk(env: NodeJS.ProcessEnv): WebKitGtkPrograms | string {
  const driver = onPath('WebKitWebDriver', env.PATH);
  if (!driver) return 'WebKitWebDriver is not installed';
  const browser = miniBrowsers().find(isExecutable);
  if (!browser) return "WebKitGTK's MiniBrowser is not installed";
  const xvfb = onPath('Xvfb', env.PATH);
  if (!xvfb) return 'Xvfb, the display that WebKitGTK needs, is not installed';
  return { driver, browser, xvfb };
}

/** Debian and Ubuntu, then Arch, then Fedora; the GTK 3 library first, because Debian's driver is built from it. */
function miniBrowsers(): string[] {
  const libraries = ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'];
  const roots = ['/usr/lib', '/usr/libexec', '/usr/lib64'];
  try {
    const triplets = readdirSync('/usr/lib').filter(name => name.includes('-linux-'));
    roots.unshift(...triplets.map(name => join('/usr/lib', name)));
  } catch {
    // No /usr/lib: no Linux.
  }
  return libraries.flatMap(library => roots.map(root => join(root, library, 'MiniBrowser')));
}

/** safaridriver, on a Mac. */
export function safariDriver({ platform, runs }: Machine = here()): string | undefined {
  return platform === 'darwin' ? ['/usr/bin/safaridriver'].find(runs) : undefined;
}

/**
 * The revision of Playwright's own build of an engine, when it has been downloaded. Reads the list that the
 * installed Playwright carries and the folder it keeps its browsers in (`PLAYWRIGHT_BROWSERS_PATH` or its default);
 * Playwright itself is not loaded, because that alone takes longer than a set-up check may.
 */
export function playwrightRevision(name: EngineName, env: NodeJS.ProcessEnv): string | undefined {
  const core = playwrightCore();
  if (!core) return undefined;
  const list = JSON.parse(readText(join(core, 'browsers.json')) || '{"browsers":[]}') as {
    browsers: { name: string; revision: string; revisionOverrides?: Record<string, string> }[];
  };
  const entry = list.browsers.find(browser => browser.name === name);
  if (!entry) return undefined;
  const folder = browsersFolder(core, env);
  for (const revision of [entry.revision, ...Object.values(entry.revisionOverrides ?? {})]) {
    // An older macOS gets a "special" build under another name.
    const wanted = new RegExp(`^${name}(_[a-z0-9_]+_special)?-${revision}$`);
    const found = entries(folder).find(entry => wanted.test(entry));
    if (found && existsSync(join(folder, found, 'INSTALLATION_COMPLETE'))) return revision;
  }
  return undefined;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function playwrightCore(): string | undefined {
  try {
    const test = createRequire(import.meta.url).resolve('@playwright/test/package.json');
    return dirname(
      createRequire(createRequire(test).resolve('playwright')).resolve('playwright-core/package.json'),
    );
  } catch {
    return undefined;
  }
}

/**
 * Where Playwright keeps the browsers that it has downloaded.
 * @param core the folder of the package playwright-core
 */
export function browsersFolder(
  core: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.PLAYWRIGHT_BROWSERS_PATH === '0') return join(core, '.local-browsers');
  if (env.PLAYWRIGHT_BROWSERS_PATH) return env.PLAYWRIGHT_BROWSERS_PATH;
  if (platform === 'darwin') return join(home(), 'Library', 'Caches', 'ms-playwright');
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home(), 'AppData', 'Local'), 'ms-playwright');
  return join(env.XDG_CACHE_HOME ?? join(home(), '.cache'), 'ms-playwright');
}
