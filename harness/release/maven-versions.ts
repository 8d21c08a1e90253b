/** The releases of a Maven artifact, as the repository's own list names them. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import { readText } from './files.ts';
import { mavenTrouble } from './maven.ts';
import { ReleaseError } from './types.ts';

/** @throws ReleaseError if the repository does not know the artifact or cannot be reached */
export async function artifactVersions(name: string, signal?: AbortSignal): Promise<string[]> {
  const [group = '', artifact = ''] = name.split(':');
  const ran = await runCommand(
    ['mvn', '-B', '-q', '-U', 'dependency:get', `-Dartifact=${name}:RELEASE`, '-Dtransitive=false'],
    { signal },
  );
  const folder = join(homedir(), '.m2', 'repository', ...group.split('.'), artifact);
  const found = listsIn(folder).flatMap(listedVersions);
  if (found.length === 0) throw new ReleaseError(`Maven does not know ${name}: ${mavenTrouble(ran)}`);
  return [...new Set(found)];
}

function listsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(file => /^maven-metadata-.*\.xml$/.test(file))
      .map(file => readText(join(folder, file)));
  } catch {
    return [];
  }
}

/** In the repository's order, which is that of their publication as a rule. */
export const listedVersions = (metadata: string): string[] =>
  [...metadata.matchAll(/<version>([^<]+)<\/version>/g)].map(([, version = '']) => version.trim());
