/**
 * Collects what the installed browsers write to their consoles when requests fail, for the tests of
 * `harness/explain/console-message.ts`: `npm run console-lines` writes harness/explain/console-lines.json anew.
 *
 * No engine is asked through the harness, which reads no consoles: Chromium tells its console through Playwright,
 * Firefox through Marionette, WebKitGTK through its inspector's server.
 * Longer than other files: three protocols for one question.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import getPort from 'get-port';
import { WebSocket } from 'ws';
import { findEngines } from '../harness/engine/find.ts';
import { isExecutable, onPath } from '../harness/engine/system.ts';
import { ENGINES } from '../harness/engine/types.ts';
import { runCommand } from '../harness/process/command.ts';
import { SCENARIOS, type Scenario } from './console-scenarios.ts';

const OUT = new URL('../harness/explain/console-lines.json', import.meta.url);
const SCENARIO = 'SCENARIO ';
const ANNOUNCED = new RegExp(`^(?:Uncaught )?(?:Error: )?${SCENARIO}(\\S+)`);
const LIMIT_MS = 60_000;
const DEBIAN_MINI_BROWSERS = [
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1',
  '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1',
];

type Lines = Map<string, string[]>;

interface Stage {
  readonly url: string;
  /** Resolves when the page has run every scenario. */
  readonly done: Promise<void>;
  close(): void;
}

