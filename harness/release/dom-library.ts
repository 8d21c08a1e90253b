/** DOM libraries (jsdom, happy-dom) as engines: installed from npm into a folder of the cache, apart from any project. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import semver from 'semver';
import { cached } from './cache.ts';
import { npm } from './npm-command.ts';
import { npmTrouble } from './npm-manifest.ts';
import { ReleaseError } from './types.ts';

/** One that is installed. */
export interface DomLibrary {
  readonly version: string;
  /** The folder that has it in its node_modules. */
  readonly folder: string;
}

export interface DomLibraryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told in a few words what takes time. */
  readonly onProgress?: ((what: string) => void) | undefined;
}

const INSTALL = [
  'install',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--no-update-notifier',
  '--loglevel=error',
];

/**
 * Finds a library in the cache, or installs it there.
 * @param wanted a version or the beginning of one ("26"); left out, the newest release that runs on this Node
 * @throws ReleaseError if it cannot be had; the signal's reason
 */
export async function installDomLibrary(
  name: string,
  wanted: string | undefined,
  { signal, onProgress }: DomLibraryOptions = {},
): Promise<DomLibrary> {
  // npm itself passes over releases that ask for another Node, if it may choose.
  const spec = wanted ?? '*';
  const exact = semver.valid(spec) !== null;
  const asked = ['dom', name, spec, process.versions.node.split('.')[0]];
  const folder = await cached({ ecosystem: 'npm', exact, asked }, async into => {
    onProgress?.(`Installing ${name}${wanted === undefined ? '' : `@${wanted}`} …`);
    const ran = await npm([...INSTALL, '--prefix', into, `${name}@${spec}`], { cwd: into, signal });
    if (!ran.ok)
      throw new ReleaseError(`npm cannot install ${name}@${spec}: ${npmTrouble(ran.stderr, name)}`);
    await rm(join(into, 'package.json'), { force: true });
  });
  const manifest = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
  return { version: (JSON.parse(manifest) as { version: string }).version, folder };
}
