/** WebKitGTK: WebKitWebDriver drives the MiniBrowser that comes with the library, on a display of its own. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { startDriverProcess } from './driver-process.ts';
import { type Family, newFamily } from './processes.ts';
import { describeBuild } from './system.ts';
import type { Engine, LaunchOptions } from './types.ts';
import { launchWebDriver, type WebDriverEndpoint } from './webdriver.ts';
import { type Display, startXvfb } from './xvfb.ts';

/** The three programs that it takes, by their paths. */
export interface WebKitGtkPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly xvfb: string;
}

const START_TIMEOUT = 60_000;
const WATCH_INTERVAL = 100;

/**
 * Starts WebKitGTK.
 * @throws Error when it cannot be started or is not ready within `timeoutMs` (60 s where omitted)
 */
export async function launchWebKitGtk(
  programs: WebKitGtkPrograms,
  options: LaunchOptions = {},
): Promise<Engine> {
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const family = newFamily();
  try {
    const display = await startXvfb(programs.xvfb, family, timeoutMs);
    const environment = sessionEnvironment(family, display);
    const engine = await launchWebDriver(
      {
        name: 'webkit',
        channel: 'webkitgtk',
        family,
        endpoint: () => startDriver(programs, environment, options, timeoutMs),
        describe: () => describeBuild(programs.browser),
        watch: gone => watchBrowser(family, display, gone),
      },
      timeoutMs,
    );
    return engine;
  } catch (error) {
    await family.end(0);
    throw error;
  }
}

/** Settings, caches and shader caches go to the family's folder, so runs never share any. */
function sessionEnvironment(family: Family, display: Display): Record<string, string> {
  const environment: Record<string, string> = {
    ...family.env,
    DISPLAY: display.name,
    GDK_BACKEND: 'x11',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
    XDG_CACHE_HOME: join(family.folder, 'cache'),
    XDG_CONFIG_HOME: join(family.folder, 'config'),
    XDG_DATA_HOME: join(family.folder, 'data'),
  };
  delete environment.WAYLAND_DISPLAY;
  return environment;
}

async function startDriver(
  programs: WebKitGtkPrograms,
  env: Record<string, string>,
  options: LaunchOptions,
  timeoutMs: number,
): Promise<WebDriverEndpoint> {
  const browserArgs = ['--automation'];
  if (options.proxy) browserArgs.push(`--proxy=http://${options.proxy.host}:${options.proxy.port}`);
  const capabilities = {
    browserName: 'MiniBrowser',
    acceptInsecureCerts: true,
    pageLoadStrategy: 'none',
    'webkitgtk:browserOptions': { binary: programs.browser, args: browserArgs },
  };
  // Between choosing a free port and listening on it, somebody else may take it; then another one will do.
  for (let attempt = 1; ; attempt++) {
    const port = await getPort({ host: '127.0.0.1' });
    const args = [`--port=${port}`, '--host=127.0.0.1'];
    const server = await startDriverProcess(programs.driver, args, env, port, timeoutMs);
    if (typeof server !== 'string') return { ...server, capabilities };
    if (attempt === 3) throw new Error(`${programs.driver} ${server}`);
  }
}

/** WebDriver has no event for a browser that dies, so the process is looked at. */
function watchBrowser(family: Family, display: Display, gone: (what?: string) => void): () => void {
  const browser = family.pids().find(pid => commandOf(pid) === 'MiniBrowser');
  const timer = setInterval(() => {
    if (browser === undefined || commandOf(browser) !== 'MiniBrowser') gone();
  }, WATCH_INTERVAL);
  timer.unref();
  const onDisplayGone = () => gone('lost its display: Xvfb ended unexpectedly');
  display.process.once('exit', onDisplayGone);
  return () => {
    clearInterval(timer);
    display.process.off('exit', onDisplayGone);
  };
}

/** The name of a living process; undefined when it has ended, or is a zombie that nobody has waited for yet. */
function commandOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const end = stat.lastIndexOf(')');
    return stat[end + 2] === 'Z' ? undefined : stat.slice(stat.indexOf('(') + 1, end);
  } catch {
    return undefined;
  }
}
