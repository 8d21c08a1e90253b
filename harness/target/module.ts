/**
 * From what a module exports to a listening server. Frameworks are told by the shape of what they make, so that
 * none of them has to be known, or installed, here.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { isPromise } from 'node:util/types';

export const APP_SHAPES = [
  'fastify',
  'hapi',
  'nest',
  'koa',
  'h3',
  'fetch app',
  'fetch handler',
  'node server',
  'handler app',
  'node handler',
] as const;
export type AppShape = (typeof APP_SHAPES)[number];

/** What an export may be, in words. */
export const SERVABLE =
  'a Fastify, Express, Koa, Hono, h3, hapi or Nest app, a function that makes one, a node:http server or handler, or a Fetch handler';

type Any = Record<string, unknown> & ((...args: unknown[]) => unknown);
type FetchHandler = (request: Request) => Response | Promise<Response>;

const is = (value: unknown, key: string) => typeof (value as Any | null)?.[key] === 'function';

/** What an export is, or null where nothing of it can serve requests. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one test for each shape of app, the most telling first
export function appShapeOf(value: unknown): AppShape | null {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return null;
  // Some routers (itty-router) are proxies that have a method of every name: only fetch() is meant.
  if (is(value, 'cors-conformance')) return 'fetch app';
  if (is(value, 'inject') && is(value, 'ready') && is(value, 'listen')) return 'fastify';
  if (is(value, 'inject') && is(value, 'initialize') && 'listener' in value) return 'hapi';
  if (is(value, 'getHttpServer') && is(value, 'init')) return 'nest';
  if (is(value, 'callback') && is(value, 'use') && is(value, 'createContext')) return 'koa';
  if (is(value, 'fetch')) return 'fetch app';
  if (is(value, 'handler') && is(value, 'use') && Array.isArray((value as Any).stack)) return 'h3';
  if (is(value, 'listen') && is(value, 'address')) return 'node server';
  // Polka and tinyhttp. The method of the latter works on its app only.
  if (typeof value === 'object' && is(value, 'listen') && is(value, 'handler')) return 'handler app';
  if (typeof value === 'function') {
    // Express and connect apps take (request, response, next); a Fetch handler takes a Request.
    return value.length >= 2 || is(value, 'handle') ? 'node handler' : 'fetch handler';
  }
  return null;
}

/** Bytes of a request body that a Fetch handler is given; more than any policy's sample. */
const MAX_BODY = 16 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY) throw new Error(`the request body is larger than ${MAX_BODY} bytes`);
    chunks.push(chunk as Buffer);
  }
  return chunks.length > 0 ? Buffer.concat(chunks) : undefined;
}

async function answerWith(
  handler: FetchHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = new Headers();
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
    headers.append(request.rawHeaders[at] as string, request.rawHeaders[at + 1] as string);
  const body = await bodyOf(request);
  const answer = await handler(
    new Request(`http://${request.headers.host ?? 'localhost'}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(body && { body: new Uint8Array(body) }),
    }),
  );
  const lines: [string, string][] = [...answer.headers].filter(([name]) => name !== 'set-cookie');
  const cookies = answer.headers.getSetCookie().map((value): [string, string] => ['set-cookie', value]);
  response.writeHead(answer.status, answer.statusText || undefined, [...lines, ...cookies].flat());
  if (!answer.body || request.method === 'HEAD') response.end();
  else Readable.fromWeb(answer.body as never).pipe(response);
}

/** A Fetch handler as a Node one. What it throws becomes a 500, as its own runtime would answer. */
export const nodeListener =
  (handler: FetchHandler): RequestListener =>
  (request, response) => {
    answerWith(handler, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };

/** h3 1.x makes no listener of its own app; the copy beside the module does. */
function h3Listener(app: unknown, module: string): RequestListener {
  const h3 = createRequire(pathToFileURL(module))('h3') as { toNodeListener(app: unknown): RequestListener };
  return h3.toNodeListener(app);
}

/**
 * Makes a server of an export, ready to listen.
 * @param value the export
 * @param module the module's path: frameworks that have to help are loaded from there
 * @throws TypeError where nothing of it can serve requests
 */
export async function serverOf(value: unknown, module: string): Promise<Server> {
  const shape = appShapeOf(value);
  const app = value as Any;
  switch (shape) {
    case 'fastify':
      await (app.ready as () => Promise<unknown>).call(app);
      return (app as unknown as { server: Server }).server;
    case 'hapi':
      await (app.initialize as () => Promise<void>).call(app);
      return app.listener as Server;
    case 'nest':
      await (app.init as () => Promise<unknown>).call(app);
      return (app.getHttpServer as () => Server).call(app);
    case 'koa':
      return createServer((app.callback as () => RequestListener).call(app));
    case 'h3':
      return createServer(h3Listener(app, module));
    case 'fetch app':
      return createServer(nodeListener(request => (app.fetch as FetchHandler).call(app, request)));
    case 'fetch handler':
      return createServer(nodeListener(app as unknown as FetchHandler));
    case 'node server':
      return app as unknown as Server;
    case 'handler app':
      return createServer((app.handler as unknown as RequestListener).bind(app));
    case 'node handler':
      return createServer(app as unknown as RequestListener);
    case null:
      throw new TypeError(
        `this export (${value === null ? 'null' : typeof value}) serves no requests: export ${SERVABLE}`,
      );
  }
}

/** Names of functions that make an app; others may do anything. */
const FACTORY = /^(?:build|(?:build|create|make|init|setup|bootstrap|get)(?:App|Application|Api|Server))$/i;

/** An export. By itself, a router that has a method of every name would pass for a promise. */
export interface Exported {
  readonly value: unknown;
}

/** What a promise gives; anything else is itself, whatever methods it has. */
const settled = async (value: unknown): Promise<Exported> => ({
  value: isPromise(value) ? await value : value,
});

/**
 * The app that a function makes, as `build()` of Fastify's documentation does. One that takes nothing may also answer
 * requests: only its result tells.
 * @returns the same if it makes no app
 */
export async function appOf(exported: Exported): Promise<Exported> {
  if (appShapeOf(exported.value) !== 'fetch handler') return exported;
  const make = exported.value as Any;
  if (make.length > 0 && !FACTORY.test(String(make.name))) return exported;
  try {
    const made = await settled(make());
    return appShapeOf(made.value) === null ? exported : made;
  } catch (error) {
    console.error(error);
    return exported;
  }
}

/**
 * The export to serve: the named one, else default, app, handler, server or fetch, or a function that makes an app,
 * whichever can serve first. A promise stands for what it gives.
 */
export async function pickExport(
  module: Record<string, unknown>,
  name: string | undefined,
): Promise<Exported> {
  if (name) {
    if (!(name in module))
      throw new TypeError(
        `there is no export "${name}"; there is ${Object.keys(module).join(', ') || 'none'}`,
      );
    return settled(module[name]);
  }
  const exported = await settled(module.default);
  const commonJs = (exported.value ?? {}) as Record<string, unknown>;
  const named = ['default', 'app', 'handler', 'server', 'fetch'];
  const factories = [module, commonJs].flatMap(one => Object.keys(one).filter(key => FACTORY.test(key)));
  for (const key of [...named, ...factories])
    for (const holder of [module, commonJs]) {
      const picked = await settled(holder[key]);
      if (appShapeOf(picked.value) !== null) return picked;
    }
  return exported;
}
