/** A probe that was sent to both servers: what each did, and whether they did the same. */
import type { StepObservation } from '../case/observation.ts';
import type { Scene } from '../case/script.ts';
import type { Exchange } from '../wire/exchange.ts';
import { answerFacts, type StepFacts, seenByPage, stepFacts } from './facts.ts';
import { type PageProbe, type Probe, type Question, SIDES, type Side } from './plan.ts';

/** A probe as one engine, or nobody but the harness, sent it to both servers. */
export type Run =
  | {
      readonly probe: PageProbe;
      readonly engine: string;
      readonly scene: Scene;
      readonly steps: readonly StepObservation[];
    }
  | { readonly probe: Question; readonly exchanges: Readonly<Record<Side, Exchange>> };

export type PageRun = Extract<Run, { steps: unknown }>;
/** A run with the facts of each side. */
export type Faced = { readonly run: PageRun; readonly facts: Readonly<Record<Side, readonly StepFacts[]>> };

export const isPage = (run: Run): run is PageRun => 'steps' in run;

/** The engine that sent it; null for a plain question. */
export const engineOf = (run: Run): string | null => (isPage(run) ? run.engine : null);

/** Tells one probe in one engine from all others. */
export const keyOf = ({ id }: Probe, engine: string | null): string => JSON.stringify([id, engine]);

const runKey = (run: Run): string => keyOf(run.probe, engineOf(run));

export function factsOf(run: PageRun): Faced {
  const steps = run.steps.map(stepFacts);
  const of = (side: Side) => steps.filter((_, i) => run.probe.sides[i] === side);
  return { run, facts: { before: of('before'), after: of('after') } };
}

/** What a side did, in a form that is equal for equal behaviour. */
function behaviour(run: Run, side: Side): string {
  return JSON.stringify(isPage(run) ? factsOf(run).facts[side] : answerFacts(run.exchanges[side]));
}

/** True where the two servers did not do the same. */
export const differs = (run: Run): boolean => behaviour(run, 'before') !== behaviour(run, 'after');

/**
 * True where a second look is needed: the two differ, and if only on the wire, then on the model or by a plain
 * question. What is on the wire does not depend on the browser.
 */
export function isDoubtful(run: Run): boolean {
  if (!differs(run)) return false;
  if (!isPage(run) || run.engine === 'model') return true;
  const seen = seenOf(factsOf(run));
  return seen.before !== seen.after;
}

const count = (steps: readonly StepFacts[]): number => steps.filter(step => step.readable).length;

/** opened: what could not be read now can. closed: the other way round. */
export type Direction = 'opened' | 'closed' | 'other';

export function directionOf({ facts }: Faced): Direction {
  const [before, after] = [count(facts.before), count(facts.after)];
  if (before === after) return 'other';
  return before < after ? 'opened' : 'closed';
}

/** What a page notices of each side. */
export function seenOf(one: Faced): Readonly<Record<Side, string>> {
  const { run, facts } = one;
  const brief = directionOf(one) !== 'other';
  return {
    before: seenByPage(facts.before, run.probe.reading, brief),
    after: seenByPage(facts.after, run.probe.reading, brief),
  };
}

/** The sides that answer by turns: the same request four times, and not the same answer. Only `repeat` shows it. */
export function answersByTurns(run: Run): readonly Side[] {
  if (!isPage(run) || run.probe.reading !== 'repeat') return [];
  const { facts } = factsOf(run);
  return SIDES.filter(side => facts[side].some(step => step.outcome !== facts[side][0]?.outcome));
}

/** Which sides answer by turns, in an engine or, for plain questions, in any. */
export function turnsOf(runs: readonly Run[]): (run: Run) => readonly Side[] {
  const known = runs.filter(isPage).filter(run => answersByTurns(run).length > 0);
  return run => {
    const found = known.find(({ engine }) => !isPage(run) || engine === run.engine);
    return found ? answersByTurns(found) : [];
  };
}

/** Finds the later rounds of a run. */
export function laterOf(again: readonly Run[]): (run: Run) => readonly Run[] {
  const rounds = new Map<string, Run[]>();
  for (const run of again) rounds.set(runKey(run), [...(rounds.get(runKey(run)) ?? []), run]);
  return run => rounds.get(runKey(run)) ?? [];
}

/** The sides that did not do the same in every round. */
export const restlessSides = (run: Run, rounds: readonly Run[]): readonly Side[] =>
  SIDES.filter(side => rounds.some(later => behaviour(later, side) !== behaviour(run, side)));

/** Those that were not answered as before: a third look tells what happened once from what comes and goes. */
export function restlessOf(runs: readonly Run[], again: readonly Run[]): Run[] {
  const later = laterOf(again);
  return runs.filter(run => restlessSides(run, later(run)).length > 0);
}
