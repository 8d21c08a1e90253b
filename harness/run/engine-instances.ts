/** Which engines a run is about: names are checked, and releases of them are installed if they have to be. */
import process from 'node:process';
import { didYouMean } from '../case/closest.ts';
import {
  BROWSER_FAMILIES,
  compareEngines,
  ENGINE_FAMILIES,
  ENGINE_NAME_HELP,
  isDomFamily,
  PROXIED_ENGINE_HELP,
  parseEngineName,
} from '../case/engine-name.ts';
import { INSTANCES_VARIABLE } from '../engine/find.ts';
import { tooLittle } from '../process/limits.ts';
import type { DomLibraryOptions } from '../release/dom-library.ts';
import { ReleaseError } from '../release/types.ts';
import { CliError, EXIT } from './exit.ts';

/**
 * The engines that were named, or the three browsers.
 * @param help how names are written, for errors
 * @returns their names, each once, in the order of records
 * @throws CliError for a text that names no engine
 */
export function enginesOf(names: readonly string[] | undefined, help = ENGINE_NAME_HELP): string[] {
  if (!names) return [...BROWSER_FAMILIES];
  const unknown = names.find(name => parseEngineName(name) === null);
  if (unknown !== undefined)
    throw new CliError(
      `--engine: "${unknown}" is not an engine: name ${help}.${didYouMean(unknown, ENGINE_FAMILIES)}`,
    );
  return [...new Set(names)].sort(compareEngines);
}

/**
 * The same for a command whose traffic goes through a proxy.
 * @throws CliError for a DOM library too: it takes none
 */
export function proxiedEnginesOf(names: readonly string[] | undefined): string[] {
  const engines = enginesOf(names, PROXIED_ENGINE_HELP);
  const library = engines.find(isDomLibrary);
  if (library !== undefined)
    throw new CliError(
      `--engine: ${library} takes no proxy, and this command records what is sent in one; name ${PROXIED_ENGINE_HELP}`,
    );
  return engines;
}

const isDomLibrary = (name: string): boolean => {
  const instance = parseEngineName(name);
  return instance !== null && isDomFamily(instance.family);
};

/**
 * Installs the releases and DOM libraries among the engines, and tells this process and all that it starts where they are.
 * @param onProgress told in a few words what takes time
 * @throws CliError if a release cannot be had
 */
export async function prepareEngines(
  names: readonly string[],
  onProgress: (what: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const little = names.every(name => name === 'model') ? '' : tooLittle();
  // Beforehand: what ends for want of memory says nothing any more.
  if (little !== '') onProgress(`warning: ${little}`);
  const installed: Record<string, string> = {};
  for (const name of names.filter(isInstalledApart)) {
    try {
      installed[name] = (await installEngine(name, { onProgress, signal })).place;
    } catch (error) {
      if (error instanceof ReleaseError)
        throw new CliError(`--engine ${name}: ${error.message}`, EXIT.harness);
      throw error;
    }
  }
  if (Object.keys(installed).length > 0) process.env[INSTANCES_VARIABLE] = JSON.stringify(installed);
}

/** True for what is installed into the cache: releases, and DOM libraries. */
export function isInstalledApart(name: string): boolean {
  return parseEngineName(name)?.release !== undefined || isDomLibrary(name);
}

/** An engine that was installed apart from the system. */
interface InstalledEngine {
  readonly family: string;
  readonly version: string;
  /** Its program, or the folder that has the library. */
  readonly place: string;
}

/**
 * Installs a release of Chromium or a DOM library into the cache, unless it is there.
 * @param name of an engine; one of those that are looked for on this machine is refused
 * @throws ReleaseError if it cannot be had
 */
export async function installEngine(name: string, options: DomLibraryOptions): Promise<InstalledEngine> {
  const { family = name, release } = parseEngineName(name) ?? {};
  if (isDomFamily(family)) {
    const { installDomLibrary } = await import('../release/dom-library.ts');
    const { version, folder } = await installDomLibrary(family, release, options);
    return { family, version, place: folder };
  }
  if (release === undefined) throw new ReleaseError(`${name} is not installed from a registry`);
  const { installChromium } = await import('../release/chromium.ts');
  const { version, executable } = await installChromium(release, options);
  return { family, version, place: executable };
}
