/** A run of the model alone: no browser, so no Playwright either. */

import type { Suite } from '../case/schema.ts';
import type { RunRecord } from '../verdict/record.ts';
import type { Io } from './io.ts';
import { makeRecord } from './make-record.ts';
import { MODEL, modelResult } from './model-runner.ts';
import type { RunOptions } from './options.ts';
import { secretsOfRun } from './run-secrets.ts';
import { startNow } from './run-start.ts';
import { writeRun } from './write-run.ts';

/** Runs the cases on the model and writes the reports. @returns the record */
export function runModel(
  suites: readonly Suite[],
  options: RunOptions & { readonly out: string; readonly io?: Io },
): RunRecord {
  const started = startNow();
  const results = suites.flatMap(suite => suite.cases.map(one => modelResult(suite, one)));
  const place = new Map(results.map((result, i) => [result, i]));
  const record = makeRecord({
    started,
    results,
    engines: [MODEL],
    order: result => place.get(result) ?? 0,
    options,
  });
  writeRun(record, {
    out: options.out,
    onlyDifferences: options.onlyDifferences === true,
    baseline: options.baseline,
    quiet: options.quiet === true,
    json: options.json === true,
    secrets: secretsOfRun(suites, options),
    ...(options.io && { io: options.io }),
  });
  return record;
}
