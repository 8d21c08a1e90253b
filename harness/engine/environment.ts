/** The environment that a browser on this machine is started with. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessTree } from '../process/tree.ts';

const PROXY_VARIABLE = /^(https?|all|no|ftp)_proxy$/i;

/**
 * This process's environment for a browser that belongs to a process tree. Without the proxy of the user's shell,
 * which would come between the page and the servers on this machine. On Linux what it keeps in HOME and in the temp
 * folder goes to the tree's own folder: HOME may be missing or read-only, and a killed browser leaves sockets and locks.
 */
export function browserEnvironment(tree: ProcessTree): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(tree.env))
    if (value !== undefined && !PROXY_VARIABLE.test(name)) env[name] = value;
  if (process.platform !== 'linux') return env;
  const home = join(tree.folder, 'home');
  mkdirSync(home, { recursive: true });
  return {
    ...env,
    TMPDIR: tree.folder,
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
  };
}
