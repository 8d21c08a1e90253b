/**
 * The child process of a module: serves its export on PORT of 127.0.0.1, or leaves that to the module where it
 * listens there itself. Arguments: module, export name.
 */
import { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { pickExport, SERVABLE, serverOf, shapeOf } from './module.ts';

/** Milliseconds that a module has, once it is loaded, to begin listening by itself. */
const GRACE_MS = 100;
/** Milliseconds after which a module that does neither is told what is missing; it may still be on its way. */
const NOTE_MS = 1_000;

const [module = '', name] = process.argv.slice(2);
const port = Number(process.env.PORT);

/** The ports that the module has told its own servers to listen on. */
const ownPorts = new Set<number>();
/** The server of its export, once we have told it to listen. */
let served: Server | undefined;

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  const wanted = portOf(args[0]);
  if (wanted !== undefined) ownPorts.add(wanted);
  // It exports its app and, later than one could wait for, listens there itself.
  if (wanted === port && served?.listening) served.close();
  return listen.apply(this, args as Parameters<typeof listen>);
};

try {
  const loaded = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  const picked = pickExport(loaded, name || undefined);
  const value = picked instanceof Promise ? await picked : picked;
  if (name || shapeOf(value) !== null) await serve(value);
  else expectListening(value);
} catch (error) {
  fail(error);
}

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
