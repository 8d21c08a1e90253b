/** Drawing at random, by fast-check's generator: the same seed always draws the same. */
import fc from 'fast-check';

export interface Draw {
  /** One of them, each as likely as the others. */
  pick<T>(list: readonly T[]): T;
  /** True in so many of 100. */
  chance(percent: number): boolean;
  /** Between `min` and `max` of them, in the order in which they were drawn; the same one may come twice. */
  some<T>(list: readonly T[], min: number, max: number): T[];
}

// A whole number without fast-check's bias towards small and extreme ones, which would skew every choice.
const below = (count: number) => fc.noBias(fc.integer({ min: 0, max: count - 1 }));

/** An arbitrary of whatever `make` builds from what it draws. */
export function drawn<T>(make: (draw: Draw) => T): fc.Arbitrary<T> {
  return fc.gen().map(generate => {
    const pick = <V>(list: readonly V[]): V => list[generate(below, list.length)] as V;
    return make({
      pick,
      chance: percent => generate(below, 100) < percent,
      some: (list, min, max) =>
        Array.from({ length: min + generate(below, max - min + 1) }, () => pick(list)),
    });
  });
}
