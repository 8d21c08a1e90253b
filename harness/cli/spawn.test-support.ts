/** Spawns the real command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command of this checkout, which has verbs that the package has not. */
export const CHECKOUT = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url));

/** Compiled for the whole run of the tests where many are run, else the one of this checkout. */
const COMMAND = process.env.CORS_CONFORMANCE_TEST_COMMAND ?? CHECKOUT;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way: its process, and how it will have ended. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

const LIMIT_MS = 240_000;

/** Starts `cors-conformance ARGS`, without CI's strictness unless the environment says so. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, program = COMMAND): Spawned {
  const {
    CI: _ci,
    FORCE_COLOR: _color,
    NODE_OPTIONS: _options,
    NODE_TEST_CONTEXT: _test,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const ended = new Promise<Ended>(resolve => {
    child.on('close', code => {
      clearTimeout(timer);
      resolve({ code, ...text });
    });
  });
  return { child, ended };
}

/** Runs `cors-conformance ARGS` to its end. */
export const cli = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  start(args, env).ended;
