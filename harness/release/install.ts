/** Installs a release of a middleware apart, with the server script that uses it. */
import { statSync } from 'node:fs';
import { newFolder, type ReleaseFolder } from './folder.ts';
import { installGo } from './go.ts';
import { installNpm } from './npm.ts';
import { isPath, pathOf } from './package.ts';
import { installPypi } from './pypi.ts';
import {
  type EcosystemName,
  type InstallOptions,
  type Package,
  type Release,
  ReleaseError,
} from './types.ts';

type Install = (
  name: string,
  version: string,
  options: InstallOptions,
  folder: ReleaseFolder,
) => Promise<Omit<Release, 'remove' | 'base'>>;

const INSTALL: Readonly<Record<EcosystemName, Install>> = {
  npm: installNpm,
  pypi: installPypi,
  go: installGo,
};

/**
 * Installs one release into a temp folder of its own. The folder goes with remove(), at the latest at this process's
 * 'exit'. Whoever calls it turns signals into an abort or an exit: a signal that nobody handles ends the process
 * without either.
 * @param version a version as the registry knows it, or the path of a folder or an archive
 * @throws ReleaseError where it cannot be had; the signal's reason where it is aborted. Nothing is left behind then
 */
export async function installRelease(
  pkg: Package,
  version: string,
  options: InstallOptions,
): Promise<Release> {
  const { script, signal, onProgress } = options;
  signal?.throwIfAborted();
  if (!exists(script)) throw new ReleaseError(`There is no script ${script}.`);
  if (isPath(version) && !exists(pathOf(version)))
    throw new ReleaseError(`There is no package at ${pathOf(version)}.`);
  onProgress?.(`Installing ${pkg.name} ${version} …`);
  const folder = newFolder();
  try {
    const release = await INSTALL[pkg.ecosystem](pkg.name, version, options, folder);
    signal?.throwIfAborted();
    return { ...release, base: folder.base, remove: () => folder.remove() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
