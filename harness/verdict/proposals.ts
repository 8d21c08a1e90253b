/** What a run proposes to list: the differences from the Standard that are not listed for an engine's build. Pure. */
import { engineTitle } from '../case/engine-name.ts';
import { BASELINE_SCHEMA, type Baseline, type BaselineEntry } from './baseline.ts';
import type { EngineRecord, Result, RunRecord } from './record.ts';

const buildWords = ({ name, version, build, os }: EngineRecord): string =>
  `${engineTitle(name)} ${version} (${[build, os].filter(Boolean).join(', ')})`;

function reasonOf({ outcome, deviation, engine: name }: Result, engines: readonly EngineRecord[]): string {
  if (outcome !== 'unlisted') return deviation?.what ?? '';
  const engine = engines.find(one => one.name === name);
  const like = deviation ? `, as other builds do, for which ${deviation.id} lists it: ${deviation.what}` : '';
  return `differs from the Standard in ${engine ? buildWords(engine) : name}${like}`;
}

/** Also what a baseline accepts in the same run, so that the proposal can take its place. */
const isProposed = ({ outcome, deviation }: Result): boolean =>
  outcome === 'unlisted' || (outcome === 'expected' && deviation?.id === 'baseline');

/**
 * A baseline that accepts every difference that is not listed for an engine's build, with what was seen.
 * @returns null if there is none
 */
export function proposedEntries({
  results,
  engines,
}: Pick<RunRecord, 'results' | 'engines'>): Baseline | null {
  if (!results.some(({ outcome }) => outcome === 'unlisted')) return null;
  const accept = results.filter(isProposed).map((result): BaselineEntry => {
    const failed = result.checks.filter(({ ok }) => !ok);
    return {
      case: result.case.id,
      suite: result.case.suite,
      engines: [result.engine],
      checks: failed.map(({ id }) => id),
      reason: reasonOf(result, engines),
      seen: Object.fromEntries(failed.map(({ id, observed }) => [id, observed])),
    };
  });
  return { schema: BASELINE_SCHEMA, accept };
}
