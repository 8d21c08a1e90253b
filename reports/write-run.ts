/** Ends a run: writes every report into one folder, prints the matrix, and tells the CI it runs in. */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import type { RunRecord } from '../harness/verdict/record.ts';
import { renderBadge } from './badge.ts';
import { renderConsole } from './console.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { wantsColor } from './terminal.ts';
import { writeFiles } from './write.ts';

export interface WriteRunOptions {
  /** Absolute path of the folder. */
  readonly out: string;
  readonly onlyDifferences?: boolean;
}

/** @throws WriteError when the folder cannot be written */
export function writeRun(record: RunRecord, { out, onlyDifferences = false }: WriteRunOptions): void {
  const markdown = renderMarkdown(record);
  const paths = writeFiles(out, {
    'results.json': renderJson(record),
    'report.html': renderHtml(record),
    'junit.xml': renderJunit(record),
    'summary.md': markdown,
    'badge.svg': renderBadge(record),
    ...(record.findings && { 'findings.sarif': renderSarif(record) }),
  });
  const { stdout, env } = process;
  const color = wantsColor(env, stdout.isTTY === true);
  const width = stdout.columns ? { width: stdout.columns } : {};
  stdout.write(`${renderConsole(record, { color, ...width, paths, onlyDifferences })}\n`);
  if (env.GITHUB_ACTIONS === 'true') stdout.write(renderGithub(record));
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}
