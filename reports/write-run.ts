/** Ends a run: writes every report into one folder and prints the matrix. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../harness/verdict/record.ts';
import { renderConsole } from './console.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { wantsColor } from './terminal.ts';

export interface WriteRunOptions {
  /** Absolute path of the folder. */
  readonly out: string;
  readonly interrupted: boolean;
  readonly onlyDifferences: boolean;
}

/** @throws the system's error when the folder cannot be written */
export async function writeRun(record: RunRecord, options: WriteRunOptions): Promise<void> {
  const { out } = options;
  mkdirSync(out, { recursive: true });
  const files: Record<string, string> = {
    'results.json': renderJson(record),
    'report.html': renderHtml(record),
    'junit.xml': renderJunit(record),
  };
  for (const [name, text] of Object.entries(files)) {
    const temporary = join(out, `.${name}.${process.pid}`);
    writeFileSync(temporary, text);
    renameSync(temporary, join(out, name));
  }
  const { stdout } = process;
  const text = renderConsole(record, {
    color: wantsColor(process.env, stdout.isTTY === true),
    ...(stdout.columns && { width: stdout.columns }),
    paths: Object.keys(files).map(name => join(out, name)),
    onlyDifferences: options.onlyDifferences,
  });
  stdout.write(`${text}\n`);
}
