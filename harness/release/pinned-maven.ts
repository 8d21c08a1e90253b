/** Maven artifacts of exact versions: their jars, with those that they depend on, in a folder `lib`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import { mavenTrouble } from './maven.ts';
import type { PinnedInstaller } from './pinned.ts';
import { ReleaseError } from './types.ts';

const COPY = ['dependency:copy-dependencies', '-DoutputDirectory=lib'];

/**
 * pom.xml says what is needed; its parent or BOM says which versions. If it says how to build, it is built once here,
 * so that Maven has what its plugins need.
 */
export const pinnedMaven: PinnedInstaller = async (pins, folder, signal, manifests) => {
  const goals = manifests['pom.xml']?.includes('<build>') ? ['package', ...COPY] : COPY;
  const ran = await runCommand(['mvn', '-B', '-q', '-ntp', ...goals], {
    cwd: folder,
    limitMs: 15 * 60_000,
    signal,
  });
  if (!ran.ok) throw new ReleaseError(`Maven cannot get ${Object.keys(pins)[0]}: ${mavenTrouble(ran)}`);
  for (const [name, version] of Object.entries(pins)) {
    const [, artifact = name] = name.split(':');
    if (!existsSync(join(folder, 'lib', `${artifact}-${version}.jar`)))
      throw new ReleaseError(`pom.xml does not come to ${name} ${version}.`);
  }
  return pins;
};
