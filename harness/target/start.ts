/** Starts the server under test as its configuration says, waits until it is ready, watches it and stops it. */
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { type Child, endWords } from '../process/child.ts';
import { listeningPorts } from '../process/listening.ts';
import { ProcessOutput } from '../process/output.ts';
import { newTree, type ProcessTree } from '../process/tree.ts';
import type { Upstream } from '../wire/server-link.ts';
import { type AddressOptions, addressOf, withBridge } from './address.ts';
import { targetEnvironment } from './environment.ts';
import { TargetError } from './errors.ts';
import { type NamedBy, type Ready, type WaitOptions, waitUntilReady } from './ready.ts';

/** The target of a configuration, as harness/policy reads it. */
export interface TargetOptions extends AddressOptions {
  readonly command?: string | readonly string[] | undefined;
  readonly module?: string | undefined;
  readonly export?: string | undefined;
  /** Node runs the module as it is: it needs no compiling. */
  readonly plain?: boolean | undefined;
  /** A module that listens on a port of its own choice listens on the given one instead. */
  readonly movePort?: boolean | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Names of this process's variables that it gets besides those that programs need; see environment.ts. */
  readonly passEnv?: readonly string[] | undefined;
  readonly port?: number | undefined;
  readonly ready?: Ready | undefined;
  readonly timeouts?: { readonly readyMs: number; readonly stopMs: number } | undefined;
  /** How it was named, if not by a configuration: by a command or URL after a flag, or as a script. */
  readonly namedBy?: NamedBy | undefined;
  /** It speaks HTTP/2 only. Found out over TLS; without TLS, only if the server greets first. */
  readonly http2?: boolean | undefined;
}

export interface StartOptions {
  /** Told every few seconds what is waited for. */
  readonly onProgress?: (line: string) => void;
}

export interface RunningTarget {
  /** Where it answers: scheme, host and port; for a Unix socket, a URL that stands for it. */
  readonly url: string;
  /** How to connect to it. */
  readonly upstream: Upstream;
  /** Of its first process; absent for a server that runs elsewhere. */
  readonly pid?: number;
  /** The last lines that it wrote. */
  readonly output: readonly string[];
  /** Set once it has ended without having been stopped. */
  readonly crash: TargetError | null;
  /** Calls back once when that happens. */
  onCrash(listener: (error: TargetError) => void): void;
  /** Ends all of its processes. Idempotent; does nothing to a server that runs elsewhere. */
  stop(): Promise<void>;
}

let preload: Promise<string> | undefined;

/** serve-module.ts as one module that plain Node runs: nothing of ours is then in the way of what the server resolves. */
function servePreload(): Promise<string> {
  preload ??= bundlePreload();
  return preload;
}

async function bundlePreload(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./serve-module${extname(import.meta.url)}`, import.meta.url))],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.text ?? '').toString('base64')}`;
}

/** The command that runs a module as its main module, and serves its export. */
async function moduleCommand(module: string, plain: boolean): Promise<string[]> {
  const compiler = plain ? [] : ['--import', import.meta.resolve('tsx')];
  return [process.execPath, ...compiler, '--import', await servePreload(), module];
}

/**
 * Starts what the options name, in a process tree that ends with this process, however this ends.
 * @param base the folder that `cwd` and `module` are relative to
 * @throws TargetError not-started, exited or not-ready; nothing is left behind then
 */
export async function startTarget(
  options: TargetOptions,
  base: string,
  { onProgress }: StartOptions = {},
): Promise<RunningTarget> {
  const { readyMs, stopMs } = options.timeouts ?? { readyMs: 30_000, stopMs: 5_000 };
  const ready = options.ready ?? { tcp: true };
  if (options.command === undefined && options.module === undefined)
    return useRunning(options, { base, ready, timeoutMs: readyMs, onProgress });
  const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
  const fill = (text: string) => text.replaceAll('{port}', String(port));
  const given = fill(options.url ?? 'http://localhost:{port}');
  const cwd = resolve(base, options.cwd ?? '.');
  const { url, upstream } = addressOf({ ...options, url: given }, cwd);
  const tree = newTree();
  const { child, shown } = await launch(tree, options, { port, cwd, fill });
  const output = new ProcessOutput();
  output.follow(child.stdout);
  output.follow(child.stderr);
  const target = watched({ tree, child, output, url, upstream, stopMs, shown });
  try {
    await waitUntilReady({
      url,
      upstream,
      ready,
      timeoutMs: readyMs,
      output,
      namedBy: options.namedBy,
      signal: target.ending,
      portsOf: () => listeningPorts(tree.pids()),
      onProgress,
    });
    target.ready();
    return await withBridge(target, options.http2);
  } catch (error) {
    await target.stop();
    throw error;
  }
}

