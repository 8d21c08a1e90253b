/** One bounded command of the set-up. */
import { CommandError, runCommand } from './command.ts';

export interface SetUpCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and everything it started are killed. */
  readonly limitMs: number;
  /** Takes a sign of life every few seconds. */
  readonly log: (line: string) => void;
}

const SIGN_OF_LIFE_MS = 3_000;

/**
 * Runs a command that cannot ask anybody anything: no standard input, no dialogs of Debian's.
 * @returns what went wrong, in words; undefined if nothing did. Never rejects
 */
export async function runSetUpCommand(
  command: readonly string[],
  { env, limitMs, log }: SetUpCommandOptions,
): Promise<string | undefined> {
  const started = performance.now();
  let shown = Number.NEGATIVE_INFINITY;
  let last = '';
  const onOutput = (text: string) => {
    const lines = text.split(/[\r\n]+/).filter(line => line.trim() !== '');
    last = lines.at(-1)?.trim() ?? last;
    // The rest of what package managers say is no help.
    if (performance.now() - shown < SIGN_OF_LIFE_MS) return;
    shown = performance.now();
    log(`  ${Math.round((performance.now() - started) / 1_000)} s: ${last.slice(0, 100)}`);
  };
  try {
    const { ok, end } = await runCommand(command, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' },
      limitMs,
      onOutput,
    });
    return ok ? undefined : `${end}${last ? `: ${last}` : ''}`;
  } catch (error) {
    return error instanceof CommandError ? error.message : String((error as Error).message);
  }
}
