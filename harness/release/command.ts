/** One command of a package manager: bounded, and gone when nobody waits for it any more. */
import { execFile, spawn } from 'node:child_process';
import { ReleaseError } from './types.ts';

const WINDOWS = process.platform === 'win32';
const LIMIT_MS = 5 * 60_000;
/** Milliseconds in which what was killed lets go of its output. */
const KILLED_MS = 2_000;

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program is not on this machine. */
export class NoProgram extends ReleaseError {}

/**
 * Runs a command in a process group of its own and waits for its end, which may be a failure.
 * @throws NoProgram where there is no such program; ReleaseError after the time limit; the signal's reason. The group
 *   has been killed then
 */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<Ran> {
  const { cwd, env, signal, limitMs = LIMIT_MS } = options;
  signal?.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    detached: !WINDOWS,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => {
    try {
      if (child.pid === undefined) return;
      if (WINDOWS) execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => undefined);
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  };
  let late = false;
  let release: NodeJS.Timeout | undefined;
  let stop: () => void = () => undefined;
  const chunks = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      chunks[name] += text;
    });
  }
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, limitMs);
  // First of all that happens on exit: folders can be removed only when nobody writes to them any more.
  process.prependListener('exit', kill);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      stop = () => {
        kill();
        release ??= setTimeout(() => resolve(null), KILLED_MS);
      };
      signal?.addEventListener('abort', stop);
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    if (late)
      throw new ReleaseError(
        `${shown(command)}: stopped after ${Math.round(limitMs / 1_000)} s without an end.`,
      );
    return { ok: code === 0, ...chunks };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new NoProgram(`There is no ${program} on this machine, or it is not in PATH.`);
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(release);
    signal?.removeEventListener('abort', stop);
    process.off('exit', kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** A command as a message shows it. */
export function shown(command: readonly string[]): string {
  const [program = '', ...args] = command;
  return [program.replace(/^.*[\\/]/, ''), ...args].join(' ');
}
