/** Browsers that another program starts, maybe on another machine: where they are, and whether they reach this one. */
import process from 'node:process';
import { BROWSER_FAMILIES } from '../case/engine-name.ts';
import { CONNECT_VARIABLE, findEngines, GRID_VARIABLE } from '../engine/find.ts';
import { parseUrl } from '../standard/url.ts';
import { CliError, EXIT } from './exit.ts';
import type { Reach, RemoteEngine, Unreachable } from './reach.ts';

/** What a user says of them. */
interface RemoteBrowsers {
  /** The URL of a Selenium Grid, or of any other WebDriver server. */
  readonly grid?: string | undefined;
  /** The URL of a Playwright server. */
  readonly connect?: string | undefined;
}

/**
 * Tells this process, and all that it starts, where the browsers are.
 * @throws CliError for a URL that is none, and for an engine that only this machine can have
 */
export function useRemoteBrowsers({ grid, connect }: RemoteBrowsers, engines: readonly string[]): void {
  if (grid === undefined && connect === undefined) return;
  if (grid !== undefined && connect !== undefined)
    throw new CliError('--grid and --connect name two places for the same browsers: leave one out');
  const [flag, url, schemes, example] =
    grid === undefined
      ? (['--connect', connect as string, /^wss?:$/, 'ws://127.0.0.1:3000'] as const)
      : (['--grid', grid, /^https?:$/, 'http://127.0.0.1:4444'] as const);
  if (!schemes.test(parseUrl(url)?.protocol ?? ''))
    throw new CliError(`${flag}: "${url}" is not a URL such as ${example}`);
  const families: readonly string[] = BROWSER_FAMILIES;
  const here = engines.filter(name => name !== 'model' && !families.includes(name));
  if (here.length > 0)
    throw new CliError(
      `${flag}: ${here.join(', ')} would run on this machine; name ${BROWSER_FAMILIES.join(', ')} with --engine`,
    );
  if (engines.every(name => name === 'model'))
    throw new CliError(
      `${flag}: the model runs on this machine; name a browser with --engine, or leave it out`,
    );
  process.env[grid === undefined ? CONNECT_VARIABLE : GRID_VARIABLE] = url;
}

/**
 * Has every browser that another program starts open a page of this program, before a run relies on it.
 * @returns those that cannot, with the reason and what to do
 */
async function unreachableBrowsers(engines: readonly string[], reach: Reach): Promise<Unreachable[]> {
  const found = findEngines({ names: engines.filter(name => name !== 'model') });
  const remote = found.filter((one): one is RemoteEngine => one.found && one.remote !== undefined);
  if (remote.length === 0) return [];
  // It brings a whole lab along, which only this needs before the run.
  const { tryToReach } = await import('./reach.ts');
  const tried = await Promise.all(remote.map(one => tryToReach(one, reach)));
  return tried.filter(one => one !== null);
}

/**
 * Refuses to begin where a browser that was asked for cannot open our pages.
 * @param demanded every engine must be there, not just one
 * @returns those to do without
 * @throws CliError
 */
export async function requireReachable(
  engines: readonly string[],
  reach: Reach,
  demanded: boolean,
): Promise<Unreachable[]> {
  const lost = await unreachableBrowsers(engines, reach);
  const [first] = lost;
  if (first && (demanded || lost.length === engines.length))
    throw new CliError(lost.map(one => `${one.name}: ${one.reason}`).join('\n'), EXIT.harness);
  return lost;
}
