/** Go modules of exact versions: a module that requires them, whose go.mod and go.sum a server is built with. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import type { PinnedInstaller } from './pinned.ts';
import { ReleaseError } from './types.ts';

export const pinnedGo: PinnedInstaller = async (pins, folder, signal) => {
  // With all their packages: go.sum then names what each of them needs.
  const wanted = Object.entries(pins).map(([name, version]) => `${name}/...@v${version}`);
  await writeFile(join(folder, 'go.mod'), 'module gallery\n\ngo 1.22\n');
  const ran = await runCommand(['go', 'get', ...wanted], { cwd: folder, signal });
  const said = ran.stderr.trim().split('\n').at(-1);
  if (!ran.ok) throw new ReleaseError(`go cannot get ${Object.keys(pins)[0]}: ${said}`);
  return pins;
};
