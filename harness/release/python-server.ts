/** How a Python script is served: by itself, or by a server that suits the app that it makes. */
import { ASGI_SERVERS, RUNNER } from './python-runner.ts';

export interface PythonServer {
  /** What serves it besides what it imports, as pip calls it. */
  readonly needs: readonly string[];
  /** Python's arguments, of which the first is a file that holds SERVE_SCRIPT; {port} is filled in later. */
  readonly args: readonly string[];
}

/** Modules that make ASGI apps, which Python has no server for on board. */
const ASGI = new Set([
  'asgi_cors',
  'asgiref',
  'ariadne',
  'blacksheep',
  'channels',
  'connexion',
  'fastapi',
  'litestar',
  'quart',
  'quart_cors',
  'sanic',
  'starlette',
]);
/** Django and Falcon make either. */
const NAMES_ASGI = /\basgi\b/i;

/**
 * @param script its path, in the folder where it will run
 * @param source its text
 * @param modules the top-level modules that it imports
 * @param app the name of its app, or of the function that makes it; else it is found when the script runs
 */
export function pythonServer(
  script: string,
  source: string,
  modules: readonly string[],
  app = '',
): PythonServer {
  const isAsgi = modules.some(module => ASGI.has(module)) || NAMES_ASGI.test(source);
  const isServed = modules.some(module => ASGI_SERVERS.some(server => server === module));
  return {
    needs: isAsgi && !isServed ? [ASGI_SERVERS[0]] : [],
    args: [RUNNER, script, '{port}', app],
  };
}
