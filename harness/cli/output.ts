/** The two flags that every verb has, and where text goes under them. */
import type { Command } from 'commander';
import type { Io, TextOutput } from '../run/io.ts';

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a verb makes of them, as its help says it. */
interface OutputWords {
  /** The one JSON value on standard output. */
  readonly json: string;
  /** What is left of the text. */
  readonly quiet: string;
}

/** Adds `--json` and `--quiet`. */
export function addOutputOptions(command: Command, { json, quiet }: OutputWords): Command {
  return command
    .option('--json', `print one JSON value on standard output, and nothing else there: ${json}`)
    .option('-q, --quiet', `no progress; print only ${quiet}`);
}

const NOWHERE: TextOutput = { write: () => true };

/** Where progress goes, and what else is only for those who wait. */
export const progressOf = ({ stderr }: Pick<Io, 'stderr'>, { quiet }: OutputFlags): TextOutput =>
  quiet ? NOWHERE : stderr;

/** Says one line of progress. */
export const sayOf =
  (io: Pick<Io, 'stderr'>, flags: OutputFlags) =>
  (line: string): void =>
    void progressOf(io, flags).write(`${line}\n`);

/** Where text for people goes: with `--json`, standard output is the JSON's. */
export const peopleOutput = (
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  { json }: OutputFlags,
): TextOutput => (json ? stderr : stdout);

/** Prints the one JSON value. */
export function printJson({ stdout }: Pick<Io, 'stdout'>, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
