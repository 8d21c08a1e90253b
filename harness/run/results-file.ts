/** Reads a results file that the user named, itself or by the folder that a run has written. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BadRecordError, parseRecord } from '../../reports/json.ts';
import type { RunRecord } from '../verdict/record.ts';
import { CliError } from './exit.ts';
import { readTextFile } from './text-file.ts';

/** By the system's code. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  ERR_STRING_TOO_LONG: 'it is larger than 512 MB, and no more can be read',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB, and no more can be read',
};

/** Bytes of which a file takes long enough to read that one wonders. */
const LARGE = 30_000_000;

/** The results file that is meant: that of a folder, if it is one. It need not be there. */
export const resultsIn = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'results.json') : path;

/**
 * @param given a results file, or the folder that it is in
 * @param say is told of a large one before it is read
 * @throws CliError (usage) that says which file, what is wrong with it, and where
 */
export function readResults(given: string, say?: (line: string) => void): RunRecord {
  const path = resultsIn(given);
  let text: string;
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > LARGE) say?.(`Reading ${path} (${Math.round(bytes / 1_000_000)} MB) …`);
  try {
    text = readTextFile(path);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    const why = WHY[code] ?? code;
    throw new CliError(`cannot read ${path}: ${why}; name a results.json that a run has written`);
  }
  try {
    return parseRecord(text);
  } catch (error) {
    if (error instanceof BadRecordError) throw new CliError(`${path}: ${error.message}`);
    throw error;
  }
}
