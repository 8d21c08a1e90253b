/** Puts the records of parts of a run together: shards, or one engine at a time. */
import { joinFindings } from './join-findings.ts';
import { ENGINE_NAMES, type EngineRecord, type RunRecord } from './record.ts';

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
 * Merges the records of one run's parts, in the order of the parts.
 *
 * @param parts at least one
 * @returns a record whose time is that of the longest part, as parts run beside each other
 * @throws MergeError for parts of different tools, targets or browsers, and for a result that two of them have
 */
export function mergeRecords(parts: readonly Part[]): RunRecord {
  const [first, ...others] = parts;
  if (!first) throw new MergeError('there is nothing to merge');
  for (const { name, record } of others) {
    if (record.tool.version !== first.record.tool.version)
      throw new MergeError(
        `${name} was made by version ${record.tool.version}, ${first.name} by ${first.record.tool.version}`,
      );
    if (identity(record.target) !== identity(first.record.target))
      throw new MergeError(`${name} is about another target than ${first.name}: ${record.target.name}`);
  }
  const records = parts.map(({ record }) => record);
  return {
    ...first.record,
    run: {
      ...first.record.run,
      started: records.map(({ run }) => run.started).sort()[0] as string,
      durationMs: Math.max(...records.map(({ run }) => run.durationMs)),
      command: [...new Set(records.map(({ run }) => run.command))].join(' + '),
    },
    engines: mergeEngines(parts),
    results: mergeResults(parts),
    ...(records.some(record => record.findings) && {
      findings: joinFindings(records.flatMap(record => record.findings ?? [])),
    }),
  };
}

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
  return ENGINE_NAMES.flatMap(name => merged.get(name)?.engine ?? []);
}

/** By case, in the order of the parts; the engines of a case beside each other. */
function mergeResults(parts: readonly Part[]): RunRecord['results'] {
  const seen = new Map<string, string>();
  const order = new Map<string, number>();
  for (const { name, record } of parts) {
    for (const { case: one, engine } of record.results) {
      const id = `${one.suite}:${one.id}`;
      const before = seen.get(`${engine} ${id}`);
      if (before !== undefined) throw new MergeError(`${id} in ${engine} is in ${before} and in ${name}`);
      seen.set(`${engine} ${id}`, name);
      if (!order.has(id)) order.set(id, order.size);
    }
  }
  const rank = (result: RunRecord['results'][number]) =>
    (order.get(`${result.case.suite}:${result.case.id}`) ?? 0) * ENGINE_NAMES.length +
    ENGINE_NAMES.indexOf(result.engine);
  return parts.flatMap(({ record }) => record.results).sort((a, b) => rank(a) - rank(b));
}
