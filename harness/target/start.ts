/** Starts the server under test as its configuration says, waits until it is ready, watches it and stops it. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { TargetError } from './errors.ts';
import { type Group, startGroup } from './group.ts';
import { type Ready, waitUntilReady } from './ready.ts';

/** The target of a configuration, as harness/policy reads it. */
export interface TargetOptions {
  readonly command?: string | readonly string[] | undefined;
  readonly module?: string | undefined;
  readonly export?: string | undefined;
  readonly url?: string | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly port?: number | undefined;
  readonly ready?: Ready | undefined;
  readonly timeouts?: { readonly readyMs: number; readonly stopMs: number } | undefined;
}

export interface RunningTarget {
  /** Where it answers: scheme, host and port. */
  readonly url: string;
  /** Of its first process; absent for a server that runs elsewhere. */
  readonly pid?: number;
  /** The last lines that it wrote. */
  readonly output: readonly string[];
  /** Set once it has ended without having been stopped. */
  readonly crash: TargetError | null;
  /** Calls back once when that happens. */
  onCrash(listener: (error: TargetError) => void): void;
  /** Ends the whole process group. Idempotent; does nothing to a server that runs elsewhere. */
  stop(): Promise<void>;
}

const SERVE = fileURLToPath(new URL('./serve-module.ts', import.meta.url));

/** The command that serves a module's export in a process of its own. */
function moduleCommand(module: string, name: string | undefined): string[] {
  return [process.execPath, '--import', import.meta.resolve('tsx'), SERVE, module, name ?? ''];
}

/**
 * Starts what the options name, in a process group of its own that ends with this process, however this ends.
 * @param base the folder that `cwd` and `module` are relative to
 * @throws TargetError not-started, exited or not-ready; nothing is left behind then
 */
export async function startTarget(options: TargetOptions, base: string): Promise<RunningTarget> {
  const { readyMs, stopMs } = options.timeouts ?? { readyMs: 30_000, stopMs: 5_000 };
  const ready = options.ready ?? { tcp: true };
  if (options.command === undefined && options.module === undefined) {
    const url = options.url;
    if (url === undefined)
      throw new TargetError('not-started', 'The target has no command, no module and no url.');
    if ('log' in ready)
      throw new TargetError('not-started', 'target.ready.log needs a command or a module: use tcp or path.');
    await waitUntilReady({ url, ready, timeoutMs: readyMs });
    return { url, output: [], crash: null, onCrash: () => undefined, stop: async () => undefined };
  }
  const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
  const fill = (text: string) => text.replaceAll('{port}', String(port));
  const url = fill(options.url ?? 'http://localhost:{port}');
  const cwd = resolve(base, options.cwd ?? '.');
  const command = options.module
    ? moduleCommand(resolve(cwd, options.module), options.export)
    : typeof options.command === 'string'
      ? fill(options.command)
      : (options.command ?? []).map(fill);
  const env = Object.fromEntries(
    Object.entries(options.env ?? {}).map(([name, value]) => [name, fill(value)]),
  );
  const shown = typeof command === 'string' ? command : command.join(' ');
  let group: Group;
  try {
    group = await startGroup({ command, cwd, env: { ...process.env, PORT: String(port), ...env }, stopMs });
  } catch (error) {
    throw new TargetError(
      'not-started',
      `The target cannot be started: ${(error as Error).message}. Check target.command and target.cwd.`,
    );
  }
  const target = watched(group, url, shown);
  try {
    await waitUntilReady({ url, ready, timeoutMs: readyMs, output: group.output, signal: target.ending });
  } catch (error) {
    await target.stop();
    throw error;
  }
  target.ready();
  return target;
}

interface Watched extends RunningTarget {
  /** Aborts when it ends before it is ready. */
  readonly ending: AbortSignal;
  /** From here on, an end is a crash. */
  ready(): void;
}

function watched(group: Group, url: string, shown: string): Watched {
  const early = new AbortController();
  const listeners = new Set<(error: TargetError) => void>();
  let ready = false;
  let stopped = false;
  let crash: TargetError | null = null;
  void group.ended.then(async how => {
    if (stopped) return;
    // What it wrote last is still on its way through the pipe.
    await new Promise(done => setTimeout(done, 50));
    if (stopped) return;
    if (!ready) {
      early.abort(
        new TargetError('exited', `The target ${how} before it was ready: ${shown}`, group.output.lines),
      );
      return;
    }
    crash = new TargetError(
      'crashed',
      `The target ${how} in the middle of the run: ${shown}`,
      group.output.lines,
    );
    for (const listener of listeners) listener(crash);
  });
  return {
    url,
    pid: group.pid,
    ending: early.signal,
    ready: () => {
      ready = true;
    },
    get output() {
      return group.output.lines;
    },
    get crash() {
      return crash;
    },
    onCrash(listener) {
      if (crash) listener(crash);
      else listeners.add(listener);
    },
    async stop() {
      stopped = true;
      await group.stop();
    },
  };
}
