/** npm packages of exact versions, without running what they bring along. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm-command.ts';
import { npmTrouble } from './npm-manifest.ts';
import type { PinnedInstaller } from './pinned.ts';
import { ReleaseError } from './types.ts';

const INSTALL = [
  'install',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
];

export const pinnedNpm: PinnedInstaller = async (pins, folder, signal) => {
  const manifest = { private: true, type: 'module', dependencies: pins };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const ran = await npm([...INSTALL, '--prefix', folder], { cwd: folder, signal });
  const [first = ''] = Object.keys(pins);
  if (!ran.ok) throw new ReleaseError(`npm cannot install ${first}: ${npmTrouble(ran.stderr, first)}`);
  const read = async (name: string): Promise<string> => {
    const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  };
  return Object.fromEntries(
    await Promise.all(Object.keys(pins).map(async name => [name, await read(name)] as const)),
  );
};
