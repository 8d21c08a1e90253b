/** npm itself. */
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type CommandResult, ProgramNotFoundError, runCommand } from '../process/command.ts';
import { madeCacheFolder } from './cache.ts';

/**
 * Runs npm. On Windows it is a script for the shell: there the one that came with Node is run directly.
 * @throws ProgramNotFoundError if there is no npm; ReleaseError if there is no folder for what it keeps
 */
export async function npm(
  args: readonly string[],
  given: Parameters<typeof runCommand>[1],
): Promise<CommandResult> {
  const options = { ...given, env: { ...ownCache(), ...given?.env } };
  const node = dirname(process.execPath);
  const cli = [join(node, 'node_modules'), join(node, '..', 'lib', 'node_modules')]
    .map(folder => join(folder, 'npm', 'bin', 'npm-cli.js'))
    .find(existsSync);
  const direct = cli === undefined ? null : [process.execPath, cli, ...args];
  if (process.platform === 'win32' && direct) return runCommand(direct, options);
  try {
    return await runCommand(['npm', ...args], options);
  } catch (error) {
    if (error instanceof ProgramNotFoundError && direct) return runCommand(direct, options);
    throw error;
  }
}

/** npm keeps what it downloads in the home folder; where that cannot be written to, it says no more than ENOENT. */
function ownCache(): Record<string, string> {
  if (Object.keys(process.env).some(name => name.toLowerCase() === 'npm_config_cache')) return {};
  try {
    accessSync(homedir(), constants.W_OK | constants.X_OK);
    return {};
  } catch {
    return { npm_config_cache: madeCacheFolder('npm') };
  }
}
