/** Runs explained differences again, some at random, and holds them against nothing but what is said to explain them. */
import fc from 'fast-check';
import type { ObservedCase } from '../harness/lab/lab.ts';
import { observeWithModel, predictedSteps } from '../harness/lab/model.ts';
import { mergeQuirks } from '../harness/standard/quirks.ts';
import type { Deviation } from '../harness/verdict/deviations.ts';
import { differencesFrom } from '../harness/verdict/whole.ts';
import type { ModelDifference } from './compare.ts';
import type { Runner } from './hunt.ts';

export interface Rechecked {
  readonly genuine: number;
  /** Those that are not, with the reason. */
  readonly others: readonly { readonly id: string; readonly why: string }[];
}

/** Runs so many of the explained differences again; the same seed picks the same ones. */
export async function recheck(
  explained: readonly ModelDifference[],
  { count, seed, runner }: { readonly count: number; readonly seed: number; readonly runner: Runner },
): Promise<Rechecked> {
  const arbitrary = fc.shuffledSubarray([...explained], { minLength: Math.min(count, explained.length) });
  const [shuffled = []] = fc.sample(arbitrary, { seed, numRuns: 1 });
  const others: { id: string; why: string }[] = [];
  const picked = shuffled.slice(0, count);
  for (const { case: one, explainedBy } of picked) {
    const ran = await runner.run({ ...one });
    const why = 'failure' in ran ? ran.failure : whyNotGenuine(ran.observed, explainedBy);
    if (why !== null) others.push({ id: one.id, why });
  }
  return { genuine: picked.length - others.length, others };
}

/**
 * Null if the model changed by all of these deviations, and by no fewer, predicts exactly what was seen.
 *
 * @param deviations those that are said to explain it
 */
function whyNotGenuine(observed: ObservedCase, deviations: readonly Deviation[]): string | null {
  const unlike = (list: readonly Deviation[]): string | null => {
    const { scene, observation } = observed;
    const quirks = mergeQuirks(list.flatMap(({ asIf }) => asIf ?? []));
    const predicted = predictedSteps(observeWithModel(scene.case, { scene, quirks }));
    const differences = predicted && differencesFrom(predicted, observation.steps);
    return differences?.length === 0 ? null : (differences?.map(({ id }) => id).join(', ') ?? 'not modelled');
  };
  const names = deviations.map(({ id }) => id).join(', ');
  const left = unlike(deviations);
  if (left !== null) return `${names}: ${left}`;
  const idle = deviations.find(one => unlike(deviations.filter(other => other !== one)) === null);
  return idle ? `the same without ${idle.id}` : null;
}
