/** Work on many items, several at a time, but never two at once that need the same thing for themselves. */

export interface SideBySide<T> {
  /** How many may be under way at a time. */
  readonly atOnce: number;
  /** What an item needs for itself while it is under way. */
  readonly keysOf?: (item: T) => readonly string[];
  /** Nothing else is under way together with it. */
  readonly isAlone?: (item: T) => boolean;
  /** It mostly waits, so it does not count as under way. What does not wait starts once those that do sleep. */
  readonly waits?: (item: T) => boolean;
}

/** Sleeps for so many milliseconds. Meanwhile others may have what the item needs for itself; it gets it back then. */
export type Pause = (ms: number) => Promise<void>;

/**
 * Does the work for every item, in their order as far as possible.
 * @returns what came of each, in the order of the items
 * @throws the first thing that any work throws, once all that was under way has ended
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  options: SideBySide<T>,
  work: (item: T, index: number, pause: Pause) => Promise<R>,
): Promise<R[]> {
  const { atOnce, keysOf = () => [], isAlone = () => false, waits = () => false } = options;
  const results: R[] = [];
  const pending = items.map((item, index) => ({ item, index }));
  const busy = new Set<string>();
  const underWay = new Set<Promise<void>>();
  /** Those that have slept and want back what they need. */
  const awake = new Set<{ readonly keys: readonly string[]; readonly resume: () => void }>();
  /** Those that mostly wait and have not begun to: the sooner they do, the sooner all is done. */
  const beforeSleep = new Set<number>();
  let working = 0;
  let paused = 0;
  let alone = false;
  let failed: { readonly error: unknown } | null = null;
  let look: () => void = () => undefined;

  const isFree = (keys: readonly string[]): boolean => keys.every(key => !busy.has(key));
  const mayStart = (item: T): boolean => {
    if (alone || (isAlone(item) && underWay.size > paused)) return false;
    if (!waits(item) && (working >= atOnce || beforeSleep.size > 0)) return false;
    const keys = keysOf(item);
    return isFree(keys) && ![...awake].some(one => one.keys.some(key => keys.includes(key)));
  };
  const pauseFor =
    (keys: readonly string[], index: number): Pause =>
    async ms => {
      beforeSleep.delete(index);
      for (const key of keys) busy.delete(key);
      paused += 1;
      look();
      await new Promise(resolve => setTimeout(resolve, ms));
      await new Promise<void>(resume => {
        awake.add({ keys, resume });
        look();
      });
    };
  const start = ({ item, index }: { item: T; index: number }): void => {
    const keys = keysOf(item);
    for (const key of keys) busy.add(key);
    const weight = waits(item) ? 0 : 1;
    working += weight;
    if (weight === 0) beforeSleep.add(index);
    alone = isAlone(item);
    const done = work(item, index, pauseFor(keys, index))
      .then(
        result => {
          results[index] = result;
        },
        (error: unknown) => {
          failed ??= { error };
        },
      )
      .finally(() => {
        for (const key of keys) busy.delete(key);
        working -= weight;
        beforeSleep.delete(index);
        if (isAlone(item)) alone = false;
        underWay.delete(done);
      });
    underWay.add(done);
  };
  const wake = (): void => {
    for (const one of awake) {
      if (alone || !isFree(one.keys)) continue;
      awake.delete(one);
      for (const key of one.keys) busy.add(key);
      paused -= 1;
      one.resume();
    }
  };
  while (pending.length > 0 || underWay.size > 0) {
    const called = new Promise<void>(resolve => {
      look = resolve;
    });
    wake();
    for (let at = failed ? -1 : pending.findIndex(({ item }) => mayStart(item)); at >= 0; ) {
      start(pending.splice(at, 1)[0] as { item: T; index: number });
      at = pending.findIndex(({ item }) => mayStart(item));
    }
    if (underWay.size === 0) break;
    await Promise.race([called, ...underWay]);
  }
  if (failed) throw (failed as { error: unknown }).error;
  return results;
}
