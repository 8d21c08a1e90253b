/** Runs the command line in this process: a test need not start Node to read what it says. */
import { Readable } from 'node:stream';
import { type Io, withoutSecrets } from '../run/io.ts';
import { Secrets } from '../wire/secrets.ts';
import { main } from './main.ts';
import type { Ended } from './spawn.test-support.ts';

/**
 * Runs `cors-conformance ARGS` to its end and collects what it writes.
 * @param options.env instead of this process's environment
 * @param options.stdin what is piped in
 */
export async function inProcess(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: string } = {},
): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  const secrets = new Secrets();
  const output = (name: keyof typeof text) =>
    withoutSecrets(
      {
        write: chunk => {
          text[name] += chunk;
        },
      },
      secrets,
    );
  const { CI: _ci, FORCE_COLOR: _color, ...inherited } = process.env;
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: Readable.from([options.stdin ?? '']) as NodeJS.ReadStream,
    env: options.env ?? inherited,
    args,
    secrets,
    exitCode: 0,
  };
  return { code: await main(args, io), ...text };
}
