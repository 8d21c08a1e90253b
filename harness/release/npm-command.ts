/** npm itself. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type CommandResult, ProgramNotFoundError, runCommand } from '../process/command.ts';

/**
 * Runs npm. On Windows it is a script for the shell: there the one that came with Node is run directly.
 * @throws ProgramNotFoundError if there is no npm
 */
export async function npm(
  args: readonly string[],
  options: Parameters<typeof runCommand>[1],
): Promise<CommandResult> {
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
