/** One bounded command of the set-up. */

import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and everything it started are killed. */
  readonly limitMs: number;
  /** Takes a sign of life every few seconds. */
  readonly log: (line: string) => void;
}

/**
 * Runs a command that has nobody to ask: no standard input, no dialogs of Debian's.
 * @returns what went wrong, in words; undefined when nothing did. Never rejects
 */
export function runCommand(command: readonly string[], options: CommandOptions): Promise<string | undefined> {
  const { env, limitMs, log } = options;
  const [program = '', ...args] = command;
  return new Promise(resolve => {
    const child = spawn(program, args, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' },
      // A process group of its own, so that the time limit ends the helpers of apt and npm as well.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = () => {
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, limitMs);
    process.once('exit', kill);
    const started = Date.now();
    let shown = 0;
    let last = '';
    const onOutput = (chunk: Buffer) => {
      const lines = chunk
        .toString()
        .split(/[\r\n]+/)
        .filter(line => line.trim() !== '');
      last = lines.at(-1) ?? last;
      // A sign of life every few seconds; the rest of what package managers say helps nobody.
      if (Date.now() - shown < 3_000) return;
      shown = Date.now();
      log(`  ${Math.round((Date.now() - started) / 1_000)} s: ${last.trim().slice(0, 100)}`);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    const settle = (failure: string | undefined) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve(late ? `stopped after ${Math.round(limitMs / 1_000)} s` : failure);
    };
    child.once('error', error => settle(error.message));
    child.once('close', (code, signal) => {
      settle(
        code === 0 ? undefined : `failed (${signal ?? `exit ${code}`})${last ? `: ${last.trim()}` : ''}`,
      );
    });
  });
}
