/**
 * Holds what an engine showed against the Standard's model and, where they differ, against the model changed by the
 * engine's known deviations. Only a changed model that predicts exactly what was seen explains it. Pure.
 */

import type { PredictedStep, StepObservation } from '../case/observation.ts';
import { mergeQuirks, type Quirks } from '../standard/quirks.ts';
import { remembered } from '../standard/remember.ts';
import { watchedQuirks, watchedStandard } from '../standard/watch-quirks.ts';
import { type Deviation, namedIn } from './deviations.ts';
import type { Check } from './record.ts';
import { differencesFrom, isAside } from './whole.ts';

/** Predicts a case by the model with these quirks; undefined if the model cannot run it. */
export type PredictCase = (quirks: Quirks) => readonly PredictedStep[] | undefined;

/** A deviation that shows in a result. */
export interface Shown {
  readonly deviation: Deviation;
  /** It only shows in headers that play no part in the CORS protocol. */
  readonly aside: boolean;
}

export interface EngineComparison {
  /** Everything in which the engine differs from the Standard. */
  readonly differences: readonly Check[];
  /** What the Standard's model predicts. */
  readonly standard: readonly PredictedStep[];
  /** What the engine's model predicts, if that is exactly what was seen. */
  readonly predicted?: readonly PredictedStep[];
  /** What the engine's model leaves open, if it does not predict exactly what was seen: ids of differences. */
  readonly left?: ReadonlySet<string>;
  /** The deviations that make it so; empty if nothing differs or nothing explains it. */
  readonly shown: readonly Shown[];
  /** Deviations that would show here if they still happened. */
  readonly stale: readonly Deviation[];
}

/** A case as it was observed, to be compared. */
export interface ObservedForComparison {
  readonly suite: string;
  readonly caseId: string;
  readonly steps: readonly StepObservation[];
}

/**
 * Runs the model as seldom as the answer allows: quirks that have no say in a run need not be taken out of it one by one.
 *
 * @param deviations those of this very engine
 * @returns undefined if the model cannot run the case: nothing can be said
 */
export function compareWithModel(
  observed: ObservedForComparison,
  deviations: readonly Deviation[],
  predict: PredictCase,
): EngineComparison | undefined {
  const { steps, suite, caseId } = observed;
  const modelled = withModels(deviations);
  const { result: standard, noted: tempted } = predictedBy(standardOf(modelled), predict);
  if (!standard) return undefined;
  const differences = differencesFrom(standard, steps);
  const differs = remembering(list => {
    if (!list.some(one => tempted.has(one))) return differences;
    const predicted = predict(quirksOf(list));
    return predicted && differencesFrom(predicted, steps);
  });
  if (differences.length === 0) {
    const changed = differs(modelled)?.length !== 0;
    return {
      differences,
      standard,
      predicted: standard,
      shown: [],
      stale: changed ? harmful(modelled, differs) : [],
    };
  }
  const named = namedIn(modelled, suite, caseId);
  let left: readonly Check[] | undefined = modelled.length > 0 ? differences : undefined;
  for (const list of [named, modelled]) {
    if (!list.some(one => tempted.has(one))) continue;
    const { result: predicted, noted: used } = predictedBy(watchedOf(list), predict);
    left = predicted && differencesFrom(predicted, steps);
    if (predicted && left?.length === 0) {
      const shown = needed(
        list.filter(one => used.has(one)),
        differs,
      );
      return { differences, standard, predicted, shown, stale: [] };
    }
  }
  return {
    differences,
    standard,
    ...(left && { left: new Set(left.map(({ id }) => id)) }),
    shown: [],
    stale: [],
  };
}

/** Remembers what each list comes to. */
function remembering(differs: Differs): Differs {
  const known: { readonly list: readonly Deviation[]; readonly found: ReturnType<Differs> }[] = [];
  return list => {
    const before = known.find(one => isSameList(one.list, list));
    if (before) return before.found;
    const found = differs(list);
    known.push({ list, found });
    return found;
  };
}

const isSameList = (a: readonly Deviation[], b: readonly Deviation[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

type List = readonly Deviation[];

const withModels = remembered((list: List) => list.filter(({ asIf }) => asIf !== undefined));

const asIfs = (list: List): Quirks[] => list.map(({ asIf = {} }) => asIf);

const quirksOf = remembered((list: List) => mergeQuirks(asIfs(list)));

/** Quirks, and the deviations among them that have had a say since `noted` was last cleared. */
interface Watched {
  readonly quirks: Quirks;
  readonly noted: Set<Deviation>;
}

function watchedBy(watch: typeof watchedQuirks, list: readonly Deviation[]): Watched {
  const noted = new Set<Deviation>();
  return { quirks: watch(asIfs(list), at => noted.add(list[at] as Deviation)), noted };
}

const standardOf = remembered((list: List) => watchedBy(watchedStandard, list));
const watchedOf = remembered((list: List) => watchedBy(watchedQuirks, list));

/** A prediction, with the deviations that had a say in it. */
function predictedBy(
  { quirks, noted }: Watched,
  predict: PredictCase,
): { readonly result: ReturnType<PredictCase>; readonly noted: ReadonlySet<Deviation> } {
  noted.clear();
  const result = predict(quirks);
  return { result, noted: new Set(noted) };
}

type Differs = (list: readonly Deviation[]) => readonly Check[] | undefined;

/**
 * Those of an exact list that are left once all are gone without which it is still exact; of two that do the same, one.
 * One that is needed as long as another is there may not be without it, so that each is tried until all are needed.
 */
function needed(list: readonly Deviation[], differs: Differs): Shown[] {
  let left = list;
  const shown: Shown[] = [];
  for (const deviation of list) {
    const rest = left.filter(one => one !== deviation);
    const without = differs(rest);
    if (without?.length === 0) left = rest;
    else shown.push({ deviation, aside: without?.every(isAside) ?? false });
  }
  if (left.length < list.length) return needed(left, differs);
  return shown.sort((a, b) => Number(a.aside) - Number(b.aside));
}

/** Those that alone make the model predict something that was not seen. */
function harmful(list: readonly Deviation[], differs: Differs): Deviation[] {
  return list.filter(deviation => differs([deviation])?.length !== 0);
}
