/** What can go wrong with the server under test. Messages are for the user as they stand. */

export type TargetFault = 'not-started' | 'exited' | 'not-ready' | 'crashed';

/** The target cannot be used; `fault` says in which way. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly fault: TargetFault;
  /** The last lines that it wrote. */
  readonly output: readonly string[];

  constructor(fault: TargetFault, message: string, output: readonly string[] = []) {
    super(
      output.length === 0
        ? message
        : `${message}\nIts last output:\n${output.map(line => `  ${line}`).join('\n')}`,
    );
    this.fault = fault;
    this.output = output;
  }
}
