/** The command line as it is published, for tests that start it over and over: loading its sources takes seconds. */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';

/** Inside the checkout, so that the packages are found from there. */
const CACHE = join('node_modules', '.cache', 'cors-conformance-tests');

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
  const cache = join(root, CACHE);
  removeStale(cache);
  const folder = join(cache, String(process.pid));
  const remove = () => rmSync(folder, { recursive: true, force: true });
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

/** A test run that was killed has left its folder. */
function removeStale(cache: string): void {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    try {
      process.kill(Number(name), 0);
    } catch {
      rmSync(join(cache, name), { recursive: true, force: true });
    }
  }
}
