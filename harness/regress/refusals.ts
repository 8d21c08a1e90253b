/** Requests that a server refuses because of who asks: whether the page may read the refusal is another matter. */
import { isOkStatus } from '../standard/response.ts';
import { answerFacts } from './facts.ts';
import { type BySide, SIDES, type Side } from './plan.ts';
import { exchangesOf, isPage, type PageRunPair, type Run } from './runs.ts';

/** The status of the actual request on each side; null without an answer. */
export type Statuses = BySide<number | null>;

/** The statuses that a run's request was answered with; a preflight has none of these. */
export function statusesOf(run: Run): Statuses {
  const [before, after] = SIDES.map(side => {
    const answer = exchangesOf(run, side).find(({ role }) => role === 'actual');
    return answer ? answerFacts(answer).status : null;
  });
  return { before: before ?? null, after: after ?? null };
}

/** Finds what somebody else was answered to the same request. */
export type Counterparts = (run: PageRunPair) => Statuses | undefined;

const place = (run: PageRunPair): string => JSON.stringify([run.engine, run.probe.path, run.probe.shape]);

/** @param runs every probe, once per engine */
export function counterpartsOf(runs: readonly Run[]): Counterparts {
  const listed = new Map<string, Statuses>();
  const without = new Map<string, Statuses>();
  for (const run of runs) {
    const { originKind, method, path } = run.probe;
    if (isPage(run)) {
      if (originKind === 'listed' && run.probe.interpretation === 'single' && !listed.has(place(run)))
        listed.set(place(run), statusesOf(run));
    } else if (originKind === 'none' && run.probe.origin === null && method === 'GET')
      without.set(path, statusesOf(run));
  }
  return run => {
    const other = run.probe.originKind === 'listed' ? undefined : listed.get(place(run));
    return other ?? (run.probe.method === 'GET' ? without.get(run.probe.path) : undefined);
  };
}

const failed = (status: number | null): boolean => status !== null && status >= 400;

/**
 * On which side alone a request is refused because of its Origin: by a status from 400 that another asker is not
 * answered with or, where no other was asked the same, by 401 or 403.
 * @returns null if it is refused on no side, on both, or whoever asks
 */
export function refusedSide(run: PageRunPair, counterparts: Counterparts): Side | null {
  const own = statusesOf(run);
  const side = SIDES.find(
    one => failed(own[one]) && isOkStatus(own[one === 'before' ? 'after' : 'before'] ?? 0),
  );
  if (side === undefined) return null;
  const other = counterparts(run);
  const isOfOrigin = other ? other[side] !== own[side] : own[side] === 401 || own[side] === 403;
  return isOfOrigin ? side : null;
}
