/** Python packages of exact versions, in a folder `site` for PYTHONPATH: unlike a virtual environment it can be moved. */
import { join } from 'node:path';
import type { PinnedInstaller } from './pinned.ts';
import { runPython } from './pypi.ts';
import { pipTrouble } from './requirements.ts';
import { ReleaseError } from './types.ts';

const INSTALL = [
  '-m',
  'pip',
  'install',
  '--quiet',
  '--no-input',
  '--disable-pip-version-check',
  '--no-compile',
];

export const pinnedPypi: PinnedInstaller = async (pins, folder, signal) => {
  const wanted = Object.entries(pins).map(([name, version]) => `${name}==${version}`);
  const args = [...INSTALL, '--target', join(folder, 'site'), ...wanted];
  const ran = await runPython(args, { cwd: folder, signal });
  const [first = ''] = Object.keys(pins);
  if (!ran.ok) throw new ReleaseError(`pip cannot install ${wanted[0]}: ${pipTrouble(ran.stderr, first)}`);
  return pins;
};
