/** A run of the model alone: no browser, so no Playwright either. */

import { makeRecord } from '../../reports/make-record.ts';
import { writeRun } from '../../reports/write-run.ts';
import type { Suite } from '../case/schema.ts';
import { MODEL, modelResult } from '../playwright/model-runner.ts';
import type { RunOptions } from '../playwright/options.ts';
import type { RunRecord } from '../verdict/record.ts';
import { redactResult } from '../verdict/redact.ts';

/** Runs the cases on the model and writes the reports. @returns the record */
export function runModel(
  suites: readonly Suite[],
  options: RunOptions & { readonly out: string },
): RunRecord {
  const started = new Date();
  const raw = suites.flatMap(suite => suite.cases.map(one => modelResult(suite, one)));
  const results = options.keepCredentials ? raw : raw.map(redactResult);
  const place = new Map(results.map((result, i) => [result, i]));
  const record = makeRecord({
    started,
    results,
    engines: [MODEL],
    order: result => place.get(result) ?? 0,
    options,
  });
  writeRun(record, { out: options.out, onlyDifferences: options.onlyDifferences === true });
  return record;
}
