/** What a command reads from and writes to: the process's own streams, or a test's. */
import process from 'node:process';
import { Secrets } from '../wire/secrets.ts';

/** A stream that text is written to. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The terminal's width in characters. */
  readonly columns?: number | undefined;
}

export interface Io {
  /** What was asked for. */
  readonly stdout: TextOutput;
  /** Progress, warnings and errors. */
  readonly stderr: TextOutput;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
  /** The arguments after the command's name, as they were given. */
  readonly args: readonly string[];
  /** What must not be printed; verbs add to it what they read of secrets. */
  readonly secrets: Secrets;
  /** What the process ends with; verbs set it, 0 unless they do. */
  exitCode: number;
}

/** This process's streams and environment. */
export function processIo(args: readonly string[]): Io {
  const secrets = new Secrets();
  endQuietlyWithReader();
  return {
    stdout: withoutSecrets(process.stdout, secrets),
    stderr: withoutSecrets(process.stderr, secrets),
    stdin: process.stdin,
    env: process.env,
    args,
    secrets,
    exitCode: 0,
  };
}

let prepared = false;

/** Whoever reads the output may have had enough, as `head` does: that is no failure. */
function endQuietlyWithReader(): void {
  if (prepared) return;
  prepared = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** A stream on which the secrets that are known by then never appear. */
export function withoutSecrets(output: TextOutput, secrets: Secrets): TextOutput {
  return {
    write: text => output.write(secrets.hide(text)),
    ...(output.isTTY && { isTTY: true }),
    get columns() {
      return output.columns;
    },
  };
}

/** The command as records keep it. */
export const commandOf = (io: Io): string => `npx cors-conformance ${io.args.join(' ')}`;
