/** How much longer than on an idle machine things may take on this one, now. */
import { availableParallelism, loadavg } from 'node:os';

/** However busy a machine is, nothing is awaited longer than so many times what an idle one takes. */
const MOST = 10;

/** Processes that share a core when three engines run their cases and nothing else does anything. */
const OWN = 4;

/**
 * What a wait for an engine's processes is multiplied by: how many times more processes shared each core over the last
 * minute than a run brings along itself; at least 1, and 10 at most. Windows does not say, so that it is always 1 there.
 *
 * @param load processes that ran or wanted to, averaged over a minute
 */
export function patience(load: number = loadavg()[0] ?? 0, cores: number = availableParallelism()): number {
  return Math.min(MOST, Math.max(1, load / (cores * OWN)));
}
