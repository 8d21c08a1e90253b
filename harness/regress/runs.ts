/** A probe that was sent to both servers: what each did, and whether they did the same. */
import type { StepObservation } from '../case/observation.ts';
import type { BoundCase } from '../case/script.ts';
import type { Exchange } from '../wire/exchange.ts';
import { answerFacts, type PageView, pageView, type StepFacts, stepFacts } from './facts.ts';
import { type BySide, type PageProbe, type PlainProbe, type Probe, SIDES, type Side } from './plan.ts';

/** How a server ended, or stopped answering anyone, upon a request. */
export interface ServerEnd {
  /** "exited with code 1", "answered nobody any more". */
  readonly how: string;
  /** The last lines that it wrote. */
  readonly output: readonly string[];
}

interface CommonRun {
  /** The sides whose server ended upon it. */
  readonly ended?: Readonly<Partial<Record<Side, ServerEnd>>>;
}

export interface PageRunPair extends CommonRun {
  readonly probe: PageProbe;
  readonly engine: string;
  readonly scene: BoundCase;
  readonly steps: readonly StepObservation[];
}

export interface PlainRun extends CommonRun {
  readonly probe: PlainProbe;
  readonly exchanges: BySide<Exchange>;
}

/** A probe as one engine, or nobody but the harness, sent it to both servers. */
export type Run = PageRunPair | PlainRun;

export const isPage = (run: Run): run is PageRunPair => 'steps' in run;

/** The engine that sent it; null for a plain probe. */
export const engineOf = (run: Run): string | null => (isPage(run) ? run.engine : null);

/** Tells one probe in one engine from all others. */
export const keyOf = ({ id }: Probe, engine: string | null): string => JSON.stringify([id, engine]);

const runKey = (run: Run): string => keyOf(run.probe, engineOf(run));

/** The recorded exchanges of one side. */
export const exchangesOf = (run: Run, side: Side): readonly Exchange[] =>
  isPage(run)
    ? run.steps.flatMap(({ exchanges }, i) => (run.probe.sides[i] === side ? exchanges : []))
    : [run.exchanges[side]];

/** The names of the headers in a side's answers, lower case. */
const sentBy = (run: PageRunPair, side: Side): ReadonlySet<string> =>
  new Set(
    exchangesOf(run, side).flatMap(({ response }) =>
      (response?.headers ?? []).map(([name]) => name.toLowerCase()),
    ),
  );

/**
 * What each side did in every step. A header that only one of them sends is left out of what script reads: it is
 * there or not whatever the policy says.
 */
export function pageFacts(run: PageRunPair): BySide<readonly StepFacts[]> {
  const [before, after] = SIDES.map(side => sentBy(run, side)) as [ReadonlySet<string>, ReadonlySet<string>];
  const steps = run.steps.map(stepFacts).map(step => ({
    ...step,
    exposed: step.exposed.filter(name => before.has(name) && after.has(name)),
  }));
  const of = (side: Side) => steps.filter((_, i) => run.probe.sides[i] === side);
  return { before: of('before'), after: of('after') };
}

/** What a page notices of each side. */
export function viewsOf(run: PageRunPair, facts = pageFacts(run)): BySide<PageView> {
  const { interpretation } = run.probe;
  return {
    before: pageView(facts.before, interpretation),
    after: pageView(facts.after, interpretation),
  };
}

const text = (view: PageView): string => JSON.stringify(view);

/** What a side did, in a form that is equal for equal behaviour. */
function behaviour(run: Run, side: Side): string {
  const did = isPage(run) ? pageFacts(run)[side] : answerFacts(run.exchanges[side], run.probe.timed === true);
  return JSON.stringify([did, run.ended?.[side]?.how]);
}

/** True if the two servers did not do the same. */
export const differs = (run: Run): boolean => behaviour(run, 'before') !== behaviour(run, 'after');

/**
 * True if a second look is needed: the two differ, and if only on the wire, then on the model or by a plain
 * probe. What is on the wire does not depend on the browser.
 */
export function isDoubtful(run: Run): boolean {
  if (!differs(run)) return false;
  if (!isPage(run) || run.engine === 'model') return true;
  const seen = viewsOf(run);
  return text(seen.before) !== text(seen.after);
}

/** The sides that answer alternately: the same request four times, and not the same answer. Only `repeat` shows it. */
export function alternatingSides(run: Run): readonly Side[] {
  if (!isPage(run) || run.probe.interpretation !== 'repeat') return [];
  const facts = pageFacts(run);
  return SIDES.filter(side => facts[side].some(step => step.outcome !== facts[side][0]?.outcome));
}

/** Which sides answer alternately, in an engine or, for plain probes, in any. */
export function alternatesOf(runs: readonly Run[]): (run: Run) => readonly Side[] {
  const known = runs.filter(isPage).filter(run => alternatingSides(run).length > 0);
  return run => {
    const found = known.find(({ engine }) => !isPage(run) || engine === run.engine);
    return found ? alternatingSides(found) : [];
  };
}

/** Finds the later rounds of a run. */
export function repeatsOf(again: readonly Run[]): (run: Run) => readonly Run[] {
  const rounds = new Map<string, Run[]>();
  for (const run of again) rounds.set(runKey(run), [...(rounds.get(runKey(run)) ?? []), run]);
  return run => rounds.get(runKey(run)) ?? [];
}

/** The sides that did not do the same in every round. */
export const unstableSides = (run: Run, rounds: readonly Run[]): readonly Side[] =>
  SIDES.filter(side => rounds.some(later => behaviour(later, side) !== behaviour(run, side)));

/** Those that were not answered as before: a third look tells what happened once from what comes and goes. */
export function unstableRuns(runs: readonly Run[], again: readonly Run[]): Run[] {
  const later = repeatsOf(again);
  return runs.filter(run => unstableSides(run, later(run)).length > 0);
}
