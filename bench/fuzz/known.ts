/** Where engines are known to differ from the model, as the fuzzer meets it: the deviation and how to tell it. */
import type { Case } from '../../harness/case/schema.ts';
import type { EngineName } from '../../harness/engine/types.ts';
import { type Difference, differenceAsIf } from './compare.ts';
import { knownInChromium } from './known-chromium.ts';
import { knownInFirefox } from './known-firefox.ts';
import { knownInWebKit } from './known-webkit.ts';
import { predictCase } from './predict.ts';

export interface KnownDifference {
  readonly id: string;
  readonly engine: EngineName;
  /** One sentence: what happens instead. */
  readonly what: string;
  /** The bug, the spec issue or the engine's source; else the Standard's step that the engine leaves. */
  readonly link: string;
  /** The case that the engine takes this one for; the same object where that is the case itself. */
  readonly asIf?: (theCase: Case) => Case;
  /** True where this deviation accounts for the difference, where that is no matter of another case. */
  readonly explains?: (difference: Difference) => boolean;
}

const of = (engine: EngineName, list: readonly Omit<KnownDifference, 'engine'>[]): KnownDifference[] =>
  list.map(one => ({ ...one, engine }));

export const known: readonly KnownDifference[] = [
  ...of('chromium', knownInChromium),
  ...of('firefox', knownInFirefox),
  ...of('webkit', knownInWebKit),
];

/**
 * The listed deviation that accounts for a difference. Where an engine treats a request or an answer as if it were
 * another one, the model is asked about that other one.
 */
export function whyDifferent(
  engine: EngineName,
  difference: Difference,
  list: readonly KnownDifference[] = known,
): KnownDifference | undefined {
  const own = list.filter(one => one.engine === engine);
  let left = difference;
  let all = difference.case;
  for (const one of own) {
    if (!one.asIf) continue;
    if (leftAsIf(difference, one.asIf(difference.case)) === null) return one;
    const more = one.asIf(all);
    const rest = leftAsIf(difference, more);
    if (rest === null) return one;
    if (rest === undefined || more === all) continue;
    all = more;
    left = rest;
  }
  return own.find(one => one.explains?.(left) || one.explains?.(difference)) ?? undefined;
}

/** Undefined where the other case is none: it is the same, or the model has no word on it. */
function leftAsIf(difference: Difference, other: Case): Difference | null | undefined {
  if (other === difference.case) return undefined;
  const predicted = predictCase(other).case;
  return predicted && differenceAsIf(difference, predicted);
}
