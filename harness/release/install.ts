/** Installs a release of a package apart, with the server script that uses it. */
import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { installCargo } from './cargo.ts';
import { newFolder, type ReleaseFolder } from './folder.ts';
import { gitSource } from './git-source.ts';
import { installGo } from './go.ts';
import { installMaven } from './maven.ts';
import { installNpm } from './npm.ts';
import { isPath, localPath } from './package.ts';
import { installPypi } from './pypi.ts';
import {
  type EcosystemName,
  type Installed,
  type InstallOptions,
  type Package,
  type Release,
  ReleaseError,
  type ReleaseSource,
} from './types.ts';

type Install = (
  name: string,
  source: ReleaseSource,
  options: InstallOptions,
  folder: ReleaseFolder,
) => Promise<Installed>;

const INSTALL: Readonly<Record<EcosystemName, Install>> = {
  npm: installNpm,
  pypi: installPypi,
  go: installGo,
  cargo: installCargo,
  maven: installMaven,
};

/** Their packages are kept: they say by themselves when there is something to install. */
const CACHED: ReadonlySet<EcosystemName> = new Set<EcosystemName>(['npm', 'pypi', 'cargo']);

/**
 * Installs one release into a temp folder of its own. The folder goes with remove(), at the latest at this process's
 * 'exit'. Whoever calls it turns signals into an abort or an exit: a signal that nobody handles ends the process
 * without either.
 * @param version a version, range or tag as the registry knows it; the path of a folder or an archive; or git:REF, for
 *   a commit of the checkout that the process runs in
 * @throws ReleaseError if it cannot be had; the signal's reason if it is aborted. Nothing is left behind then
 */
export async function installRelease(
  pkg: Package,
  version: string,
  options: InstallOptions,
): Promise<Release> {
  const { script, signal, onProgress } = options;
  signal?.throwIfAborted();
  if (!kindOf(script)) throw new ReleaseError(`There is no script ${script}.`);
  const folder = newFolder();
  try {
    const { source, label } = await sourceOf(pkg, version, folder);
    const onInstall = () => onProgress?.(`Installing ${pkg.name} ${version} …`);
    if (!CACHED.has(pkg.ecosystem)) onInstall();
    const release = await INSTALL[pkg.ecosystem](pkg.name, source, { ...options, onInstall }, folder);
    signal?.throwIfAborted();
    return { ...release, label: label(release.version), base: folder.base, remove: () => folder.remove() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

interface NamedSource {
  readonly source: ReleaseSource;
  /** @param version what the package says that it is */
  readonly label: (version: string) => string;
}

async function sourceOf(pkg: Package, given: string, { temp }: ReleaseFolder): Promise<NamedSource> {
  // A tag as npm writes it behind a name: @next.
  const version = given.replace(/^@(?=.)/, '');
  const [, ref] = /^git:(.+)$/.exec(version) ?? [];
  if (ref !== undefined) {
    const { folder, commit, checkout } = await gitSource(pkg, ref, process.cwd(), temp);
    const label = (own: string) => `git:${ref} (${[commit, own].filter(one => one !== ref).join(', ')})`;
    return { source: { kind: 'folder', folder, checkout, ours: true }, label };
  }
  if (!isPath(version) && !isWorkspace(version))
    return {
      source: { kind: 'registry', version },
      label: own => (plainVersion(own) === plainVersion(version) ? own : `${own} (${version})`),
    };
  const path = localPath(version);
  const kind = kindOf(path);
  if (!kind) throw new ReleaseError(`There is no package at ${path}.`);
  if (kind === 'file')
    return { source: { kind: 'archive', path }, label: own => `${basename(path)} (${own})` };
  return {
    source: { kind: 'folder', folder: path, checkout: path, ours: false },
    label: own => (own === version || own === '' ? 'working tree' : `working tree (${own})`),
  };
}

const plainVersion = (version: string): string => version.replace(/^[v=]+/, '').replace(/\+.*$/, '');

/** A folder of a monorepo, written without "./": npm would take it for a repository at GitHub. */
const isWorkspace = (version: string): boolean =>
  version.includes('/') &&
  ['package.json', 'pyproject.toml', 'setup.py', 'go.mod', 'Cargo.toml', 'pom.xml'].some(
    manifest => kindOf(join(resolve(version), manifest)) === 'file',
  );

function kindOf(path: string): 'file' | 'folder' | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  return stat.isDirectory() ? 'folder' : 'file';
}
