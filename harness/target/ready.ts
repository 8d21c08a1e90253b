/** Waiting until a server can be used: its port, a path, or a line of its output. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessOutput } from '../process/output.ts';
import { ask } from '../wire/ask.ts';
import { socketOptions, type Upstream } from '../wire/server-link.ts';
import { TargetError } from './errors.ts';
import { matchesInTime } from './timed-regex.ts';

/** As in the configuration. */
export type Ready =
  | { readonly tcp: true }
  | { readonly path: string; readonly status?: number | undefined }
  | { readonly log: string };

/** What a message can advise to change where there is no configuration. */
export type NamedBy = 'command' | 'script';

export interface WaitOptions {
  /** Its URL for browsers: scheme, host and port. */
  readonly url: string;
  /** Where it is to answer. */
  readonly upstream: Upstream;
  readonly ready: Ready;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Where a log line can come from; absent for a server that runs elsewhere. */
  readonly output?: ProcessOutput;
  /** Ends the waiting early, with its reason. */
  readonly signal?: AbortSignal;
  /** The ports on which the target listens, as far as that is known. */
  readonly portsOf?: () => readonly number[];
  /** Absent if a configuration names it. */
  readonly namedBy?: NamedBy | undefined;
  /** Told every few seconds what is waited for. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

const INTERVAL_MS = 25;
const ATTEMPT_MS = 2_000;
/** Milliseconds for which a target may listen on other ports only before it is not waited for any more. */
const ELSEWHERE_MS = 8_000;
/** A target that is given long may listen on others, such as a debugger's, for this part of it. */
const ELSEWHERE_PART = 0.25;
const PORTS_EVERY_MS = 500;
/** Milliseconds for which a host name that nobody knows may still become known. */
const UNKNOWN_HOST_MS = 2_000;
const PROGRESS_MS = 5_000;
const UNKNOWN_HOST = /ENOTFOUND|EAI_AGAIN/;

function connects(upstream: Upstream): Promise<string | null> {
  return new Promise(resolve => {
    const socket = connect({ ...socketOptions(upstream), timeout: ATTEMPT_MS });
    const done = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done('it does not accept the connection'));
    // Of a name with several addresses, the code of the last one stands for all.
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}

async function answers(
  url: string,
  upstream: Upstream,
  ready: { path: string; status?: number | undefined },
): Promise<string | null> {
  const exchange = await ask(
    { method: 'GET', url: new URL(ready.path, url).href, headers: [['Accept', '*/*']] },
    { upstream, timeoutMs: ATTEMPT_MS },
  );
  const status = exchange.response?.status;
  if (status === undefined) return exchange.note ?? 'no answer';
  return ready.status === undefined || ready.status === status
    ? null
    : `${ready.path} answers ${status}, not ${ready.status}`;
}

const whereOf = ({ upstream, url }: WaitOptions): string => upstream.socketPath ?? new URL(url).host;

function waitedFor(options: WaitOptions): string {
  const { ready, url } = options;
  if ('log' in ready) return `a line of its output that matches /${ready.log}/`;
  if ('path' in ready) return `an answer from ${new URL(ready.path, url).href}`;
  return `a connection to ${whereOf(options)}`;
}

/** What keeps the server from being ready; empty if nothing does. */
async function problemOf({ ready, url, upstream }: WaitOptions, lineSeen: boolean): Promise<string> {
  if ('log' in ready) return lineSeen ? '' : 'no such line yet';
  const problem = 'path' in ready ? await answers(url, upstream, ready) : await connects(upstream);
  return problem ?? '';
}

/** Why waiting longer would not help, or has not helped, in words; null if nothing is known about that. */
function causeOf(
  { upstream, timeoutMs, namedBy }: WaitOptions,
  problem: string,
  { waitedMs, elsewhere }: { readonly waitedMs: number; readonly elsewhere: Elsewhere },
): string | null {
  if (UNKNOWN_HOST.test(problem) && waitedMs >= Math.min(UNKNOWN_HOST_MS, timeoutMs))
    return `There is no host ${upstream.host}: the name is not known here. Check ${namedBy ? 'the URL' : 'target.url'}.`;
  const ports = elsewhere.portsAt(waitedMs);
  if (ports === null) return null;
  const where = upstream.socketPath ?? `port ${upstream.port}`;
  return `The target listens on port ${ports.join(', ')}, not on ${where}. Let it listen on the port in the environment variable PORT${otherwise(namedBy, ports[0])}.`;
}

function otherwise(namedBy: NamedBy | undefined, port: number | undefined): string {
  if (namedBy === undefined) return `, or set target.port to ${port}`;
  return namedBy === 'command' ? ', or write {port} where the command names one' : '';
}

/**
 * Whether the target will only ever listen on other ports. A server may open some before its own, such as a runtime's
 * or a debugger's: what counts is how long it has had these, not how long it took to start.
 */
export class Elsewhere {
  readonly #options: WaitOptions;
  #ports: readonly number[] = [];
  #sinceMs = 0;
  #lookedMs = 0;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  /** @returns the other ports, once the target has listened on them alone for long; at the end of the waiting, at all */
  portsAt(waitedMs: number): readonly number[] | null {
    const { portsOf, timeoutMs, upstream } = this.#options;
    const isLate = waitedMs >= timeoutMs;
    if (!portsOf || (waitedMs - this.#lookedMs < PORTS_EVERY_MS && !isLate)) return null;
    this.#lookedMs = waitedMs;
    const ports = portsOf();
    if (ports.join() !== this.#ports.join()) this.#sinceMs = waitedMs;
    this.#ports = ports;
    if (ports.length === 0 || ports.includes(upstream.port)) return null;
    const enough = Math.max(ELSEWHERE_MS, timeoutMs * ELSEWHERE_PART);
    return isLate || waitedMs - this.#sinceMs >= enough ? ports : null;
  }
}

/**
 * Resolves once the server is ready.
 * @throws TargetError not-ready after the time-out, or as soon as it is known that it never will be, with the last
 *   output; the signal's reason if it is aborted
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { ready, timeoutMs, output, signal, onProgress } = options;
  const began = performance.now();
  const what = waitedFor(options);
  const elsewhere = new Elsewhere(options);
  const pattern = 'log' in ready ? ready.log : null;
  let seen = false;
  let tooSlow = false;
  let told = began;
  const stop = pattern
    ? output?.onLine(line => {
        if (seen || tooSlow) return;
        const matches = matchesInTime(pattern, line);
        seen = matches === true;
        tooSlow = matches === undefined;
      })
    : undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (tooSlow)
        throw new TargetError(
          'not-ready',
          `target.ready.log: /${pattern}/ takes more than a second for one line of the output: write it without a repetition inside a repetition.`,
          output?.lines,
        );
      const problem = await problemOf(options, seen);
      signal?.throwIfAborted();
      if (problem === '') return;
      const waitedMs = performance.now() - began;
      const why = causeOf(options, problem, { waitedMs, elsewhere });
      if (why !== null) throw new TargetError('not-ready', why, output?.lines);
      if (waitedMs >= timeoutMs)
        throw new TargetError(
          'not-ready',
          `The target is not ready after ${timeoutMs / 1000} s: waited for ${what} (${problem}). Check target.url and target.ready, or raise target.timeouts.readyMs.`,
          output?.lines,
        );
      if (performance.now() - told >= PROGRESS_MS) {
        told = performance.now();
        onProgress?.(`waiting for the target for ${Math.round(waitedMs / 1000)} s: ${what} (${problem})`);
      }
      await sleep(INTERVAL_MS);
    }
  } finally {
    stop?.();
  }
}
