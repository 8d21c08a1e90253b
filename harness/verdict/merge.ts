/** Puts the records of parts of a run together: shards, or one engine at a time. */
import { compareEngines } from '../case/engine-name.ts';
import { mergeCompleteness } from './completeness.ts';
import { joinFindings } from './join-findings.ts';
import { mergeChecks } from './merge-checks.ts';
import type { EngineRecord, RunRecord } from './record.ts';

/** Records that cannot be parts of one run. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}

/** The record of a part, with the name to call it by in errors. */
export interface Part {
  readonly name: string;
  readonly record: RunRecord;
}

/**
 * Merges the records of one run's parts: shards in their own order, others as they are given.
 *
 * @param given at least one
 * @returns a record whose time is that of the longest part, as parts run beside each other
 * @throws MergeError for parts of different tools, targets or browsers, and for a result that two of them have
 */
export function mergeRecords(given: readonly Part[]): RunRecord {
  const parts = inOrder(given);
  const [first, ...others] = parts;
  if (!first) throw new MergeError('there is nothing to merge');
  for (const { name, record } of others) {
    if (record.tool.version !== first.record.tool.version)
      throw new MergeError(
        `${name} was made by version ${record.tool.version}, ${first.name} by ${first.record.tool.version}`,
      );
    if (identity(record.target) !== identity(first.record.target))
      throw new MergeError(`${name} is about another target than ${first.name}: ${record.target.name}`);
    const [of, firstOf] = [record.run.shards?.of, first.record.run.shards?.of];
    if (of !== undefined && firstOf !== undefined && of !== firstOf)
      throw new MergeError(`${name} is one of ${of} parts, ${first.name} one of ${firstOf}`);
  }
  const records = parts.map(({ record }) => record);
  return {
    ...first.record,
    run: {
      ...withoutParts(first.record.run),
      ...mergeCompleteness(records),
      started: records.map(({ run }) => run.started).sort()[0] as string,
      durationMs: Math.max(...records.map(({ run }) => run.durationMs)),
      ...totalsOf(records),
      command: [...new Set(records.map(({ run }) => run.command))].join(' + '),
    },
    engines: mergeEngines(parts),
    results: mergeResults(parts),
    ...(records.some(record => record.findings) && {
      findings: joinFindings(records.flatMap(record => record.findings ?? [])),
    }),
    ...(records.some(record => record.checks) && {
      checks: mergeChecks(records.map(record => record.checks ?? [])),
    }),
    ...staleOf(records),
  };
}

/** By the number of the shard, where each of them is one: results then stand as they would in one run. */
function inOrder(parts: readonly Part[]): Part[] {
  const numberOf = ({ record }: Part) => record.run.shards?.has[0];
  if (parts.some(part => numberOf(part) === undefined)) return [...parts];
  return [...parts].sort((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0));
}

/** What is stale in a part; of shards, what none of them saw. */
function staleOf(records: readonly RunRecord[]): Pick<RunRecord, 'stale'> {
  const { shards } = mergeCompleteness(records);
  const [first = [], ...others] = records.flatMap(({ run }) => (run.shards ? [run.shards.unseen ?? []] : []));
  const unseen = first.filter(({ what }) => others.every(list => list.some(one => one.what === what)));
  const stale = [...records.flatMap(record => record.stale ?? []), ...(shards ? [] : unseen)];
  return stale.length > 0 ? { stale: [...new Map(stale.map(one => [one.what, one])).values()] } : {};
}

/** What `verify` sent and opened, in all parts. */
function totalsOf(
  records: readonly RunRecord[],
): Pick<RunRecord['run'], 'requests' | 'preflights' | 'pages'> {
  const names = (['requests', 'preflights', 'pages'] as const).filter(name =>
    records.some(({ run }) => run[name] !== undefined),
  );
  return Object.fromEntries(
    names.map(name => [name, records.reduce((sum, { run }) => sum + (run[name] ?? 0), 0)]),
  );
}

/** What a part says about being one does not hold for the whole. */
const withoutParts = ({ interrupted: _, shards: __, ...run }: RunRecord['run']): RunRecord['run'] => run;

/** What tells targets apart. A command's server is given another port in each part, so that does not. */
const identity = (target: RunRecord['target']): string =>
  JSON.stringify(target).replace(/(?<=localhost|127\.0\.0\.1):\d+/g, '');

/** An engine that ran in any of the parts has run. */
function mergeEngines(parts: readonly Part[]): EngineRecord[] {
  const merged = new Map<string, { readonly engine: EngineRecord; readonly from: string }>();
  for (const { name: from, record } of parts) {
    for (const engine of record.engines) {
      const known = merged.get(engine.name);
      if (!known || known.engine.notRun !== undefined) merged.set(engine.name, { engine, from });
      else if (engine.notRun === undefined && JSON.stringify(known.engine) !== JSON.stringify(engine))
        throw new MergeError(
          `${from} ran another ${engine.name} than ${known.from}: ${engine.version} (${engine.build}), not ${known.engine.version} (${known.engine.build})`,
        );
    }
  }
  return [...merged.values()].map(({ engine }) => engine).sort((a, b) => compareEngines(a.name, b.name));
}

/**
 * By case, in the order of the parts; the engines of a case next to each other. Each part of `verify` asks the wire
 * first; the same attempts are kept once.
 */
function mergeResults(parts: readonly Part[]): RunRecord['results'] {
  const seen = new Map<string, string>();
  const kept: RunRecord['results'][number][] = [];
  for (const { name, record } of parts) {
    for (const result of record.results) {
      const key = `${result.engine} ${caseOf(result)}`;
      const before = seen.get(key);
      if (before !== undefined && record.findings && result.engine === 'model') continue;
      if (before !== undefined)
        throw new MergeError(`${caseOf(result)} in ${result.engine} is in ${before} and in ${name}`);
      seen.set(key, name);
      kept.push(result);
    }
  }
  const order = orderOf(parts.map(({ record }) => [...new Set(record.results.map(caseOf))]));
  const rank = (result: RunRecord['results'][number]) => order.get(caseOf(result)) ?? 0;
  return kept.sort((a, b) => rank(a) - rank(b) || compareEngines(a.engine, b.engine));
}

const caseOf = ({ case: { suite, id } }: RunRecord['results'][number]): string => `${suite}:${id}`;

/** One order of all cases: what only a later part has stands before what follows it there. */
function orderOf(parts: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  let order: string[] = [];
  for (const part of parts) {
    const known = new Set(order);
    const before = new Map<string | undefined, string[]>();
    let waiting: string[] = [];
    for (const id of part) {
      if (!known.has(id)) waiting.push(id);
      else if (waiting.length > 0) {
        before.set(id, waiting);
        waiting = [];
      }
    }
    order = [...order.flatMap(id => [...(before.get(id) ?? []), id]), ...waiting];
  }
  return new Map(order.map((id, index) => [id, index]));
}
