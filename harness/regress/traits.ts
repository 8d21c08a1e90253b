/** What the runs of a comparison show about each path of each server, beyond the single request. */
import { headerValues } from '../wire/exchange.ts';
import { ASKING_ORIGIN, answerFacts, stepFacts } from './facts.ts';
import type { PathTraits } from './header-changes.ts';
import { type BySide, SIDES, type Side, UNLISTED } from './plan.ts';
import { exchangesOf, isPage, type Run } from './runs.ts';

const ALLOW_ORIGIN = 'access-control-allow-origin';

interface Seen {
  readonly origins: Set<string>;
  everywhere: boolean;
}

/** How answers to GET depend on Origin, by path. */
export function traitsOf(runs: readonly Run[]): (path: string) => BySide<PathTraits> {
  const seen: Record<Side, Map<string, Seen>> = { before: new Map(), after: new Map() };
  for (const run of runs)
    for (const side of SIDES)
      for (const { role, request, response } of exchangesOf(run, side)) {
        if (role !== 'actual' || request.method !== 'GET' || response === null) continue;
        const known = seen[side].get(run.probe.path) ?? { origins: new Set(), everywhere: true };
        seen[side].set(run.probe.path, known);
        known.origins.add(headerValues(response.headers, ALLOW_ORIGIN).join());
        const vary = headerValues(response.headers, 'vary').join().toLowerCase();
        known.everywhere &&= /(?:^|[\s,])(?:origin|\*)(?:[\s,]|$)/.test(vary);
      }
  const traits = (side: Side, path: string): PathTraits => {
    const known = seen[side].get(path);
    return { varies: (known?.origins.size ?? 0) > 1, varyEverywhere: known?.everywhere ?? false };
  };
  return path => ({ before: traits('before', path), after: traits('after', path) });
}

/** Whether a side lets an origin that nobody lists read what is at a path: its policy is then everyone. */
export type AnyoneReads = (side: Side, path: string, credentials: boolean) => boolean;

export function anyoneReads(runs: readonly Run[]): AnyoneReads {
  const found = new Set<string>();
  const key = (side: Side, path: string, credentials: boolean) => JSON.stringify([side, path, credentials]);
  for (const run of runs) {
    if (!isPage(run) || run.probe.origin !== UNLISTED || run.probe.interpretation !== 'single') continue;
    const { path, credentials, sides } = run.probe;
    for (const [i, step] of run.steps.entries()) {
      const side = sides[i] as Side;
      if (stepFacts(step).readable) found.add(key(side, path, credentials));
      // What passes with credentials, or would without them, passes without.
      const open = step.exchanges
        .filter(({ role }) => role === 'actual')
        .map(exchange => answerFacts(exchange).headers[ALLOW_ORIGIN]);
      if (open.some(value => value === '*' || value === ASKING_ORIGIN)) found.add(key(side, path, false));
    }
  }
  return (side, path, credentials) => found.has(key(side, path, credentials));
}
