/** Starting one child process. Nothing else in the harness does: see tree.ts for how children are ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { openReopenablePipes, type ReopenablePipe } from './reopenable-pipe.ts';
import { releaseGroup, superviseGroup } from './supervisor.ts';

const WINDOWS = process.platform === 'win32';

export interface ChildOptions {
  readonly cwd?: string;
  /** The whole environment; this process's own if omitted. */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * What becomes of its output: `pipe` (to be read by the caller, the default), `reopenable` (the same, and it may open
   * `/dev/stdout` and `/dev/stderr`), `inherit` or `ignore`.
   */
  readonly output?: 'pipe' | 'reopenable' | 'inherit' | 'ignore';
  /** It also gets a pipe to write to, as file descriptor 3. */
  readonly extraPipe?: boolean;
}

export interface Child {
  readonly pid: number;
  /** As a message shows it. */
  readonly name: string;
  /** Its output, if it is piped. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** What it writes to file descriptor 3. */
  readonly extra: Readable | null;
  /** Resolves when it has ended, with words: "exited with code 1", "was ended by SIGKILL". */
  readonly ended: Promise<ChildEnd>;
  /** Resolves with the same when, besides, its output has been read to the end. */
  readonly closed: Promise<ChildEnd>;
  readonly running: boolean;
  /** Signals the process itself, not its group. */
  signal(name: NodeJS.Signals): void;
  /** True if any process of its group lives. */
  groupAlive(): boolean;
  /** Nothing is read from it any more, and it is no longer supervised. */
  release(): void;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** "exited with code 1", "was ended by SIGKILL". */
export function endWords({ code, signal }: ChildEnd): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

/** A command as a message shows it: the program without its folder. */
export function commandLine(command: string | readonly string[]): string {
  if (typeof command === 'string') return command;
  const [program = '', ...args] = command;
  return [program.replace(/^.*[\\/]/, ''), ...args].join(' ');
}

/**
 * Starts a program, or a line for the shell, in a process group of its own, without standard input.
 * @throws the spawn error, if it cannot be started; an Error that names the folder, if `cwd` does not exist
 */
export async function spawnChild(
  command: string | readonly string[],
  { cwd, env, output = 'pipe', extraPipe = false }: ChildOptions,
): Promise<Child> {
  if (cwd !== undefined && !existsSync(cwd)) throw new Error(`the folder ${cwd} does not exist`);
  const [program = '', ...args] = typeof command === 'string' ? [command] : command;
  const pipes = output === 'reopenable' ? await openReopenablePipes(2) : [];
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    ...(env && { env }),
    shell: typeof command === 'string',
    detached: !WINDOWS,
    windowsHide: true,
    stdio: ['ignore', ...outputs(output, pipes), ...(extraPipe ? (['pipe'] as const) : [])],
  });
  const streams = streamsOf(child, pipes);
  const { ended, closed } = endsOf(child, pipes);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', error => {
      for (const stream of streams) stream?.destroy();
      reject(error);
    });
  });
  const pid = child.pid as number;
  superviseGroup(pid);
  return {
    pid,
    name: commandLine(command),
    stdout: streams[0],
    stderr: streams[1],
    extra: streams[2],
    ended,
    closed,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    signal: name => void child.kill(name),
    groupAlive: () => (WINDOWS ? child.exitCode === null : groupAlive(pid)),
    release() {
      for (const stream of streams) stream?.destroy();
      releaseGroup(pid);
    },
  };
}

type Pipes = readonly ReopenablePipe[];

/** What standard output and standard error are. */
function outputs(wanted: NonNullable<ChildOptions['output']>, pipes: Pipes) {
  const usual = wanted === 'reopenable' ? 'pipe' : wanted;
  return [pipes[0]?.writer ?? usual, pipes[1]?.writer ?? usual];
}

/** What is read from it: standard output, standard error and the extra pipe. */
function streamsOf({ stdout, stderr, stdio }: ChildProcess, pipes: Pipes) {
  for (const pipe of pipes) closeSync(pipe.writer);
  const extra = (stdio[3] ?? null) as Readable | null;
  const streams = [pipes[0]?.reader ?? stdout, pipes[1]?.reader ?? stderr, extra] as const;
  for (const stream of streams) stream?.on('error', () => undefined);
  return streams;
}

function endsOf(child: ChildProcess, pipes: Pipes) {
  const until = (event: 'exit' | 'close') =>
    new Promise<ChildEnd>(resolve => child.once(event, (code, signal) => resolve({ code, signal })));
  const read = pipes.map(({ reader }) => finished(reader).catch(() => undefined));
  return { ended: until('exit'), closed: Promise.all([until('close'), ...read]).then(([end]) => end) };
}

function groupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process and its descendants on Windows. */
export function killTree(pid: number): void {
  spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => undefined);
}
