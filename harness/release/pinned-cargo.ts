/** Crates of exact versions, compiled once: a folder `deps` that rustc links servers with, without asking Cargo again. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import { cargoTrouble } from './cargo.ts';
import type { PinnedInstaller } from './pinned.ts';
import { ReleaseError } from './types.ts';

const BUILD_MS = 15 * 60_000;

/** Cargo.toml says which features, Cargo.lock which versions, also of what the crates depend on. */
export const pinnedCargo: PinnedInstaller = async (pins, folder, signal, manifests) => {
  const versions = lockedVersions(manifests['Cargo.lock'] ?? '');
  for (const [name, version] of Object.entries(pins))
    if (versions[name] !== version)
      throw new ReleaseError(`Cargo.lock has ${name} ${versions[name] ?? 'not at all'}, not ${version}.`);
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src', 'main.rs'), 'fn main() {}\n');
  const ran = await runCommand(['cargo', 'build', '--locked', '--quiet', '--target-dir', 'target'], {
    cwd: folder,
    env: { CARGO_TERM_COLOR: 'never', CARGO_INCREMENTAL: '0', CARGO_PROFILE_DEV_DEBUG: '0' },
    limitMs: BUILD_MS,
    signal,
  });
  if (!ran.ok) throw new ReleaseError(`Cargo cannot build ${Object.keys(pins)[0]}: ${cargoTrouble(ran)}`);
  await rename(join(folder, 'target', 'debug', 'deps'), join(folder, 'deps'));
  await rm(join(folder, 'target'), { recursive: true, force: true });
  return pins;
};

/** The versions of a Cargo.lock by name; of several versions of one crate the last. */
export function lockedVersions(lock: string): Readonly<Record<string, string>> {
  const found = lock.matchAll(/^name = "([^"]+)"\r?\nversion = "([^"]+)"/gm);
  return Object.fromEntries([...found].map(([, name = '', version = '']) => [name, version]));
}
