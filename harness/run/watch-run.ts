/** `--watch`: the same command again after each change, until a signal ends it. */
import process from 'node:process';
import { newTree } from '../process/tree.ts';
import { type FileChanges, watchFiles } from './file-changes.ts';
import { interruptible } from './interruptible.ts';
import type { Io } from './io.ts';

export interface Watched {
  /** Its files and folders, asked anew before each run: a configuration may name other ones. */
  readonly paths: () => Promise<readonly string[]>;
  /** The folder for results. */
  readonly out: string;
}

/**
 * Runs this command, without the flag, in a process of its own: it loads everything anew.
 * @returns the exit code: a signal is the way in which it ends
 */
export function repeatOnChange({ paths, out }: Watched, io: Io): Promise<number> {
  const args = io.args.filter(arg => arg !== '--watch');
  return interruptible(async signal => {
    let watched: readonly string[] | undefined;
    for (let code = 0; ; ) {
      watched = await pathsNow(paths, watched);
      const changes = watchFiles(watched, out);
      try {
        code = await runOnce(args, signal);
        if (signal.aborted) return code;
        io.stderr.write(`\nExit code ${code}. Waiting for a change; Ctrl-C ends.\n`);
        const changed = await nextChange(changes, signal);
        if (changed.length === 0) return code;
        io.stderr.write(`Changed: ${changed.join(', ')}\n\n`);
      } finally {
        changes.close();
      }
    }
  });
}

/** A configuration that is being edited keeps what it named before: the run says what is wrong with it. */
async function pathsNow(paths: Watched['paths'], before?: readonly string[]): Promise<readonly string[]> {
  try {
    return await paths();
  } catch (error) {
    if (!before) throw error;
    return before;
  }
}

/** The process would end while it waits, as nothing else keeps it. */
async function nextChange(changes: FileChanges, signal: AbortSignal): Promise<readonly string[]> {
  const awake = setInterval(() => undefined, 60_000);
  try {
    return await changes.next(signal);
  } finally {
    clearInterval(awake);
  }
}

async function runOnce(args: readonly string[], signal: AbortSignal): Promise<number> {
  const tree = newTree();
  try {
    const command = [process.execPath, process.argv[1] as string, ...args];
    const child = await tree.start(command, { env: process.env, output: 'inherit' });
    const interrupt = () => child.signal('SIGINT');
    signal.addEventListener('abort', interrupt);
    const { code } = await child.closed;
    signal.removeEventListener('abort', interrupt);
    return code ?? 1;
  } finally {
    await tree.end(0);
  }
}
