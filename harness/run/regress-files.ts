/** What `regress` and `bisect` write and print: the record in every form, and the file of accepted changes. */
import { appendFileSync, existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { renderRegression, renderRegressionMarkdown } from '../../reports/regression.ts';
import { renderRegressionAnnotations, renderRegressionJunit } from '../../reports/regression-ci.ts';
import { renderRegressionHtml } from '../../reports/regression-html.ts';
import { renderMatrix, renderMatrixMarkdown } from '../../reports/regression-matrix.ts';
import { wantsColor } from '../../reports/terminal.ts';
import {
  ACCEPT_SCHEMA,
  type AcceptFile,
  acceptFileOf,
  acceptFileSchema,
  FIRST_ACCEPT_SCHEMA,
  type ReadAcceptFile,
} from '../regress/accept.ts';
import type { ReleaseMatrix } from '../regress/matrix.ts';
import type { RegressRecord } from '../regress/record.ts';
import { joinTransitions, type Transition } from '../regress/transitions.ts';
import { otherVersion } from '../verdict/format-version.ts';
import { redactAll, secretsIn } from '../verdict/redact.ts';
import { unsaidReason } from '../verdict/unsaid-reason.ts';
import { CliError } from './exit.ts';
import type { Io } from './io.ts';
import { readTextFile } from './text-file.ts';
import { writeFiles } from './write-files.ts';

interface WriteOptions {
  readonly out: string;
  readonly io: Io;
  /** In which form it is printed; as JSON by the caller, who may have more to print. */
  readonly form: 'text' | 'json' | 'markdown';
  /** As text, only changes and the last sentence. */
  readonly quiet?: boolean;
}

/**
 * Takes the secrets out of a record, writes it in every form, and prints it in one.
 * @returns the record without secrets
 * @throws CliError if the folder cannot be written
 */
export function writeRegression(
  raw: RegressRecord,
  { out, io, form, quiet = false }: WriteOptions,
): RegressRecord {
  const record = withoutKnown(raw, io);
  const json = `${JSON.stringify(record, null, 2)}\n`;
  const text = renderRegressionMarkdown(record);
  const paths = writeFiles(out, {
    'regress.json': json,
    'regress.html': renderRegressionHtml(record),
    'regress.md': text,
    'junit.xml': renderRegressionJunit(record),
  });
  if (io.env.GITHUB_ACTIONS === 'true') io.stderr.write(renderRegressionAnnotations(record));
  appendSummary(text, io);
  if (form === 'markdown') io.stdout.write(text);
  else if (form === 'text') io.stdout.write(renderRegression(record, { ...terminalOf(io), paths, quiet }));
  return record;
}

/** Without the secrets that it names, and without those of the command line. */
function withoutKnown<T>(data: T, { secrets }: Io): T {
  const known = secretsIn(data);
  known.addAll(secrets);
  return redactAll(data, known);
}

/** The same for a matrix. */
export function writeMatrix(raw: ReleaseMatrix, { out, io, form }: WriteOptions): void {
  const matrix = withoutKnown(raw, io);
  const json = `${JSON.stringify(matrix, null, 2)}\n`;
  const text = renderMatrixMarkdown(matrix);
  const paths = writeFiles(out, { 'matrix.json': json, 'matrix.md': text });
  if (form === 'json') io.stdout.write(json);
  else if (form === 'markdown') io.stdout.write(text);
  else io.stdout.write(renderMatrix(matrix, { ...terminalOf(io), paths }));
}

/** In a workflow of GitHub the comparison stands on the run's page. */
function appendSummary(text: string, { env, stderr }: Io): void {
  const file = env.GITHUB_STEP_SUMMARY;
  if (env.GITHUB_ACTIONS !== 'true' || !file) return;
  try {
    appendFileSync(file, `${text}\n`);
  } catch (error) {
    stderr.write(`the step summary cannot be written: ${(error as Error).message}\n`);
  }
}

const terminalOf = ({ stdout, env }: Io) => ({
  color: wantsColor(env, stdout.isTTY === true),
  ...(stdout.columns && { width: stdout.columns }),
});

/**
 * Reads a file of accepted changes.
 * @param mayBeMissing it is about to be written
 * @throws CliError that says what is wrong with it, and where
 */
export function readAccepted(path: string, mayBeMissing: boolean): ReadAcceptFile | null {
  const file = resolve(path);
  if (!existsSync(file)) {
    if (mayBeMissing) return null;
    throw new CliError(`--accept: there is no file ${file}; --update-accept writes it`);
  }
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(
      `--accept: ${file} ${code ? `cannot be read (${code})` : `is not JSON: ${message}`}; --update-accept writes one`,
    );
  }
  const isFirst = (value as { schema?: unknown } | null)?.schema === FIRST_ACCEPT_SCHEMA;
  const other = isFirst ? undefined : otherVersion(value, ACCEPT_SCHEMA, '--update-accept writes it anew');
  if (other) throw new CliError(`--accept: ${file}: ${other}`);
  const parsed = acceptFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliError(
    `--accept: ${file}: ${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message}; --update-accept writes it anew`,
  );
}

/**
 * Writes what changes now as accepted; the reasons that were given before stay.
 * @returns the file, and the changes that it accepts
 * @throws CliError
 */
export function writeAccepted(
  path: string,
  records: readonly RegressRecord[],
  before: ReadAcceptFile | null,
): { readonly file: string; readonly changes: AcceptFile['changes'] } {
  const file = resolve(path);
  const accepted = acceptFileOf(merged(records), before, unsaidReason());
  writeFiles(dirname(file), { [basename(file)]: `${JSON.stringify(accepted, null, 2)}\n` });
  return { file, changes: accepted.changes };
}

type Merged = RegressRecord['changes'][number] & { readonly transitions: readonly Transition[] };

/** The changes of several comparisons, each once with all its requests. */
function merged(records: readonly RegressRecord[]): Merged[] {
  const found = new Map<string, Merged>();
  for (const change of records.flatMap(({ changes }) => changes)) {
    const known = found.get(change.id);
    const requests = [...(known?.requests ?? []), ...change.requests];
    found.set(change.id, {
      ...change,
      requests: requests.filter((one, i) => requests.findIndex(({ id }) => id === one.id) === i),
      transitions: joinTransitions([...(known?.transitions ?? []), ...(change.transitions ?? [])]),
    });
  }
  return [...found.values()];
}
