/** Puts a run's results into a record, with where they come from. */

import { readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareEngines } from '../case/engine-name.ts';
import { outputAtOnce } from '../process/command.ts';
import { acceptResults, parseBaseline } from '../verdict/baseline.ts';
import { type EngineRecord, type Result, type RunRecord, SCHEMA } from '../verdict/record.ts';
import { absentEngine } from '../verdict/result.ts';
import type { RunOptions } from './options.ts';
import type { RunStart } from './run-start.ts';
import { readTextFile } from './text-file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The version of this tool, and the commit it stands at where that can be told. */
export function toolOf(): RunRecord['tool'] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = outputAtOnce(['git', 'rev-parse', 'HEAD'], root);
  return { version, ...(commit !== undefined && { commit }) };
}

export interface RunParts {
  readonly started: RunStart;
  readonly results: readonly Result[];
  readonly engines: readonly EngineRecord[];
  /** The place of a result's case among all cases. */
  readonly order: (result: Result) => number;
  readonly options: Pick<RunOptions, 'command' | 'missing' | 'baseline' | 'unlisted' | 'shard'>;
  readonly target?: RunRecord['target'];
}

/** The results as the baseline has them. @throws BaselineError for a file that is none */
function accepted(results: readonly Result[], file: string | undefined): readonly Result[] {
  if (file === undefined) return results;
  return acceptResults(results, parseBaseline(readTextFile(file), file)).results;
}

/** The record of a run; engines that are missing are in it, with the reason. */
export function makeRecord({ started, results, engines, order, options, target }: RunParts): RunRecord {
  const absent = (options.missing ?? [])
    .filter(({ name }) => !engines.some(engine => engine.name === name))
    .map(({ name, reason, fix }) => absentEngine(name as EngineRecord['name'], reason, fix));
  return {
    schema: SCHEMA,
    tool: toolOf(),
    run: {
      started: started.at.toISOString(),
      durationMs: started.elapsed(),
      command: options.command ?? 'npx playwright test',
      ...(options.unlisted && { unlisted: options.unlisted }),
      host: `${os.type()} ${os.release()} ${os.arch()}, Node ${process.versions.node}`,
      ...(options.shard && { shards: { of: options.shard.of, has: [options.shard.part] } }),
    },
    target: target ?? { name: 'embedded scripted target' },
    engines: [...engines, ...absent].sort((a, b) => compareEngines(a.name, b.name)),
    results: [...accepted(results, options.baseline)].sort(
      (a, b) => order(a) - order(b) || compareEngines(a.engine, b.engine),
    ),
  };
}
