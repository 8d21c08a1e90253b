/** How a Python script is served: by itself, or by its framework's usual server if it only makes an app. */
import { basename } from 'node:path';

export interface PythonServer {
  /** What serves it besides the framework, as pip calls it. */
  readonly needs: readonly string[];
  /** Python's arguments; {port} is filled in later. */
  readonly args: readonly string[];
}

/** What makes an app, by the interface that a server has to it. */
const MAKERS = {
  asgi: /^(?:FastAPI|Starlette|Quart|Litestar|get_asgi_application|(?:\w+\.)*asgi\.App)$/,
  flask: /^Flask$/,
  wsgi: /^(?:Bottle|get_wsgi_application)$/,
  /** App is what many things are called: only where Falcon is imported. */
  falcon: /^(?:App|API)$/,
};

/** Serves a WSGI app with what Python has on board. Arguments: the port, the module and the app's name in it. */
const SERVE_WSGI = `import importlib, sys
from wsgiref.simple_server import make_server
port, module, name = sys.argv[1:]
make_server('127.0.0.1', int(port), getattr(importlib.import_module(module), name)).serve_forever()`;

/** A script that looks at where it is to listen. */
const ASKS_FOR_PORT = /\bPORT\b|\bargv\b/;
const SERVES = /\b(?:run|serve|make_server|listen|start_server)(?:_\w+)?\s*\(/;
/** What stands behind this is not run if the script is imported. */
const GUARD = /^if\s+__name__\s*==/m;
const CALL = /^(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*([\w.]+)\s*\(/gm;

interface App {
  readonly name: string;
  readonly interface: 'asgi' | 'flask' | 'wsgi';
}

/** The app that a script makes at its top level. */
function appOf(code: string, modules: readonly string[]): App | undefined {
  for (const [, name = '', maker = ''] of code.matchAll(CALL)) {
    const last = maker.split('.').at(-1) ?? '';
    if (MAKERS.asgi.test(last) || MAKERS.asgi.test(maker)) return { name, interface: 'asgi' };
    if (MAKERS.flask.test(last)) return { name, interface: 'flask' };
    if (MAKERS.wsgi.test(last)) return { name, interface: 'wsgi' };
    if (MAKERS.falcon.test(last) && modules.includes('falcon')) return { name, interface: 'wsgi' };
  }
  return undefined;
}

/**
 * @param script its path, in the folder where it will run
 * @param source its text
 * @param modules the top-level modules that it imports
 */
export function pythonServer(script: string, source: string, modules: readonly string[]): PythonServer {
  const itself = { needs: [], args: [script, '{port}'] };
  const code = source.replace(/(?:^|\s)#[^\n]*/g, '');
  const app = appOf(code, modules);
  const [imported = ''] = code.split(GUARD);
  // One that runs a server on a port of its own choice, if it is not imported, is served by its framework instead.
  if (ASKS_FOR_PORT.test(code) || SERVES.test(imported) || app === undefined) return itself;
  const module = basename(script, '.py');
  const place = `${module}:${app.name}`;
  const where = ['--host', '127.0.0.1', '--port', '{port}'];
  switch (app.interface) {
    case 'asgi':
      return { needs: ['uvicorn'], args: ['-m', 'uvicorn', place, ...where, '--log-level', 'warning'] };
    case 'flask':
      return { needs: [], args: ['-m', 'flask', '--app', place, 'run', ...where] };
    case 'wsgi':
      return { needs: [], args: ['-c', SERVE_WSGI, '{port}', module, app.name] };
  }
}
