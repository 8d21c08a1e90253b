/** `results.json` and the JSON Schema it follows. */
import { z } from 'zod';
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

const [FORMAT, VERSION] = [SCHEMA.slice(0, SCHEMA.lastIndexOf('/') + 1), Number(SCHEMA.split('/').at(-1))];

/** @throws {BadRecordError} for a record in another version of the format, with what to do about it */
function checkVersion(value: unknown): void {
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema !== 'string' || !schema.startsWith(FORMAT)) return;
  const version = Number(schema.slice(FORMAT.length));
  if (version === VERSION || !Number.isInteger(version)) return;
  throw new BadRecordError(
    version > VERSION
      ? `written in version ${version} of the format, and this program reads version ${VERSION}: update it with npm install cors-conformance@latest`
      : `written in version ${version} of the format, and this program reads version ${VERSION}: run the cases again to write the file anew`,
  );
}

/**
 * Reads what `renderJson` wrote.
 *
 * @throws {BadRecordError} where the text is no JSON or not this schema
 */
export function parseRecord(text: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadRecordError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  checkVersion(value);
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const more = parsed.error.issues.length - 1;
  const path = issue?.path.map(String).join('.') || 'the top level';
  throw new BadRecordError(
    `not a results file: at ${path}: ${issue?.message ?? 'unknown'}${more > 0 ? ` (and ${more} more)` : ''}`,
  );
}
