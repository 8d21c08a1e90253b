/** Code of somebody else's that runs in this process: it may hang, throw whatever it likes and whenever, or end it all. */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CliError, EXIT } from './exit.ts';

/** Milliseconds after which the user is told what is waited for. */
const TELL_MS = 2_000;
/** Milliseconds that code has: it may fetch what it needs, and nobody waits for longer. */
const LIMIT_MS = 60_000;

export interface ForeignOptions {
  readonly limitMs?: number;
  /** Is told what is waited for. */
  readonly tell?: (text: string) => void;
}

/** Files whose code may have left timers, servers and promises behind. */
const run = new Set<string>();
/** Ends the wait for the code that runs now. */
let running: ((error: unknown) => void) | null = null;

/**
 * Runs code of a file, and what looks at its values.
 * @param file whose code it is
 * @throws CliError if it gives nothing in time, or throws where nobody can catch it; what `work` throws
 */
export async function inTime<T extends object>(
  file: string,
  work: () => Promise<T>,
  { limitMs = LIMIT_MS, tell }: ForeignOptions = {},
): Promise<T> {
  run.add(file);
  const began = performance.now();
  const [late, fail] = rejection();
  const tooLate = () =>
    fail(
      new CliError(
        `${file}: cannot be loaded: it gave no configuration within ${limitMs / 1_000} s: it waits for something that does not come, or repeats something without end`,
      ),
    );
  const ended = () => {
    process.stderr.write(`cors-conformance: ${file}: ends the process before it gives a configuration\n`);
    process.exitCode = EXIT.usage;
  };
  // Nothing is left that could ever happen.
  const idle = () =>
    performance.now() - began >= limitMs
      ? tooLate()
      : fail(
          new CliError(
            `${file}: cannot be loaded: it waits for something that can never happen, such as a promise that nobody resolves`,
          ),
        );
  running = error => fail(new CliError(`${file}: cannot be loaded: ${whatWasThrown(error)}`));
  // Neither timer keeps a process that has nothing else to do.
  const timers = [
    setTimeout(tooLate, limitMs).unref(),
    setTimeout(
      () => tell?.(`waiting for ${file} to give its configuration, up to ${limitMs / 1_000} s`),
      TELL_MS,
    ).unref(),
  ];
  const watchdog = interrupterAfter(limitMs);
  process.once('exit', ended);
  process.on('beforeExit', idle);
  try {
    return await Promise.race([work(), late]);
  } finally {
    process.off('exit', ended);
    process.off('beforeExit', idle);
    running = null;
    for (const timer of timers) clearTimeout(timer);
    void watchdog.terminate();
  }
}

function rejection(): [promise: Promise<never>, reject: (error: Error) => void] {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, no) => {
    reject = no;
  });
  // It may come too late for anybody to wait for it.
  promise.catch(() => undefined);
  return [promise, error => reject(error)];
}

/** Code that never gives the control back stops no timer of its own thread: another one has to end it. */
function interrupterAfter(limitMs: number): Worker {
  const source = `
    const { Session } = require('node:inspector');
    setTimeout(() => {
      const session = new Session();
      session.connectToMainThread();
      session.post('Runtime.terminateExecution', () => session.disconnect());
    }, ${limitMs});`;
  const worker = new Worker(source, { eval: true, execArgv: [], env: {} });
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

/** One line about anything that can be thrown, which may itself throw when it is looked at. */
export function whatWasThrown(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `it throws ${String(error)}`;
    const { message, stack } = error;
    const [first = '', second] = String(message)
      .split('\n')
      .filter(line => line.trim() !== '');
    // A compiler counts its errors in the first line, Node names the line of a syntax error on the stack only.
    if (second !== undefined && /failed with \d+ error/.test(first)) return second;
    const line = /^file:\S*:(\d+)\n/.exec(String(stack))?.[1];
    return line === undefined ? first || `it throws ${error.name}` : `line ${line}: ${first}`;
  } catch {
    return 'it throws something that cannot be shown';
  }
}

/** Takes an error that nobody caught for one of the code that runs now. @returns false if none does */
export function blame(error: unknown): boolean {
  running?.(error);
  return running !== null;
}

/** The file among those whose code has run that an error came from after it had done its work. */
export function culprit(error: unknown): string | undefined {
  const stack = error instanceof Error ? String(error.stack) : '';
  return [...run].find(file => stack.includes(pathToFileURL(file).href) || stack.includes(file));
}
