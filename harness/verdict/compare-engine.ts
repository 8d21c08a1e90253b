/**
 * Holds what an engine showed against the Standard's model and, where they differ, against the model changed by the
 * engine's known deviations. Only a changed model that predicts exactly what was seen explains it. Pure.
 */
import type { PredictedStep, StepObservation } from '../case/observation.ts';
import { mergeQuirks, NO_QUIRKS, type Quirks } from '../standard/quirks.ts';
import { type Deviation, names } from './deviations.ts';
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
 * @param deviations those of this very engine
 * @returns undefined if the model cannot run the case: nothing can be said
 */
export function compareWithModel(
  observed: ObservedForComparison,
  deviations: readonly Deviation[],
  predict: PredictCase,
): EngineComparison | undefined {
  const standard = predict(NO_QUIRKS);
  if (!standard) return undefined;
  const { steps, suite, caseId } = observed;
  const differences = differencesFrom(standard, steps);
  const modelled = withModels(deviations);
  const differs: Differs = list => {
    const predicted = predict(quirksOf(list));
    return predicted && differencesFrom(predicted, steps);
  };
  if (differences.length === 0) {
    const changed = modelled.length > 0 && differs(modelled)?.length !== 0;
    return {
      differences,
      standard,
      predicted: standard,
      shown: [],
      stale: changed ? harmful(modelled, differs) : [],
    };
  }
  for (const list of [modelled.filter(one => names(one, suite, caseId)), modelled]) {
    const used = new Set<Deviation>();
    const predicted = list.length > 0 ? predict(recording(list, used)) : undefined;
    if (predicted && differencesFrom(predicted, steps).length === 0) {
      return {
        differences,
        standard,
        predicted,
        shown: needed(
          list.filter(one => used.has(one)),
          differs,
        ),
        stale: [],
      };
    }
  }
  const left = modelled.length > 0 ? differs(modelled) : undefined;
  return {
    differences,
    standard,
    ...(left && { left: new Set(left.map(({ id }) => id)) }),
    shown: [],
    stale: [],
  };
}

const modelledOf = new WeakMap<readonly Deviation[], readonly Deviation[]>();

/** The same list for the same list, so that its quirks are merged once. */
function withModels(deviations: readonly Deviation[]): readonly Deviation[] {
  const modelled = modelledOf.get(deviations) ?? deviations.filter(({ asIf }) => asIf !== undefined);
  modelledOf.set(deviations, modelled);
  return modelled;
}

const merged = new WeakMap<readonly Deviation[], Quirks>();

function quirksOf(deviations: readonly Deviation[]): Quirks {
  const known = merged.get(deviations);
  if (known) return known;
  const quirks = mergeQuirks(deviations.flatMap(({ asIf }) => asIf ?? []));
  merged.set(deviations, quirks);
  return quirks;
}

/** The same quirks, noting whose functions changed anything: the others have nothing to do with what follows. */
function recording(deviations: readonly Deviation[], used: Set<Deviation>): Quirks {
  return mergeQuirks(deviations.map(deviation => noting(deviation, () => used.add(deviation))));
}

/** A flag is taken to be used. */
function noting({ asIf = {} }: Deviation, note: () => void): Quirks {
  const noted = Object.entries(asIf).map(([name, quirk]) => {
    if (typeof quirk !== 'function') {
      note();
      return [name, quirk];
    }
    const noticed = (standard: unknown, ...context: unknown[]): unknown => {
      const changed = (quirk as (...values: unknown[]) => unknown)(standard, ...context);
      if (!isSame(changed, standard)) note();
      return changed;
    };
    return [name, noticed];
  });
  return Object.fromEntries(noted);
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));

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
