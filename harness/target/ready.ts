/** Waiting until a server can be used: its port, a path, or a line of its output. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../wire/ask.ts';
import { isLoopback } from '../wire/server-link.ts';
import { TargetError } from './errors.ts';
import type { Output } from './output.ts';

/** As in the configuration. */
export type Ready =
  | { readonly tcp: true }
  | { readonly path: string; readonly status?: number | undefined }
  | { readonly log: string };

export interface WaitOptions {
  /** Where it is to answer: scheme, host and port. */
  readonly url: string;
  readonly ready: Ready;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Where a log line can come from; absent for a server that runs elsewhere. */
  readonly output?: Output;
  /** Ends the waiting early, with its reason. */
  readonly signal?: AbortSignal;
}

const INTERVAL_MS = 25;
const ATTEMPT_MS = 2_000;

/** Host and port of a URL, the port's default filled in. */
export function addressOf(url: string): { host: string; port: number; tls: boolean } {
  const { hostname, port, protocol } = new URL(url);
  const tls = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (tls ? 443 : 80)), tls };
}

function connects(host: string, port: number): Promise<string | null> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: ATTEMPT_MS });
    const done = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done('it does not accept the connection'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}

async function answers(
  url: string,
  ready: { path: string; status?: number | undefined },
): Promise<string | null> {
  const { host, port, tls } = addressOf(url);
  const exchange = await ask(
    { method: 'GET', url: new URL(ready.path, url).href, headers: [['Accept', '*/*']] },
    { upstream: { host, port, tls: tls && { insecure: isLoopback(host) } }, timeoutMs: ATTEMPT_MS },
  );
  const status = exchange.response?.status;
  if (status === undefined) return exchange.note ?? 'no answer';
  return ready.status === undefined || ready.status === status
    ? null
    : `${ready.path} answers ${status}, not ${ready.status}`;
}

/**
 * Resolves once the server is ready.
 * @throws TargetError not-ready after the time-out, with the last output; the signal's reason where it is aborted
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { url, ready, timeoutMs, output, signal } = options;
  const until = performance.now() + timeoutMs;
  const what =
    'log' in ready
      ? `a line of its output that matches /${ready.log}/`
      : 'path' in ready
        ? `an answer from ${new URL(ready.path, url).href}`
        : `a connection to ${new URL(url).host}`;
  let problem = '';
  let seen = false;
  const stop =
    'log' in ready
      ? output?.onLine(line => {
          seen ||= new RegExp(ready.log).test(line);
        })
      : undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if ('log' in ready) problem = seen ? '' : 'no such line yet';
      else if ('path' in ready) problem = (await answers(url, ready)) ?? '';
      else {
        const { host, port } = addressOf(url);
        problem = (await connects(host, port)) ?? '';
      }
      signal?.throwIfAborted();
      if (problem === '') return;
      if (performance.now() >= until) break;
      await sleep(INTERVAL_MS);
    }
  } finally {
    stop?.();
  }
  throw new TargetError(
    'not-ready',
    `The target is not ready after ${timeoutMs / 1000} s: waited for ${what} (${problem}). Check target.url and target.ready, or raise target.timeouts.readyMs.`,
    output?.lines,
  );
}
