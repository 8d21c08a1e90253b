/** Programs of this machine: nothing is installed, the versions are the system's. */
import { ProgramNotFoundError, runCommand } from '../process/command.ts';
import type { PinnedInstaller } from './pinned.ts';
import { ReleaseError } from './types.ts';

const notInstalled = (name: string): ReleaseError =>
  new ReleaseError(`${name} is not installed here: apt-get install ${name}`);

/** The value of a pin is the command that prints the program's version, its words separated by blanks. */
export const pinnedDebian: PinnedInstaller = async (pins, _folder, signal) => {
  const versions: Record<string, string> = {};
  for (const [name, command] of Object.entries(pins)) {
    try {
      const { ok, stdout, stderr } = await runCommand(command.split(' '), { signal });
      // dpkg-query succeeds for a package that it only knows of, and says no version.
      const version = /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0];
      if (!ok || version === undefined) throw notInstalled(name);
      versions[name] = version;
    } catch (error) {
      if (!(error instanceof ProgramNotFoundError)) throw error;
      throw notInstalled(name);
    }
  }
  return versions;
};
