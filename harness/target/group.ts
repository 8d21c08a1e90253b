/**
 * A process group of our own: started apart, stopped as a whole, and stopped also when this process dies.
 * On Windows there are no groups; there the process's tree is ended by taskkill.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Output } from './output.ts';

const WINDOWS = process.platform === 'win32';

export interface GroupOptions {
  /** A line for the shell, or a program and its arguments. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopMs: number;
}

export interface Group {
  readonly pid: number;
  readonly output: Output;
  /** Resolves with words for its end: "exited with code 1". */
  readonly ended: Promise<string>;
  /** False once the first process has ended. */
  readonly running: boolean;
  /** Ends every process of the group. Idempotent. */
  stop(): Promise<void>;
}

/** Signals a whole group; false where nothing of it is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits on its standard input, a pipe that this process holds open and never writes to. When this process is gone, however it went, the pipe
 * closes, and the group is ended.
 */
const WATCHDOG =
  'read -r line; kill -s TERM -- "-$1" 2>/dev/null; sleep "$2"; kill -s KILL -- "-$1" 2>/dev/null';

function watch(pid: number, stopMs: number): ChildProcess | null {
  if (WINDOWS) return null;
  const dog = spawn(
    '/bin/sh',
    ['-c', WATCHDOG, 'cors-conformance-watchdog', String(pid), String(stopMs / 1000)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  dog.on('error', () => undefined);
  dog.stdin?.on('error', () => undefined);
  dog.unref();
  (dog.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return dog;
}

/**
 * Starts a command in a group of its own.
 * @throws the spawn error (ENOENT and the like) where it cannot be started
 */
export async function startGroup({ command, cwd, env, stopMs }: GroupOptions): Promise<Group> {
  const options = {
    cwd,
    env,
    detached: !WINDOWS,
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
  };
  const [program, ...args] = typeof command === 'string' ? [command] : command;
  const child = spawn(program as string, args, { ...options, shell: typeof command === 'string' });
  const output = new Output();
  output.follow(child.stdout);
  output.follow(child.stderr);
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  const dog = watch(pid, stopMs);
  const onExit = () => signalGroup(pid, 'SIGKILL');
  process.once('exit', onExit);
  let stopping: Promise<void> | undefined;
  return {
    pid,
    output,
    ended,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    stop() {
      stopping ??= (async () => {
        if (WINDOWS) await new Promise(done => execFile('taskkill', ['/pid', String(pid), '/T', '/F'], done));
        else await endGroup(pid, stopMs);
        dog?.kill('SIGKILL');
        process.removeListener('exit', onExit);
        child.stdout.destroy();
        child.stderr.destroy();
      })();
      return stopping;
    },
  };
}

async function endGroup(pid: number, stopMs: number): Promise<void> {
  const until = performance.now() + stopMs;
  if (!signalGroup(pid, 'SIGTERM')) return;
  while (performance.now() < until) {
    if (!signalGroup(pid, 0)) return;
    await sleep(10);
  }
  signalGroup(pid, 'SIGKILL');
  // A killed process counts until it has been reaped; that is a matter of moments.
  for (let n = 0; n < 200 && signalGroup(pid, 0); n++) await sleep(10);
}
