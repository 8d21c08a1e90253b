/** The texts of a script and of everything of its own that it consists of. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow, readText } from './files.ts';
import { goFiles } from './go.ts';
import { projectOf } from './projects.ts';
import { pythonFiles } from './pypi.ts';
import { importsOf } from './script-imports.ts';
import type { EcosystemName } from './types.ts';

/** A source that is larger is generated, and tells nothing about routes. */
const LARGEST = 512 * 1024;
const SETTINGS = /(?:^|\/)(?:\.env|application\.(?:properties|ya?ml))$/;
const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|json|ya?ml|toml)$/;

const FILES: Readonly<Record<EcosystemName, (script: string) => Promise<readonly string[]>>> = {
  npm: async script => (await importsOf(script)).files,
  pypi: pythonFiles,
  go: async script => goFiles(script),
  cargo: async script => filesBelow(projectOf(script, 'Cargo.toml') ?? dirname(script)) ?? [script],
  maven: async script => filesBelow(projectOf(script, 'pom.xml') ?? dirname(script)) ?? [script],
};

/**
 * @param script absolute path
 * @returns the script's text first; that alone if what it imports cannot be found out
 */
export async function sourcesOf(ecosystem: EcosystemName, script: string): Promise<readonly string[]> {
  const found = await FILES[ecosystem](script).catch(() => [script]);
  const settings = join(dirname(script), '.env');
  const files = [script, ...found, ...(existsSync(settings) ? [settings] : [])];
  return [...new Set(files)]
    .filter(file => file === script || SETTINGS.test(file) || CODE.test(file))
    .filter(
      file =>
        !/(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*)\.json$|pom\.xml$|Cargo\.(?:toml|lock)$/.test(file),
    )
    .filter(file => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) < LARGEST)
    .map(readText);
}
