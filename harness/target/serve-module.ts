/**
 * Loaded before the main module of a server's process: serves its export on PORT of 127.0.0.1, or leaves that to the
 * module if it listens there itself. The module runs as if its user had started it: it is the main module, and its
 * arguments, its resolution and its environment are its own. Environment: PORT, and what SERVE_OPTIONS names.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { appOf, appShapeOf, pickExport, SERVABLE, serverOf } from './module.ts';

/** Milliseconds that a module has, once it is loaded, to begin listening by itself. */
const GRACE_MS = 100;
/** Milliseconds in which the main module, translated in a thread of its own, must have begun, and between two looks. */
const MAIN_MS = 3_000;
const LOOK_MS = 5;
/** Milliseconds after which a module that does neither is told what is missing; it may still be on its way. */
const NOTE_MS = 1_000;

interface ServeOptions {
  /** The absolute path of the main module. */
  readonly module: string;
  /** The export to serve. */
  readonly name?: string;
  /** Whether a module that listens on a port of its own choice is to listen on PORT instead. */
  readonly movePort?: boolean;
  /** Whether Node runs the main module as it is, without a translator. */
  readonly plain?: boolean;
}

const {
  module,
  name,
  movePort = false,
  plain = false,
} = JSON.parse(process.env.CORS_CONFORMANCE_SERVE ?? '{"module":""}') as ServeOptions;
delete process.env.CORS_CONFORMANCE_SERVE;
const port = Number(process.env.PORT);

/** The ports that the module has told its own servers to listen on. */
const ownPorts = new Set<number>();
/** The server of its export, once we have told it to listen. */
let served: Server | undefined;

const { listen } = Server.prototype;

// Threads and processes that the server starts load this as well, and are left alone.
if (isMainThread && module !== '') {
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const wanted = portOf(args[0]);
    if (movePort && wanted !== undefined && wanted !== port && wanted !== 0 && !ownPorts.has(port)) {
      ownPorts.add(port);
      return Reflect.apply(listen, this, [port, '127.0.0.1', callbackOf(args)]);
    }
    if (wanted !== undefined) ownPorts.add(wanted);
    // It exports its app and, later than one could wait for, listens there itself.
    if (wanted === port && served?.listening) served.close();
    return listen.apply(this, args as Parameters<typeof listen>);
  };
  // Not before the main module is on its way: whoever asks first for it here would make it an import.
  setTimeout(() => void load(), 0);
}

async function load(): Promise<void> {
  try {
    if (!plain) await mainHasBegun();
    const loaded = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
    const { value } = await appOf(await pickExport(loaded, name));
    if (name !== undefined || appShapeOf(value) !== null) await serve(value);
    else expectListening(value);
  } catch (error) {
    fail(error);
  }
}

/**
 * A translator looks modules up in a thread of its own, where our question can overtake Node's: the module would not
 * be the main one then. CommonJS says when it is (`process.mainModule`); for an ES module there is nothing to tell.
 */
async function mainHasBegun(): Promise<void> {
  if (isEsModule(module)) return;
  const until = Date.now() + MAIN_MS;
  while (process.mainModule === undefined && Date.now() < until) await sleep(LOOK_MS);
}

function isEsModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const about = join(folder, 'package.json');
    if (existsSync(about)) return JSON.parse(readFileSync(about, 'utf8')).type === 'module';
    if (folder === dirname(folder)) return false;
  }
}

const callbackOf = (args: readonly unknown[]) =>
  args.find(one => typeof one === 'function') as (() => void) | undefined;

async function serve(value: unknown): Promise<void> {
  if (!ownPorts.has(port)) await sleep(GRACE_MS);
  if (ownPorts.has(port)) return;
  const server = await serverOf(value, module);
  if (ownPorts.has(port)) return;
  if (server.listening) return note(`it listens on ${portsText()}, not on PORT: listen on process.env.PORT`);
  server.on('error', fail);
  Reflect.apply(listen, server, [port, '127.0.0.1']);
  served = server;
}

/** Nothing of the module can serve: it has to listen itself, now or a little later. */
function expectListening(value: unknown): void {
  const missing = () => {
    const what =
      ownPorts.size > 0 ? `listens on ${portsText()}, not on PORT` : 'does not listen on process.env.PORT';
    return `it exports no app and ${what}: this export (${value === null ? 'null' : typeof value}) serves no requests: export ${SERVABLE}; or listen on process.env.PORT`;
  };
  setTimeout(() => {
    if (!ownPorts.has(port)) note(missing());
  }, NOTE_MS).unref();
  process.on('exit', code => {
    if (code !== 0 || ownPorts.has(port)) return;
    note(missing());
    process.exitCode = 1;
  });
}

function portOf(first: unknown): number | undefined {
  const given = typeof first === 'object' ? (first as { port?: unknown } | null)?.port : first;
  return (typeof given === 'number' || typeof given === 'string') && /^\d+$/.test(String(given))
    ? Number(given)
    : undefined;
}

function portsText(): string {
  return ownPorts.size === 0 ? 'another port' : `port ${[...ownPorts].join(', ')}`;
}

function note(text: string): void {
  console.error(`${module}: ${text}`);
}

function fail(error: unknown): void {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
