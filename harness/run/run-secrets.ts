/** What of a run's cases is secret. */
import type { Suite } from '../case/schema.ts';
import { secretsIn } from '../verdict/redact.ts';
import { Secrets } from '../wire/secrets.ts';
import type { RunOptions } from './options.ts';

/**
 * The values of headers and parameters that case files call secret by their names. The built-in suites have none:
 * their tokens are made up, and evidence.
 *
 * @returns false if everything is to be kept as it was seen
 */
export function secretsOfRun(
  suites: readonly Suite[],
  options: Pick<RunOptions, 'caseFiles' | 'keepCredentials'>,
): Secrets | false {
  if (options.keepCredentials) return false;
  return options.caseFiles ? secretsIn(suites) : new Secrets();
}
