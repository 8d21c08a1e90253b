/**
 * Exact versions of packages in a folder that is kept: the cache of the gallery. It lies outside of any project, under
 * CORS_CONFORMANCE_CACHE or the user's cache folder, and one that is there is never changed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';
import { CommandError } from '../process/command.ts';
import { madeCacheFolder } from './cache.ts';
import { pinnedCargo } from './pinned-cargo.ts';
import { pinnedChromium } from './pinned-chromium.ts';
import { pinnedDebian } from './pinned-debian.ts';
import { pinnedGo } from './pinned-go.ts';
import { pinnedMaven } from './pinned-maven.ts';
import { pinnedNpm } from './pinned-npm.ts';
import { pinnedPypi } from './pinned-pypi.ts';
import { ReleaseError } from './types.ts';

/** Packages by exact version. */
export interface PinnedPackages {
  readonly ecosystem: string;
  readonly pins: Readonly<Record<string, string>>;
  /** Files of the package manager that say more than the pins do, such as a lock: their texts by name. */
  readonly manifests?: Readonly<Record<string, string>> | undefined;
}

export interface PinnedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told in a few words what takes time. */
  readonly onProgress?: ((what: string) => void) | undefined;
}

export interface PinnedInstall {
  /** Where they lie. Nothing may be written there. */
  readonly folder: string;
  /** Exact versions by name, as the packages themselves say it. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Puts packages into a folder that holds nothing but their manifests.
 * @returns their versions
 * @throws ReleaseError or CommandError if they cannot be had
 */
export type PinnedInstaller = (
  pins: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal | undefined,
  manifests: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, string>>>;

const INSTALLERS: Readonly<Record<string, PinnedInstaller>> = {
  crates: pinnedCargo,
  debian: pinnedDebian,
  go: pinnedGo,
  maven: pinnedMaven,
  npm: pinnedNpm,
  pypi: pinnedPypi,
  chromium: pinnedChromium,
};

const RECORD = 'versions.json';

/**
 * Finds the packages in the cache, or installs them there.
 * @throws ReleaseError if they cannot be had, with the reason; the signal's reason. Nothing half-installed is left
 */
export async function installPinned(
  packages: PinnedPackages,
  { signal, onProgress }: PinnedOptions = {},
): Promise<PinnedInstall> {
  const { ecosystem, pins, manifests } = packages;
  const install = INSTALLERS[ecosystem];
  if (!install) throw new ReleaseError(`Packages of ${ecosystem} cannot be installed here.`);
  const names = Object.keys(pins);
  const node = process.version.split('.')[0];
  const key = createHash('sha256').update(
    JSON.stringify(manifests ? [ecosystem, pins, node, manifests] : [ecosystem, pins, node]),
  );
  const label = (names[0] ?? 'none').replace(/[^a-zA-Z0-9.-]+/g, '-').replace(/^-/, '');
  const folder = join(cacheFolder(), ecosystem, `${label}-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(join(folder, RECORD))) {
    onProgress?.(`Installing ${names.map(name => `${name} ${pins[name]}`).join(', ')} …`);
    await fill(madeCacheFolder(ecosystem), folder, async temp => {
      for (const [name, text] of Object.entries(manifests ?? {})) await writeFile(join(temp, name), text);
      return install(pins, temp, signal, manifests ?? {});
    });
  }
  const versions = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Record<string, string>;
  return { folder, versions };
}

/** Two processes may do this at once: the folder appears as a whole, and the first one to finish wins. */
async function fill(
  parent: string,
  folder: string,
  install: (temp: string) => Promise<Readonly<Record<string, string>>>,
): Promise<void> {
  const temp = await mkdtemp(join(parent, '.installing-'));
  try {
    const versions = await install(temp);
    await writeFile(join(temp, RECORD), `${JSON.stringify(versions, null, 2)}\n`);
    await rename(temp, folder).catch(error => {
      if (!existsSync(join(folder, RECORD))) throw error;
    });
  } catch (error) {
    if (error instanceof CommandError) throw new ReleaseError(error.message);
    throw error;
  } finally {
    await rm(temp, { recursive: true, force: true, maxRetries: 5 });
  }
}
