/** What a run was to do and brought no result for, because a worker broke down: it is told, never left out. */
import type { Case, Suite } from '../case/schema.ts';
import type { EngineRecord, Result, RunEngineName } from '../verdict/record.ts';
import { absentEngine, withoutVerdict } from '../verdict/result.ts';

export interface Asked {
  /** By engine, `suite:case`. */
  readonly plan: Readonly<Record<string, readonly string[]>>;
  /** Why an engine's worker broke down, as far as that was told. */
  readonly reasons: ReadonlyMap<string, string>;
  /** All that cases may come from. */
  readonly suites: readonly Suite[];
}

export interface Came {
  readonly engines: readonly EngineRecord[];
  readonly results: readonly Result[];
}

/** What came of a run, with engines that never came up as not run, and a result for each case that has none. */
export function withLost({ plan, reasons, suites }: Asked, { engines, results }: Came): Came {
  const had = new Set(results.map(({ engine, case: one }) => `${engine} ${one.suite}:${one.id}`));
  const cases = new Map<string, { readonly case: Case; readonly suite: Suite }>(
    suites.flatMap(suite => suite.cases.map(one => [`${suite.id}:${one.id}`, { case: one, suite }] as const)),
  );
  const reasonOf = (name: string) =>
    `its worker gave no result: ${reasons.get(name) ?? 'no reason was given'}`;
  const never = Object.keys(plan).filter(name => !engines.some(engine => engine.name === name));
  const lost = Object.entries(plan).flatMap(([name, ids]) =>
    never.includes(name)
      ? []
      : ids.flatMap(id => {
          const about = cases.get(id);
          if (about === undefined || had.has(`${name} ${id}`)) return [];
          const engine = name as RunEngineName;
          return withoutVerdict({ ...about, engine }, 'harness-error', reasonOf(name));
        }),
  );
  return {
    engines: [...engines, ...never.map(name => absentEngine(name as RunEngineName, reasonOf(name)))],
    results: [...results, ...lost],
  };
}
