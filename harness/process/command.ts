/** One command, run to its end: bounded, and gone when nobody waits for it any more. */
import { spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Child, type ChildEnd, commandLine, endWords } from './child.ts';
import { newTree } from './tree.ts';

const LIMIT_MS = 5 * 60_000;
/** Characters of each stream that are kept. */
const KEPT = 32 * 1024 * 1024;

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
  /** Called with what it writes, while it writes. */
  readonly onOutput?: (text: string) => void;
}

export interface CommandResult {
  readonly ok: boolean;
  /** How it ended, in words: "exited with code 1". */
  readonly end: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that could not be started, or that was stopped at its time limit. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The program is not on this machine. */
export class ProgramNotFoundError extends CommandError {
  override readonly name = 'ProgramNotFoundError';
}

/**
 * Runs a command and waits for its end, which may be a failure.
 * @throws ProgramNotFoundError if there is no such program; CommandError after the time limit; the signal's reason. The
 *   command and all that it started have been ended then
 */
export async function runCommand(
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env, signal, limitMs = LIMIT_MS, onOutput } = options;
  signal?.throwIfAborted();
  const tree = newTree();
  let late = false;
  let stopped: () => void = () => undefined;
  const gaveUp = new Promise<void>(resolve => {
    stopped = resolve;
  });
  const stop = () => void tree.end(0).then(stopped);
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, limitMs);
  signal?.addEventListener('abort', stop);
  try {
    const child = await tree.start(command, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env },
    });
    const stdout = collect(child.stdout, onOutput);
    const stderr = collect(child.stderr, onOutput);
    const end = (await Promise.race([ended(child), gaveUp])) ?? KILLED;
    signal?.throwIfAborted();
    if (late)
      throw new CommandError(`${commandLine(command)}: timed out after ${Math.round(limitMs / 1_000)} s`);
    return { ok: end.code === 0, end: endWords(end), stdout: stdout(), stderr: stderr() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new ProgramNotFoundError(`There is no ${command[0]} on this machine, or it is not in PATH.`);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await tree.end(0);
  }
}

const KILLED: ChildEnd = { code: null, signal: 'SIGKILL' };

/** What it has left in the background may hold its output open; that is not waited for. */
async function ended(child: Child) {
  const end = await child.ended;
  await Promise.race([child.closed, new Promise(resolve => setTimeout(resolve, 500).unref())]);
  return end;
}

/** Reads a stream; @returns how to get what it said so far. */
function collect(stream: Readable | null, onOutput?: (text: string) => void): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < KEPT) text += chunk;
    onOutput?.(chunk);
  });
  return () => text;
}

/**
 * What a command prints on its standard output, trimmed; undefined if it fails, is not there, or takes over
 * `limitMs` (5 s by default).
 */
export async function outputOf(
  command: readonly string[],
  options: CommandOptions = {},
): Promise<string | undefined> {
  try {
    const { ok, stdout } = await runCommand(command, { limitMs: 5_000, ...options });
    return ok ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The same for a command that ends at once, waited for without giving way to other work. */
export function outputAtOnce(command: readonly string[], cwd: string): string | undefined {
  const [program = '', ...args] = command;
  const ran = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: 5_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return ran.status === 0 ? ran.stdout.trim() : undefined;
}
