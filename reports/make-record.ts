/** Puts a run's results into a record, with where they come from. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunOptions } from '../harness/playwright/options.ts';
import { acceptResults, parseBaseline } from '../harness/verdict/baseline.ts';
import {
  ENGINE_NAMES,
  type EngineRecord,
  type Result,
  type RunRecord,
  SCHEMA,
} from '../harness/verdict/record.ts';
import { absentEngine } from '../harness/verdict/result.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The version of this tool, and the commit it stands at where that can be told. */
export function toolOf(): RunRecord['tool'] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return { version, commit: commit.trim() };
  } catch {
    return { version };
  }
}

export interface RunParts {
  readonly started: Date;
  readonly results: readonly Result[];
  readonly engines: readonly EngineRecord[];
  /** The place of a result's case among all cases. */
  readonly order: (result: Result) => number;
  readonly options: Pick<RunOptions, 'command' | 'missing' | 'baseline'>;
  readonly target?: RunRecord['target'];
}

/** The results as the baseline has them. @throws BaselineError for a file that is none */
function accepted(results: readonly Result[], file: string | undefined): readonly Result[] {
  if (file === undefined) return results;
  return acceptResults(results, parseBaseline(readFileSync(file, 'utf8'), file)).results;
}

/** The record of a run; engines that are missing are in it, with the reason. */
export function makeRecord({ started, results, engines, order, options, target }: RunParts): RunRecord {
  const absent = (options.missing ?? [])
    .filter(({ name }) => !engines.some(engine => engine.name === name))
    .map(({ name, reason, fix }) => absentEngine(name as EngineRecord['name'], reason, fix));
  const rank = ({ engine }: Result) => ENGINE_NAMES.indexOf(engine);
  return {
    schema: SCHEMA,
    tool: toolOf(),
    run: {
      started: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      command: options.command ?? 'npx playwright test',
      host: `${os.type()} ${os.release()} ${os.arch()}, Node ${process.versions.node}`,
    },
    target: target ?? { name: 'embedded scripted target' },
    engines: ENGINE_NAMES.flatMap(name => [...engines, ...absent].find(engine => engine.name === name) ?? []),
    results: [...accepted(results, options.baseline)].sort(
      (a, b) => order(a) - order(b) || rank(a) - rank(b),
    ),
  };
}
