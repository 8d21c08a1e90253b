/** The suites of a run: those of this project or those of the case files, cut down to the selection. */
import { CaseError, checkSuite } from '../case/check.ts';
import type { Suite } from '../case/schema.ts';
import { select } from '../case/select.ts';
import { type RunOptions, runOptions } from './options.ts';
import { readTextFile } from './text-file.ts';

/** Reads a case file: a suite, or a list of them as `list --json` prints it. @throws CaseError that names file, case and path */
function readCaseFile(file: string): Suite[] {
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    throw new CaseError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CaseError(`${file}: is not JSON: ${(error as Error).message}`);
  }
  return (Array.isArray(value) ? value : [value]).map(one => checkSuite(one, file));
}

/** Reads all case files; two of them may not declare the same suite. @throws CaseError */
function readCaseFiles(files: readonly string[]): Suite[] {
  const read = files.flatMap(file => readCaseFile(file).map(suite => ({ file, suite })));
  for (const [i, { file, suite }] of read.entries()) {
    const first = read.findIndex(other => other.suite.id === suite.id);
    if (first < i)
      throw new CaseError(`${file}: id: the suite "${suite.id}" is already declared by ${read[first]?.file}`);
  }
  return read.map(({ suite }) => suite);
}

/** The suites of the run's case files; none if it runs the built-in ones. @throws CaseError for a bad case file */
export const caseFileSuites = ({ caseFiles }: RunOptions): Suite[] =>
  caseFiles ? readCaseFiles(caseFiles) : [];

/** All suites that a run chooses from. They are loaded only when this is called. @throws CaseError for a bad case file */
export const allSuites = async (options: RunOptions = runOptions()): Promise<readonly Suite[]> =>
  options.caseFiles ? readCaseFiles(options.caseFiles) : (await import('../../suites/index.ts')).suites;

/** The suites this run is about, in order. @throws CaseError for a bad case file */
export function selectedSuites(builtIn: readonly Suite[], options: RunOptions = runOptions()): Suite[] {
  const suites = options.caseFiles ? readCaseFiles(options.caseFiles) : builtIn;
  return select(suites, {
    ...(options.only && { only: options.only }),
    ...(options.skip && { skip: options.skip }),
    ...(options.slow !== undefined && { slow: options.slow }),
    ...(options.shard && { shard: options.shard }),
    ...(options.shuffle !== undefined && { shuffle: options.shuffle }),
  });
}
