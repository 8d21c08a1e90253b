/** Opens a page in the user's own browser. */
import { spawn } from 'node:child_process';
import process from 'node:process';

/** The program that opens what it is given as the desktop would; Windows needs a shell's `start`. */
export function openerOf(platform: NodeJS.Platform, address: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', address];
  return ['xdg-open', address];
}

/**
 * It runs on by itself: a browser outlives this process.
 * @param address a URL or a path
 * @returns false if there is no program that could open it
 */
export function openPage(address: string): Promise<boolean> {
  const [program, ...args] = openerOf(process.platform, address);
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.unref();
  return new Promise(resolve => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
}