/** A page that runs the scenarios one after the other, and the server that fails them. */
async function startStage(): Promise<Stage> {
  const target = http.createServer((request, response) => {
    const scenario = SCENARIOS.find(({ name }) => request.url === `/${name}`);
    const reply = request.method === 'OPTIONS' ? (scenario?.preflight ?? [204, {}]) : scenario?.answer;
    if (!reply) {
      request.socket.destroy();
      return;
    }
    const { port } = target.address() as AddressInfo;
    const fill = (value: string) =>
      value.replaceAll('ORIGIN', request.headers.origin ?? '').replaceAll('PORT', String(port));
    const [status, headers] = reply;
    response.writeHead(
      status,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().map(fill)])),
    );
    response.end(scenario?.body);
  });
  let finish: () => void = () => undefined;
  const done = new Promise<void>(resolve => {
    finish = resolve;
  });
  const site = http.createServer((request, response) => {
    if (request.url === '/done') finish();
    const { port } = target.address() as AddressInfo;
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader(
      'Content-Security-Policy',
      `connect-src 'self' http://127.0.0.1:${port} http://127.0.0.1:6000 ftp: app: mailto: file:`,
    );
    response.end(request.url === '/' ? pageHtml(`http://127.0.0.1:${port}/`) : '');
  });
  for (const [server, host] of [
    [target, '127.0.0.1'],
    [site, 'localhost'],
  ] as const) {
    await new Promise<void>(resolve => server.listen(0, host, resolve));
  }
  return {
    url: `http://localhost:${(site.address() as AddressInfo).port}/`,
    done: Promise.race([done, sleep(LIMIT_MS, undefined, { ref: false })]).then(() => sleep(500)),
    close: () => {
      for (const server of [target, site]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const pageHtml = (
  base: string,
): string => `<!doctype html><title>Console lines</title><body><script type="module">
for (const { name, request = {}, script } of ${inScript(SCENARIOS.map(({ name, request, script }) => ({ name, request, script })))}) {
  console.error('${SCENARIO}' + name);
  // Firefox keeps errors in one list with the lines about CORS, but not what pages write.
  reportError(new Error('${SCENARIO}' + name));
  const url = request.url ?? '${base}' + name;
  if (script) await new Promise(done => {
    setTimeout(done, 3000);
    // What it throws is to be uncaught.
    setTimeout(() => new Function('URL', 'done', script)(url, done));
  }).then(() => document.body.replaceChildren());
  else if (request.xhr) await new Promise(done => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', url);
    xhr.withCredentials = request.credentials === 'include';
    xhr.onloadend = done;
    xhr.send();
  });
  else await fetch(url, request).catch(() => undefined);
  await new Promise(done => setTimeout(done, 80));
}
await fetch('/done');
</script>`;

/** A value as it may stand in a script of a page. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** Files each line under the scenario that was announced last. */
function collector(): { readonly lines: Lines; add(line: string): void } {
  const lines: Lines = new Map();
  let current: string[] = [];
  return {
    lines,
    add(line) {
      const name = ANNOUNCED.exec(line)?.[1];
      if (name !== undefined) {
        if (!lines.has(name)) lines.set(name, []);
        current = lines.get(name) as string[];
      } else if (!current.includes(line)) current.push(line);
    },
  };
}

async function fromChromium(executablePath: string): Promise<Lines> {
  const stage = await startStage();
  const { lines, add } = collector();
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  try {
    const page = await browser.newPage();
    page.on('console', message => add(message.text()));
    page.on('pageerror', error => add(`Uncaught ${error.name}: ${error.message}`));
    await page.goto(stage.url);
    await stage.done;
  } finally {
    await browser.close();
    stage.close();
  }
  return lines;
}

/** Runs a browser while `work` talks to it, then ends it and removes its folder. */
async function withBrowser<T>(
  command: (home: string) => readonly string[],
  env: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'cors-conformance-console-'));
  const end = new AbortController();
  const running = runCommand(command(home), {
    env: { ...env, HOME: home, TMPDIR: home },
    signal: end.signal,
    limitMs: 2 * LIMIT_MS,
  });
  running.catch(() => undefined);
  try {
    return await work();
  } finally {
    end.abort();
    await running.catch(() => undefined);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Firefox tells the lines of CORS to nobody but its own console service. */
async function fromFirefox(executable: string): Promise<Lines> {
  const stage = await startStage();
  const port = await getPort();
  const command = (home: string) => {
    writeFileSync(join(home, 'user.js'), `user_pref("marionette.port", ${port});\n`);
    return [
      executable,
      '--headless',
      '--no-remote',
      '--marionette',
      '--remote-allow-system-access',
      '--profile',
      home,
    ];
  };
  try {
    return await withBrowser(command, {}, async () => {
      const send = marionette(await connected(port));
      await send('WebDriver:NewSession');
      await send('WebDriver:Navigate', { url: stage.url });
      await stage.done;
      await send('Marionette:SetContext', { value: 'chrome' });
      const script =
        'return Services.console.getMessageArray().map(m => m instanceof Ci.nsIScriptError ? m.errorMessage : m.message)';
      const { value } = (await send('WebDriver:ExecuteScript', { script, args: [] })) as { value: string[] };
      const { lines, add } = collector();
      for (const line of value) add(line);
      return lines;
    });
  } finally {
    stage.close();
  }
}

type MarionetteSend = (command: string, parameters?: object) => Promise<unknown>;

/** Marionette's protocol: "LENGTH:[0, id, command, parameters]", answered by [1, id, error, result]. */
function marionette(socket: net.Socket): MarionetteSend {
  const waiting: ((message: unknown[]) => void)[] = [];
  let buffer = Buffer.alloc(0);
  socket.on('data', chunk => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const colon = buffer.indexOf(':');
      const end = colon + 1 + Number(buffer.subarray(0, colon));
      if (colon < 0 || buffer.length < end) return;
      const message: unknown = JSON.parse(buffer.subarray(colon + 1, end).toString());
      buffer = buffer.subarray(end);
      if (Array.isArray(message)) waiting.shift()?.(message);
    }
  });
  let id = 0;
  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      waiting.push(([, , error, result]) =>
        error ? reject(new Error(`${command}: ${JSON.stringify(error)}`)) : resolve(result),
      );
      const text = JSON.stringify([0, ++id, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

async function connected(port: number): Promise<net.Socket> {
  for (let left = LIMIT_MS; left > 0; left -= 300) {
    const socket = net.connect(port, '127.0.0.1');
    const ok = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    if (ok) return socket;
    await sleep(300);
  }
  throw new Error('the browser opened no port');
}

/** WebKitGTK serves its inspector's protocol over a WebSocket. */
async function fromWebKit(browser: string): Promise<Lines> {
  const stage = await startStage();
  const port = await getPort();
  const { lines, add } = collector();
  const env = {
    WEBKIT_INSPECTOR_HTTP_SERVER: `127.0.0.1:${port}`,
    ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
  };
  const command = () => [
    'xvfb-run',
    '-a',
    browser,
    '--private',
    '--enable-developer-extras=true',
    'about:blank',
  ];
  try {
    return await withBrowser(command, env, async () => {
      (await connected(port)).destroy();
      await sleep(2_000);
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket/1/1/WebPage`);
      socket.on('message', data => inspect(socket, JSON.parse(String(data)), stage.url, add));
      await stage.done;
      socket.close();
      return lines;
    });
  } finally {
    stage.close();
  }
}

interface InspectorMessage {
  readonly method?: string;
  readonly params?: {
    readonly targetInfo?: { readonly type: string; readonly targetId: string };
    readonly message?: string;
  };
}

/** Switches the console of the page on, opens the stage there, and hands over what is written. */
function inspect(
  socket: WebSocket,
  { method, params }: InspectorMessage,
  url: string,
  add: (line: string) => void,
): void {
  if (method === 'Target.targetCreated' && params?.targetInfo?.type === 'page') {
    const { targetId } = params.targetInfo;
    for (const [index, message] of [
      { method: 'Console.enable', params: {} },
      { method: 'Runtime.evaluate', params: { expression: `location.href = ${JSON.stringify(url)}` } },
    ].entries()) {
      const wrapped = { targetId, message: JSON.stringify({ id: index + 1, ...message }) };
      socket.send(JSON.stringify({ id: index + 1, method: 'Target.sendMessageToTarget', params: wrapped }));
    }
  } else if (method === 'Target.dispatchMessageFromTarget') {
    const inner = JSON.parse(params?.message ?? '{}') as {
      method?: string;
      params?: { message: { text: string } };
    };
    if (inner.method === 'Console.messageAdded') add(inner.params?.message.text ?? '');
  }
}

const COLLECT = {
  chromium: () => fromChromium(program('chromium', 'google-chrome')),
  firefox: () => fromFirefox(program('firefox-esr', 'firefox')),
  webkit: () => fromWebKit(program('MiniBrowser')),
};

/** Where a browser is: on PATH, or where Debian keeps WebKitGTK's. */
function program(...names: string[]): string {
  for (const name of names) {
    const found = onPath(name) ?? DEBIAN_MINI_BROWSERS.map(folder => `${folder}/${name}`).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error(`there is no ${names.join(' or ')} on this machine`);
}

const builds: Record<string, string> = {};
const collected: Record<string, Lines> = {};
for (const name of ENGINES) {
  process.stderr.write(`${name} …\n`);
  collected[name] = await COLLECT[name]();
  const [engine] = findEngines({ names: [name] });
  builds[name] = engine?.found ? await engine.build() : 'unknown build';
}

const linesOf = ({ name }: Scenario) =>
  Object.fromEntries(Object.entries(collected).map(([engine, lines]) => [engine, lines.get(name) ?? []]));
const scenarios = SCENARIOS.map(scenario => ({
  name: scenario.name,
  reason: scenario.reason,
  lines: linesOf(scenario),
}));
writeFileSync(OUT, `${JSON.stringify({ builds, scenarios }, null, 2)}\n`);
process.stderr.write(`${scenarios.length} scenarios written.\n`);
