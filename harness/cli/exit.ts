/** The exit codes of every verb, and the errors that carry them. */
import type { Finding } from '../verdict/finding.ts';
import type { RunRecord } from '../verdict/record.ts';

export const EXIT = {
  expected: 0,
  unexpected: 1,
  usage: 2,
  target: 3,
  harness: 4,
  nothingSelected: 5,
  interrupted: 130,
} as const;

/**
 * An error whose message is meant for the user as it stands: one line that says what is wrong, where, and what
 * to do next. The command line prints it without a stack and ends with its code.
 */
export class CliError extends Error {
  readonly code: number;

  /** @param code one of EXIT; usage where omitted */
  constructor(message: string, code: number = EXIT.usage) {
    super(message);
    this.name = 'CliError';
    this.code = code;
  }
}

/**
 * What a record of `verify` says about a server: a finding that nobody has accepted, else trouble, else success.
 * Results that are not as expected do not count by themselves: where they are the server's fault, they are found.
 *
 * @param options.strict warnings count too
 * @param options.demanded every engine must have run, not just one
 */
export function codeOfFindings(
  record: RunRecord,
  options: { readonly strict?: boolean; readonly demanded: boolean },
): number {
  const counts = ({ accepted, severity }: Finding) =>
    !accepted && (severity === 'error' || (options.strict === true && severity === 'warning'));
  if (record.findings?.some(counts)) return EXIT.unexpected;
  const trouble = record.results.some(result => result.verdict === 'harness-error');
  const absent = record.engines.filter(engine => engine.notRun !== undefined).length;
  const enough = options.demanded ? absent === 0 : absent < record.engines.length;
  return trouble || !enough ? EXIT.harness : EXIT.expected;
}
