/** Two servers that run side by side: a request that ends one of them costs that request only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BySide, SIDES, type Side } from '../regress/plan.ts';
import type { ServerEnd } from '../regress/runs.ts';
import { type RunningTarget, startTarget, type TargetOptions } from '../target/start.ts';
import { ask } from '../wire/ask.ts';
import type { Exchange } from '../wire/exchange.ts';
import { upstreamOf } from '../wire/server-link.ts';

/** What a comparison needs of its two servers. */
export interface ComparedServers {
  /** Where they answer: http, a host and a port. The same after a new start. */
  readonly urls: BySide<string>;
  /** Milliseconds for one answer: fewer once a server has left requests without any. */
  readonly timeoutMs: number;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
  /** Takes note of answers, for whether a server should be looked after. */
  note(exchanges: readonly Exchange[]): void;
  /** Starts again what has ended or hangs. @returns which did; null if none. @throws if it cannot be started again */
  settle(): Promise<Partial<Record<Side, ServerEnd>> | null>;
  /** Why nothing more is asked; undefined as a rule. @throws the signal's reason */
  refusal(): string | undefined;
}

export interface ServerToCompare {
  /** The process that runs now: another one once it has been started again. */
  running: RunningTarget;
  /** How to start it again; absent for a server that runs elsewhere. */
  readonly restart?: { readonly options: TargetOptions; readonly base: string };
}

/** Milliseconds for one answer, by how many requests have been left without any: more patience is then in vain. */
const TIMEOUTS = [
  { below: 3, ms: 5_000 },
  { below: 10, ms: 1_500 },
  { below: Number.POSITIVE_INFINITY, ms: 500 },
] as const;
/** A server that ends more often is not worth its further starts. */
const MOST_ENDS = 8;
/** Milliseconds in which a process that breaks a connection off is seen to have ended. */
const END_MS = 400;
const PING_MS = 1_000;
/** Milliseconds after which a request without an answer was left waiting, rather than refused. */
const UNANSWERED_MS = 450;

/**
 * Looks after two running servers.
 * @param onStart told of each server that was started again, so that it is stopped at the end
 */
export function compareServersOf(
  servers: BySide<ServerToCompare>,
  signal: AbortSignal,
  onStart: (side: Side, running: RunningTarget) => void = () => undefined,
): ComparedServers {
  const urls = { before: servers.before.running.url, after: servers.after.running.url };
  const suspects = new Set<Side>();
  const ends: Record<Side, number> = { before: 0, after: 0 };
  let unanswered = 0;
  let settling: Promise<Partial<Record<Side, ServerEnd>> | null> = Promise.resolve(null);

  const endOf = async (side: Side): Promise<ServerEnd | null> => {
    const suspicious = suspects.delete(side);
    if (suspicious && !servers[side].running.crash) await sleep(END_MS);
    const { crash, output } = servers[side].running;
    if (crash) return { how: crash.how ?? 'ended', output: crash.output ?? output };
    if (!suspicious || (await answers(urls[side]))) return null;
    return { how: 'answered nobody any more', output };
  };

  const settleSide = async (side: Side): Promise<ServerEnd | null> => {
    const end = await endOf(side);
    if (!end) return null;
    ends[side]++;
    const { restart } = servers[side];
    if (!restart) throw servers[side].running.crash ?? new Error(`${urls[side]} does not answer any more`);
    await servers[side].running.stop();
    const port = Number(new URL(urls[side]).port);
    servers[side].running = await startTarget({ ...restart.options, port }, restart.base);
    onStart(side, servers[side].running);
    return end;
  };

  return {
    urls,
    signal,
    get timeoutMs() {
      return TIMEOUTS.find(({ below }) => unanswered < below)?.ms ?? 0;
    },
    note(exchanges) {
      for (const { end, request, response, startedMs, endedMs } of exchanges) {
        if (end === 'complete' || end === 'malformed') continue;
        const { host } = new URL(request.url);
        const side = SIDES.find(one => new URL(urls[one]).host === host);
        if (side) suspects.add(side);
        if (response === null && endedMs - startedMs > UNANSWERED_MS) unanswered++;
      }
    },
    settle() {
      // Engines run at once: only one of them looks after the servers at a time.
      settling = settling
        .catch(() => null)
        .then(async () => {
          const found: Partial<Record<Side, ServerEnd>> = {};
          for (const side of SIDES) {
            const end = await settleSide(side);
            if (end) found[side] = end;
          }
          return Object.keys(found).length > 0 ? found : null;
        });
      return settling;
    },
    refusal() {
      signal.throwIfAborted();
      const side = SIDES.find(one => ends[one] >= MOST_ENDS);
      return (
        side &&
        `not asked: the server ${side === 'before' ? 'before' : 'after'} the change ended ${MOST_ENDS} times`
      );
    },
  };
}

/** Whether a server still answers anything at all. */
async function answers(url: string): Promise<boolean> {
  const { end, response } = await ask(
    { method: 'GET', url: `${url}/cors-conformance-alive`, headers: [] },
    { upstream: upstreamOf(url), timeoutMs: PING_MS },
  );
  return response !== null || end === 'malformed' || end === 'cut';
}
