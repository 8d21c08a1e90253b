/** What several verbs read from their flags in the same way. */
import { readFileSync } from 'node:fs';
import { type Baseline, BaselineError, parseBaseline } from '../verdict/baseline.ts';
import { CliError } from './exit.ts';

/** Collects a flag that may be repeated and that takes several values by comma. */
export const list = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(',').filter(Boolean),
];

/** @throws CliError for a baseline that cannot be read or is none */
export function readBaselineFile(file: string): Baseline {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CliError(`--baseline: ${file} cannot be read; verify --update-baseline writes one`);
  }
  try {
    return parseBaseline(text, file);
  } catch (error) {
    if (error instanceof BaselineError) throw new CliError(error.message);
    throw error;
  }
}
