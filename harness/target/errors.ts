/** What can go wrong with the server under test. Messages are for the user as they stand. */

import { redactText } from '../wire/redact.ts';

export type TargetFault = 'not-started' | 'exited' | 'not-ready' | 'crashed';

/** The target cannot be used; `fault` says in which way. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly fault: TargetFault;
  /** The last lines that it wrote. */
  readonly output: readonly string[];
  /** How its process ended: "exited with code 1". */
  readonly how?: string;

  constructor(fault: TargetFault, message: string, written: readonly string[] = [], how?: string) {
    // The stack of an error in a module goes through ours, which has no name but its whole source.
    const output = written.map(line =>
      line.replace(/data:text\/javascript;base64,[\w+/=]{40,}/g, 'cors-conformance'),
    );
    super(
      output.length === 0
        ? message
        : `${message}\nIts last output:\n${output.map(line => `  ${redactText(line)}`).join('\n')}`,
    );
    this.fault = fault;
    this.output = output;
    if (how !== undefined) this.how = how;
  }
}
