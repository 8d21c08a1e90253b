/** Where things are kept that cost time to make or to get, from one run to the next. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** CORS_CONFORMANCE_CACHE, else ours in the platform's folder for caches. It may not exist yet. */
export function cacheFolder(): string {
  const { CORS_CONFORMANCE_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows } = process.env;
  return own || join(xdg || windows || join(homedir(), '.cache'), 'cors-conformance');
}
