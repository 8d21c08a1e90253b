/** Reads a results file that the user named. */
import { readFileSync } from 'node:fs';
import { BadRecordError, parseRecord } from '../../reports/json.ts';
import type { RunRecord } from '../verdict/record.ts';
import { CliError } from './exit.ts';

/** By the system's code. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  ERR_STRING_TOO_LONG: 'it is larger than 512 MB, and no more can be read',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB, and no more can be read',
};

/** @throws CliError (usage) that says which file, what is wrong with it, and where */
export function readResults(path: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
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
