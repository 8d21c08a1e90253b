/** WebKitGTK: WebKitWebDriver drives the MiniBrowser that comes with the library, on a display of its own. */

import { readFileSync } from 'node:fs';
import getPort from 'get-port';
import { newTree, type ProcessTree } from '../process/tree.ts';
import { startDriverProcess } from './driver-process.ts';
import { browserEnvironment } from './environment.ts';
import { describeBuild } from './system.ts';
import type { Engine, LaunchOptions } from './types.ts';
import { launchWebDriver } from './webdriver.ts';
import type { WebDriverEndpoint } from './webdriver-session.ts';
import { type Display, startXvfb } from './xvfb.ts';

/** The three programs that it takes, by their paths. */
export interface WebKitGtkPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly xvfb: string;
}

const START_TIMEOUT = 60_000;
const WATCH_INTERVAL = 100;
/** As the kernel cuts their names. */
const BROWSER = 'MiniBrowser';
const NETWORK = 'WebKitNetworkPr';

/**
 * Starts WebKitGTK.
 * @throws Error when it cannot be started or is not ready within `timeoutMs` (60 s where omitted)
 */
export async function launchWebKitGtk(
  programs: WebKitGtkPrograms,
  options: LaunchOptions = {},
): Promise<Engine> {
  const timeoutMs = options.timeoutMs ?? START_TIMEOUT;
  const tree = newTree();
  try {
    const display = await startXvfb(programs.xvfb, tree, timeoutMs);
    const environment = sessionEnvironment(tree, display);
    const known = new Set<number>();
    const engine = await launchWebDriver(
      {
        name: 'webkit',
        channel: 'webkitgtk',
        tree,
        endpoint: () => startDriver({ programs, tree, environment, options, timeoutMs }),
        describe: () => describeBuild(programs.browser),
        watch: gone => watchBrowser({ tree, display, known }, gone),
      },
      timeoutMs,
    );
    return engine;
  } catch (error) {
    await tree.end(0);
    throw error;
  }
}

/** What decides the language of a program, stronger than LANG. */
const LANGUAGE_VARIABLE = /^(?:LANGUAGE|LC_.*)$/;

/** Pages are asked in English on every machine: in the locale C.UTF-8 the browser would accept the language "C". */
function sessionEnvironment(tree: ProcessTree, display: Display): Record<string, string> {
  const inherited = Object.entries(browserEnvironment(tree));
  const environment: Record<string, string> = {
    ...Object.fromEntries(inherited.filter(([name]) => !LANGUAGE_VARIABLE.test(name))),
    LANG: 'en_US.UTF-8',
    DISPLAY: display.name,
    GDK_BACKEND: 'x11',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
  };
  delete environment.WAYLAND_DISPLAY;
  return environment;
}

interface DriverStart {
  readonly programs: WebKitGtkPrograms;
  readonly tree: ProcessTree;
  readonly environment: Record<string, string>;
  readonly options: LaunchOptions;
  readonly timeoutMs: number;
}

async function startDriver(start: DriverStart): Promise<WebDriverEndpoint> {
  const { programs, tree, environment: env, options, timeoutMs } = start;
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
    const server = await startDriverProcess(tree, {
      executable: programs.driver,
      args,
      env,
      port,
      timeoutMs,
    });
    if (typeof server !== 'string') return { ...server, capabilities };
    if (attempt === 3) throw new Error(`${programs.driver} ${server}`);
  }
}

interface Watched {
  readonly tree: ProcessTree;
  readonly display: Display;
  /** The processes that there were when a browser was watched before. */
  readonly known: Set<number>;
}

/** WebDriver has no event for a process that dies, so the processes of the newest browser are looked at. */
function watchBrowser({ tree, display, known }: Watched, gone: (what?: string) => void): () => void {
  const all = tree.pids();
  const pids = all.filter(pid => !known.has(pid));
  for (const pid of all) known.add(pid);
  const browser = pids.find(pid => commandOf(pid) === BROWSER);
  // Requests that are under way, and connections, die with it, and the pages do not hear of a new one.
  const network = pids.find(pid => commandOf(pid) === NETWORK);
  const timer = setInterval(() => {
    if (browser === undefined || commandOf(browser) !== BROWSER) gone();
    else if (network !== undefined && commandOf(network) !== NETWORK) gone('lost its network process');
  }, WATCH_INTERVAL);
  timer.unref();
  let watching = true;
  void display.process.ended.then(() => {
    if (watching) gone('lost its display: Xvfb ended unexpectedly');
  });
  return () => {
    watching = false;
    clearInterval(timer);
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