interface Place {
  readonly port: number;
  readonly cwd: string;
  /** Fills in the port. */
  readonly fill: (text: string) => string;
}

/** Starts the target's first process. @throws TargetError not-started */
async function launch(
  tree: ProcessTree,
  options: TargetOptions,
  { port, cwd, fill }: Place,
): Promise<{ child: Child; shown: string }> {
  const module = options.module === undefined ? undefined : resolve(cwd, options.module);
  const command = module ? await moduleCommand(module, options.plain === true) : commandOf(options, fill);
  const env = Object.fromEntries(
    Object.entries(options.env ?? {}).map(([name, value]) => [name, fill(value)]),
  );
  const { export: name, movePort, plain } = options;
  const serve = module && JSON.stringify({ module, name, movePort, plain });
  try {
    const child = await tree.start(command, {
      cwd,
      output: 'reopenable',
      env: targetEnvironment({
        env: { PORT: String(port), ...(serve && { CORS_CONFORMANCE_SERVE: serve }), ...env },
        passEnv: options.passEnv,
      }),
    });
    return { child, shown: module ?? child.name };
  } catch (error) {
    await tree.end(0);
    throw new TargetError(
      'not-started',
      `The target cannot be started: ${(error as Error).message}. Check ${options.namedBy ? `the ${options.namedBy}` : 'target.command and target.cwd'}.`,
    );
  }
}

function commandOf({ command = [] }: TargetOptions, fill: Place['fill']): string | readonly string[] {
  return typeof command === 'string' ? fill(command) : command.map(fill);
}

/** A server that runs already: nothing is started, nothing is stopped. */
async function useRunning(
  options: TargetOptions,
  waiting: Pick<WaitOptions, 'ready' | 'timeoutMs' | 'onProgress'> & { readonly base: string },
): Promise<RunningTarget> {
  if (options.url === undefined)
    throw new TargetError('not-started', 'The target has no command, no module and no url.');
  if ('log' in waiting.ready)
    throw new TargetError('not-started', 'target.ready.log needs a command or a module: use tcp or path.');
  const address = addressOf(options, resolve(waiting.base, options.cwd ?? '.'));
  await waitUntilReady({ ...address, ...waiting, namedBy: options.namedBy });
  return withBridge(
    { ...address, output: [], crash: null, onCrash: () => undefined, stop: async () => undefined },
    options.http2,
  );
}

interface Watched extends RunningTarget {
  /** Aborts when it ends before it is ready. */
  readonly ending: AbortSignal;
  /** From here on, an end is a crash. */
  ready(): void;
}

interface Started {
  readonly tree: ProcessTree;
  readonly child: Child;
  readonly output: ProcessOutput;
  readonly url: string;
  readonly upstream: Upstream;
  readonly stopMs: number;
  /** How messages call it. */
  readonly shown: string;
}

function watched({ tree, child, output, url, upstream, stopMs, shown }: Started): Watched {
  const early = new AbortController();
  const listeners = new Set<(error: TargetError) => void>();
  let ready = false;
  let stopped = false;
  let crash: TargetError | null = null;
  void child.ended.then(async end => {
    const how = endWords(end);
    if (stopped) return;
    // What it wrote last is still on its way through the pipe.
    await new Promise(done => setTimeout(done, 50));
    if (stopped) return;
    if (!ready) {
      early.abort(new TargetError('exited', `The target ${how} before it was ready: ${shown}`, output.lines));
      return;
    }
    crash = new TargetError(
      'crashed',
      `The target ${how} in the middle of the run: ${shown}`,
      output.lines,
      how,
    );
    for (const listener of listeners) listener(crash);
  });
  return {
    url,
    upstream,
    pid: child.pid,
    ending: early.signal,
    ready: () => {
      ready = true;
    },
    get output() {
      return output.lines;
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
      await tree.end(stopMs);
    },
  };
}
