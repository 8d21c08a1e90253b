/** The releases of a crate, as Cargo's own copy of the registry's index has them once it has looked for one. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import semver from 'semver';
import { runCommand } from '../process/command.ts';
import { cargoTrouble } from './cargo.ts';
import { readText } from './files.ts';
import { newFolder } from './folder.ts';
import { ReleaseError } from './types.ts';

/** @throws ReleaseError if the registry does not know the crate or cannot be reached */
export async function crateVersions(name: string, signal?: AbortSignal): Promise<string[]> {
  const { base, remove } = newFolder();
  try {
    mkdirSync(join(base, 'src'));
    writeFileSync(join(base, 'src', 'lib.rs'), '');
    const manifest = `[package]\nname = "versions"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${name} = "*"\n`;
    writeFileSync(join(base, 'Cargo.toml'), manifest);
    const ran = await runCommand(['cargo', 'generate-lockfile', '--quiet'], { cwd: base, signal });
    if (!ran.ok) throw new ReleaseError(`Cargo does not know ${name}: ${cargoTrouble(ran)}`);
  } finally {
    await remove();
  }
  const found = indexTexts(name).flatMap(versionsIn);
  if (found.length === 0)
    throw new ReleaseError(`The versions of ${name} are not in Cargo's copy of the index.`);
  return semver.sort([...new Set(found)]);
}

/** The files about a crate in every registry's index: "to/we/tower-http". */
function indexTexts(name: string): string[] {
  const home = process.env.CARGO_HOME || join(homedir(), '.cargo');
  const lower = name.toLowerCase();
  const folder =
    lower.length < 4
      ? join(String(lower.length), lower.length === 3 ? lower.slice(0, 1) : '')
      : join(lower.slice(0, 2), lower.slice(2, 4));
  const index = join(home, 'registry', 'index');
  try {
    return readdirSync(index).map(registry => readText(join(index, registry, '.cache', folder, lower)));
  } catch {
    return [];
  }
}

/** The versions that nobody has withdrawn. */
export const versionsIn = (text: string): string[] =>
  text
    .split('\0')
    .filter(entry => entry.startsWith('{') && !/"yanked":true/.test(entry))
    .flatMap(entry => /"vers":"([^"]+)"/.exec(entry)?.[1] ?? []);
