/** Where engines are known to differ from the model, as the fuzzer meets it: the deviation and how to tell it. */
import type { EngineName } from '../../harness/engine/types.ts';
import type { Difference } from './compare.ts';

export interface KnownDifference {
  readonly id: string;
  readonly engine: EngineName;
  /** One sentence: what happens instead. */
  readonly what: string;
  /** The bug, the spec issue or the engine's source; else the Standard's step that the engine leaves. */
  readonly link: string;
  /** True where this deviation accounts for the difference. */
  readonly explains: (difference: Difference) => boolean;
}

export const known: readonly KnownDifference[] = [];

/** The listed deviation that accounts for a difference. */
export function whyDifferent(
  engine: EngineName,
  difference: Difference,
  list: readonly KnownDifference[] = known,
): KnownDifference | undefined {
  return list.find(one => one.engine === engine && one.explains(difference));
}
