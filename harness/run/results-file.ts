/** Reads a results file that the user named. */
import { readFileSync } from 'node:fs';
import { BadRecordError, parseRecord } from '../../reports/json.ts';
import type { RunRecord } from '../verdict/record.ts';
import { CliError } from './exit.ts';

/** @throws CliError (usage) that says which file, what is wrong with it, and where */
export function readResults(path: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new CliError(`cannot read ${path}: ${why}; name a results.json that a run has written`);
  }
  try {
    return parseRecord(text);
  } catch (error) {
    if (error instanceof BadRecordError) throw new CliError(`${path}: ${error.message}`);
    throw error;
  }
}
