/** The command line as it is published, for tests that start it over and over: loading its sources takes seconds. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import { compileFolder } from './compile-folder.ts';

/** The variable that tells the tests where the program is; without it they start the one of the checkout. */
export const COMPILED = 'CORS_CONFORMANCE_TEST_COMMAND';

export interface CompiledCommand {
  /** The script for node. */
  readonly program: string;
  readonly remove: () => void;
}

/**
 * Compiles the package into a folder of this process, without types: those have been checked.
 * @throws what the compiler says
 */
export async function compileCommand(root: string, signal?: AbortSignal): Promise<CompiledCommand> {
  const { folder, remove } = compileFolder(root, 'command');
  mkdirSync(join(folder, 'harness'), { recursive: true });
  try {
    const build = join(root, 'harness', 'packaging', 'build.ts');
    const { ok, stdout, stderr } = await runCommand(
      [process.execPath, '--import', import.meta.resolve('tsx'), build, join(folder, 'dist'), '--no-types'],
      { cwd: root, ...(signal && { signal }) },
    );
    if (!ok) throw new Error(`The package cannot be compiled.\n${stdout}${stderr}`);
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
    const program = join(folder, 'harness', 'bootstrap.mjs');
    copyFileSync(join(root, 'harness', 'bootstrap.mjs'), program);
    return { program, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
