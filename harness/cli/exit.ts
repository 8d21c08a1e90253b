/** The exit codes of every verb, and the errors that carry them. */

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
