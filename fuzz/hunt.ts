/** Runs generated cases in one engine, sorts what differs, and shrinks what nothing explains. */
import type { Case } from '../harness/case/schema.ts';
import type { ObservedCase } from '../harness/lab/lab.ts';
import type { SessionResult } from '../harness/lab/session.ts';
import { mergeQuirks, type Quirks } from '../harness/standard/quirks.ts';
import { type Deviation, ofEngine } from '../harness/verdict/deviations.ts';
import type { EngineRecord } from '../harness/verdict/record.ts';
import { cameLate, differenceOf, type ModelDifference } from './compare.ts';
import { predictCase } from './predict.ts';
import { smaller } from './shrink.ts';

/** What runs cases; a Session is one. */
export interface Runner {
  prefetch(cases: readonly Case[]): void;
  run(theCase: Case): Promise<SessionResult>;
}

export interface Find {
  /** As it was generated. */
  readonly id: string;
  /** As small as it got. */
  readonly difference: ModelDifference;
}

export interface Unsteady {
  readonly difference: ModelDifference;
  /** Nothing but the time that passed between its steps made it. */
  readonly late: boolean;
}

export interface Tally {
  runs: number;
  equal: number;
  /** Cases that the model has no prediction for, by the reason. */
  readonly leftOut: Map<string, number>;
  /** By the id of the listed deviation. */
  readonly explained: Map<
    string,
    { readonly deviation: Deviation; count: number; readonly first: ModelDifference }
  >;
  /** Every difference that known deviations account for. */
  readonly accounted: ModelDifference[];
  readonly unexplained: Find[];
  /** Differences that did not show when the case was run again. */
  readonly unsteady: Unsteady[];
  /** Cases that the engine or the harness failed on. */
  readonly failed: { readonly id: string; readonly why: string }[];
}

export interface HuntOptions {
  readonly engine: EngineRecord;
  readonly deviations: readonly Deviation[];
  readonly runner: Runner;
  readonly batch: number;
  /** Unexplained differences after the first so many are counted, but not made smaller. */
  readonly shrinkAtMost: number;
  /** How often a difference that nothing explains must show again before it counts. */
  readonly again: number;
  readonly onProgress: (tally: Tally) => void;
}

const ROUNDS = 60;

/** Runs every case once, those that differ without an explanation some more. */
export async function hunt(cases: readonly Case[], options: HuntOptions): Promise<Tally> {
  const tally: Tally = {
    runs: 0,
    equal: 0,
    leftOut: new Map(),
    explained: new Map(),
    accounted: [],
    unexplained: [],
    unsteady: [],
    failed: [],
  };
  const quirks = quirksOf(options);
  for (let at = 0; at < cases.length; at += options.batch) {
    const batch = cases.slice(at, at + options.batch).flatMap(one => predicted(one, quirks, tally));
    options.runner.prefetch(batch);
    const open: Open[] = [];
    for (const one of batch) {
      const unexplained = await sort(one, options, tally);
      if (unexplained) open.push(unexplained);
      options.onProgress(tally);
    }
    for (const one of open) await settle(one, options, tally);
  }
  return tally;
}

/** A difference that nothing explains so far. */
interface Open {
  readonly one: Case;
  readonly ran: ObservedCase;
  readonly difference: ModelDifference;
}

/** All that is known of the engine. */
const quirksOf = ({ deviations, engine }: Running): Quirks =>
  mergeQuirks(ofEngine(deviations, engine).flatMap(({ asIf }) => asIf ?? []));

function predicted(one: Case, quirks: Quirks, tally: Tally): Case[] {
  const made = predictCase(one, quirks);
  if (made.leftOut === undefined) return [made.case];
  tally.runs++;
  tally.leftOut.set(made.leftOut, (tally.leftOut.get(made.leftOut) ?? 0) + 1);
  return [];
}

