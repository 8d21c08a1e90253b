/** How a Python script is served: by itself, or by its framework's usual server where it only makes an app. */
import { basename } from 'node:path';

export interface PythonServer {
  /** What serves it beside the framework, as pip calls it. */
  readonly needs: readonly string[];
  /** Python's arguments; {port} is filled in later. */
  readonly args: readonly string[];
}

const ASGI = ['fastapi', 'starlette', 'quart', 'litestar'];

/** A script that runs a server, or at least looks at where it should. */
const SERVES = /\bPORT\b|\bargv\b|\b(?:run|serve|make_server|listen|start_server)(?:_\w+)?\s*\(/;
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
  if (SERVES.test(code) || app === undefined) return itself;
  const place = `${basename(script, '.py')}:${app}`;
  const where = ['--host', '127.0.0.1', '--port', '{port}'];
  if (ASGI.some(name => modules.includes(name)))
    return { needs: ['uvicorn'], args: ['-m', 'uvicorn', place, ...where, '--log-level', 'warning'] };
  if (modules.includes('flask')) return { needs: [], args: ['-m', 'flask', '--app', place, 'run', ...where] };
  return itself;
}
