/** `results.json` and the JSON Schema it follows. */
import { z } from 'zod';
import { otherVersion } from '../harness/verdict/format-version.ts';
import { type RunRecord, recordSchema, SCHEMA } from '../harness/verdict/record.ts';

/**
 * The record as JSON with a final line end. Members come in the schema's order and nothing else is let through, so
 * that two runs can be compared line by line.
 *
 * @throws {z.ZodError} where the record does not follow its own schema
 */
export function renderJson(record: RunRecord): string {
  return `${JSON.stringify(recordSchema.parse(record), null, 2)}\n`;
}

/** The JSON Schema (draft 2020-12) of `results.json`, as text. */
export function resultsSchema(): string {
  return `${JSON.stringify({ title: 'cors-conformance results', ...z.toJSONSchema(recordSchema) }, null, 2)}\n`;
}

/** Why a text is no record: the sentence names the first place that is wrong. */
export class BadRecordError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadRecordError';
  }
}

/** Counted twice, a result would change every sum. @throws BadRecordError */
function requireOnce({ results }: RunRecord): void {
  const seen = new Map<string, number>();
  for (const [index, { engine, case: theCase }] of results.entries()) {
    const key = `${theCase.suite}:${theCase.id} in ${engine}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw new BadRecordError(
        `not a results file: results.${index} is ${key} again, which results.${before} is already`,
      );
    seen.set(key, index);
  }
}

/**
 * Reads what `renderJson` wrote.
 *
 * @throws {BadRecordError} where the text is no JSON, not this schema, or holds a result twice
 */
export function parseRecord(text: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadRecordError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const other = otherVersion(value, SCHEMA, 'run the cases again to write the file anew');
  if (other) throw new BadRecordError(other);
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) {
    requireOnce(parsed.data);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const more = parsed.error.issues.length - 1;
  const path = issue?.path.map(String).join('.') || 'the top level';
  throw new BadRecordError(
    `not a results file: at ${path}: ${issue?.message ?? 'unknown'}${more > 0 ? ` (and ${more} more)` : ''}`,
  );
}