async function sort(one: Case, options: HuntOptions, tally: Tally): Promise<Open | null> {
  tally.runs++;
  const ran = await options.runner.run(one);
  if ('failure' in ran) {
    tally.failed.push({ id: one.id, why: ran.failure });
    return null;
  }
  const difference = differenceOf(ran.observed, options.engine, options.deviations);
  if (!difference) {
    tally.equal++;
    return null;
  }
  if (isUnexplained(difference)) return { one, ran: ran.observed, difference };
  tally.accounted.push(difference);
  for (const deviation of difference.explainedBy) count(tally, deviation, difference);
  return null;
}

/** Runs it again once nothing else is under way: of what engines remember, others may take the place. */
async function settle({ one, ran, difference }: Open, options: HuntOptions, tally: Tally): Promise<void> {
  const again = await stillUnexplained(difference, one, options);
  if (!again) {
    tally.unsteady.push({ difference, late: cameLate(ran, quirksOf(options)) });
    return;
  }
  const shrunk = tally.unexplained.length < options.shrinkAtMost ? await shrink(again, options) : again;
  tally.unexplained.push({ id: one.id, difference: byTheStandard(shrunk) });
}

/** The same case run again, as often as it takes to be sure; null once it shows nothing unexplained. */
async function stillUnexplained(
  first: ModelDifference,
  one: Case,
  options: HuntOptions,
): Promise<ModelDifference | null> {
  let last = first;
  for (let time = 0; time < options.again; time++) {
    const again = await differs({ ...one }, options);
    if (!again || !isUnexplained(again)) return null;
    last = again;
  }
  return last;
}

function count(tally: Tally, deviation: Deviation, first: ModelDifference): void {
  const entry = tally.explained.get(deviation.id);
  if (entry) entry.count++;
  else tally.explained.set(deviation.id, { deviation, count: 1, first: byTheStandard(first) });
}

/** To be written down: what the case expects is what the Standard calls for. */
const byTheStandard = (difference: ModelDifference): ModelDifference => ({
  ...difference,
  case: predictCase(difference.case).case ?? difference.case,
});

/** Nothing known predicts what was seen, or something known predicts what was not. */
export const isUnexplained = ({ explainedBy, stale }: ModelDifference): boolean =>
  explainedBy.length === 0 || stale.length > 0;

type Running = Pick<HuntOptions, 'engine' | 'deviations' | 'runner'>;

/** What is different in a run of the case; null for nothing, and where its steps came too late to tell. */
async function differs(one: Case, running: Running): Promise<ModelDifference | null> {
  const ran = await running.runner.run(one);
  return 'failure' in ran || cameLate(ran.observed, quirksOf(running))
    ? null
    : differenceOf(ran.observed, running.engine, running.deviations);
}

/** Takes one thing away after another for as long as something unexplained remains. */
export async function shrink(difference: ModelDifference, running: Running): Promise<ModelDifference> {
  const quirks = quirksOf(running);
  let best = difference;
  for (let round = 0; round < ROUNDS; round++) {
    const candidates = [...smaller(best.case)].flatMap(one => {
      const made = predictSafely(one, quirks);
      return made ? [made] : [];
    });
    const next = await firstUnexplained(candidates, running);
    if (!next) return best;
    best = next;
  }
  return best;
}

const AT_A_TIME = 8;

async function firstUnexplained(
  candidates: readonly Case[],
  running: Running,
): Promise<ModelDifference | undefined> {
  for (let at = 0; at < candidates.length; at += AT_A_TIME) {
    const found = await Promise.all(
      candidates.slice(at, at + AT_A_TIME).map(candidate => differs(candidate, running)),
    );
    const next = found.find(one => one && isUnexplained(one));
    if (next) return next;
  }
  return undefined;
}

/** A smaller case may no longer make sense; then it is none. */
function predictSafely(one: Case, quirks: Quirks): Case | undefined {
  try {
    return predictCase(one, quirks).case;
  } catch {
    return undefined;
  }
}
