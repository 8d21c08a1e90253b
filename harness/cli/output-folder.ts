/** The folder that a verb writes its records and reports into. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REPORTS } from '../process/reports-folder.ts';
import { CliError } from '../run/exit.ts';
import { makeFolder, WriteError } from '../run/write-files.ts';

/**
 * The folder for results: as named, else as the environment says, else cors-report.
 * @throws CliError where results cannot be written there: that is found out before any work
 */
export function outputFolder(named: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const out = resolve(named ?? env.CORS_CONFORMANCE_OUT ?? REPORTS);
  requireWritable(out);
  return out;
}

/** Whether a folder is the root of a Git repository whose .gitignore does not name the folder of the reports. */
export function wouldBeCommitted(folder: string): boolean {
  if (!existsSync(join(folder, '.git'))) return false;
  const file = join(folder, '.gitignore');
  return !existsSync(file) || !readFileSync(file, 'utf8').includes(REPORTS);
}

function requireWritable(dir: string): void {
  try {
    makeFolder(dir);
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const why =
      error instanceof WriteError ? error.message : `${dir} is read-only; choose another folder with --out`;
    throw new CliError(`--out: results cannot be written: ${why}`);
  }
}
