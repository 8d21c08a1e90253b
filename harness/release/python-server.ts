/** How a Python script is served: by itself, or by its framework's usual server if it only makes an app. */
import { basename } from 'node:path';

export interface PythonServer {
  /** What serves it besides the framework, as pip calls it. */
  readonly needs: readonly string[];
  /** Python's arguments; {port} is filled in later. */
  readonly args: readonly string[];
}

const ASGI = ['fastapi', 'starlette', 'quart', 'litestar'];

/** A script that looks at where it is to listen. */
const ASKS_FOR_PORT = /\bPORT\b|\bargv\b/;
const SERVES = /\b(?:run|serve|make_server|listen|start_server)(?:_\w+)?\s*\(/;
/** What stands behind this is not run if the script is imported. */
const GUARD = /^if\s+__name__\s*==/m;
const APP = /^(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)*(?:FastAPI|Starlette|Quart|Litestar|Flask)\s*\(/m;

/**
 * @param script its path, in the folder where it will run
 * @param source its text
 * @param modules the top-level modules that it imports
 */
export function pythonServer(script: string, source: string, modules: readonly string[]): PythonServer {
  const itself = { needs: [], args: [script, '{port}'] };
  const code = source.replace(/(?:^|\s)#[^\n]*/g, '');
  const app = APP.exec(code)?.[1];
  const [imported = ''] = code.split(GUARD);
  // One that runs a server on a port of its own choice, if it is not imported, is served by its framework instead.
  if (ASKS_FOR_PORT.test(code) || SERVES.test(imported) || app === undefined) return itself;
  const place = `${basename(script, '.py')}:${app}`;
  const where = ['--host', '127.0.0.1', '--port', '{port}'];
  if (ASGI.some(name => modules.includes(name)))
    return { needs: ['uvicorn'], args: ['-m', 'uvicorn', place, ...where, '--log-level', 'warning'] };
  if (modules.includes('flask')) return { needs: [], args: ['-m', 'flask', '--app', place, 'run', ...where] };
  return itself;
}
