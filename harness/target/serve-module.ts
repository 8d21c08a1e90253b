/** The child process that serves a module's export on PORT of 127.0.0.1. Arguments: module, export name. */
import { pathToFileURL } from 'node:url';
import { pickExport, serverOf } from './module.ts';

const [module = '', name] = process.argv.slice(2);

try {
  const loaded = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  const value = pickExport(loaded, name || undefined);
  const server = await serverOf(value instanceof Promise ? await value : value, module);
  server.on('error', fail);
  if (!server.listening) server.listen(Number(process.env.PORT), '127.0.0.1');
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  console.error(`${module}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
}
