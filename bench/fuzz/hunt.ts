/** Runs generated cases in one engine, sorts what differs, and shrinks what nothing explains. */
import type { Case } from '../../harness/case/schema.ts';
import type { EngineName } from '../../harness/engine/types.ts';
import type { Ran } from '../../harness/lab/session.ts';
import { type Difference, differenceOf } from './compare.ts';
import { type KnownDifference, whyDifferent } from './known.ts';
import { predictCase } from './predict.ts';
import { smaller } from './shrink.ts';

/** What runs cases; a Session is one. */
export interface Runner {
  prefetch(cases: readonly Case[]): void;
  run(theCase: Case): Promise<Ran>;
}

export interface Find {
  /** As it was generated. */
  readonly id: string;
  /** As small as it got. */
  readonly difference: Difference;
}

export interface Tally {
  runs: number;
  equal: number;
  /** Cases that the model has no prediction for, by the reason. */
  readonly leftOut: Map<string, number>;
  /** By the id of the listed deviation. */
  readonly explained: Map<
    string,
    { readonly known: KnownDifference; count: number; readonly first: Difference }
  >;
  readonly unexplained: Find[];
  /** Differences that did not show when the case was run again. */
  readonly unsteady: Difference[];
  /** Cases that the engine or the harness failed on. */
  readonly trouble: { readonly id: string; readonly why: string }[];
}

export interface HuntOptions {
  readonly engine: EngineName;
  readonly runner: Runner;
  readonly batch: number;
  /** Unexplained differences after the first so many are counted, but not made smaller. */
  readonly shrinkAtMost: number;
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
    unexplained: [],
    unsteady: [],
    trouble: [],
  };
  for (let at = 0; at < cases.length; at += options.batch) {
    const batch = cases.slice(at, at + options.batch).flatMap(one => predicted(one, tally));
    options.runner.prefetch(batch);
    for (const one of batch) {
      await sort(one, options, tally);
      options.onProgress(tally);
    }
  }
  return tally;
}

function predicted(one: Case, tally: Tally): Case[] {
  const made = predictCase(one);
  if (made.leftOut === undefined) return [made.case];
  tally.runs++;
  tally.leftOut.set(made.leftOut, (tally.leftOut.get(made.leftOut) ?? 0) + 1);
  return [];
}

async function sort(one: Case, { engine, runner, shrinkAtMost }: HuntOptions, tally: Tally): Promise<void> {
  tally.runs++;
  const ran = await runner.run(one);
  if ('trouble' in ran) {
    tally.trouble.push({ id: one.id, why: ran.trouble });
    return;
  }
  const difference = differenceOf(ran.observed);
  if (!difference) {
    tally.equal++;
    return;
  }
  const why = whyDifferent(engine, difference);
  if (why) {
    const entry = tally.explained.get(why.id);
    if (entry) entry.count++;
    else tally.explained.set(why.id, { known: why, count: 1, first: difference });
    return;
  }
  const again = await differs({ ...one }, runner);
  if (!again) {
    tally.unsteady.push(difference);
    return;
  }
  const shrunk = tally.unexplained.length < shrinkAtMost ? await shrink(again, engine, runner) : again;
  tally.unexplained.push({ id: one.id, difference: shrunk });
}

async function differs(one: Case, runner: Runner): Promise<Difference | null> {
  const ran = await runner.run(one);
  return 'trouble' in ran ? null : differenceOf(ran.observed);
}

/** Takes one thing away after another for as long as something unexplained remains. */
export async function shrink(
  difference: Difference,
  engine: EngineName,
  runner: Runner,
  list?: readonly KnownDifference[],
): Promise<Difference> {
  let best = difference;
  for (let round = 0; round < ROUNDS; round++) {
    const candidates = [...smaller(best.case)].flatMap(one => {
      const made = predictSafely(one);
      return made ? [made] : [];
    });
    const next = await firstThatDiffers(candidates, engine, runner, list);
    if (!next) return best;
    best = next;
  }
  return best;
}

const AT_A_TIME = 8;

async function firstThatDiffers(
  candidates: readonly Case[],
  engine: EngineName,
  runner: Runner,
  list?: readonly KnownDifference[],
): Promise<Difference | undefined> {
  for (let at = 0; at < candidates.length; at += AT_A_TIME) {
    const found = await Promise.all(
      candidates.slice(at, at + AT_A_TIME).map(candidate => differs(candidate, runner)),
    );
    const next = found.find(one => one && !whyDifferent(engine, one, list));
    if (next) return next;
  }
  return undefined;
}

/** A smaller case may no longer make sense; then it is none. */
function predictSafely(one: Case): Case | undefined {
  try {
    return predictCase(one).case;
  } catch {
    return undefined;
  }
}
