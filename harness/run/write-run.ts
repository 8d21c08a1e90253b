/** Ends a run: writes every report into one folder, prints the matrix, and tells the CI it runs in. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderBadge } from '../../reports/badge.ts';
import { renderConsole } from '../../reports/console.ts';
import { renderGithub } from '../../reports/github.ts';
import { renderHtml } from '../../reports/html.ts';
import { renderJson } from '../../reports/json.ts';
import { renderJunit } from '../../reports/junit.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { PLAYGROUND_FILE } from '../../reports/playground-link.ts';
import { renderSarif } from '../../reports/sarif.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { count } from '../../reports/words.ts';
import { playgroundHtml } from '../playground/page.ts';
import { baselineText } from '../verdict/baseline.ts';
import { proposedEntries } from '../verdict/proposals.ts';
import type { RunRecord } from '../verdict/record.ts';
import { redactRecord } from '../verdict/redact.ts';
import type { Secrets } from '../wire/secrets.ts';
import { type Io, processIo } from './io.ts';
import { SlowSteps } from './slow-steps.ts';
import { writeFiles } from './write-files.ts';

export interface WriteRunOptions {
  /** What the configuration or the case files declare secret; false keeps everything as it was seen. */
  readonly secrets?: Secrets | false;
  /** Absolute path of the folder. */
  readonly out: string;
  readonly onlyDifferences?: boolean;
  /** The baseline that the run was held against: it is never written over. */
  readonly baseline?: string | undefined;
  /** Under `verify`: show explanations and every check. */
  readonly verbose?: boolean;
  /** Print only what is not as it should be, and the last sentence. */
  readonly quiet?: boolean;
  /** Print the record to standard output, and the text to standard error. */
  readonly json?: boolean;
  /** Where it is printed; this process's streams where omitted. */
  readonly io?: Pick<Io, 'stdout' | 'stderr' | 'env'>;
}

/** Entries for what is not listed for the builds of this run, under a name that is no baseline's in use. */
function proposal(
  record: RunRecord,
  out: string,
  baseline: string | undefined,
): Readonly<Record<string, string>> {
  const proposed = record.findings ? null : proposedEntries(record);
  if (proposed === null) return {};
  const name = baseline === join(out, 'deviations.json') ? 'deviations-new.json' : 'deviations.json';
  return { [name]: baselineText(proposed) };
}

/** How much work a report is, taking the secrets out of its record being 1: as measured of a run of all cases. */
const WORK = { 'results.json': 1.2, 'report.html': 1.8, 'junit.xml': 0.3 } as const;

/**
 * Takes the secrets out of a record, writes it in every form, and prints it.
 * @throws WriteError when the folder cannot be written
 */
export function writeRun(
  raw: RunRecord,
  { out, secrets, baseline, json = false, io = processIo([]), ...options }: WriteRunOptions,
): void {
  const slow = new SlowSteps(line => options.quiet || io.stderr.write(`${line}\n`));
  const redaction = { title: `Taking the secrets out of ${count(raw.results.length, 'result')} …`, work: 1 };
  const record = secrets === false ? raw : slow.take(redaction, tick => redactRecord(raw, secrets, tick));
  const made = (name: keyof typeof WORK, render: (record: RunRecord) => string) =>
    slow.take({ title: `Making ${name} …`, work: WORK[name] }, () => render(record));
  const markdown = renderMarkdown(record);
  const files = {
    'results.json': made('results.json', renderJson),
    'report.html': made('report.html', renderHtml),
    [PLAYGROUND_FILE]: playgroundHtml(),
    'junit.xml': made('junit.xml', renderJunit),
    'summary.md': markdown,
    'badge.svg': renderBadge(record),
    ...(record.findings && { 'findings.sarif': renderSarif(record) }),
    ...proposal(record, out, baseline),
  };
  writeFiles(out, files);
  const { 'report.html': _, ...others } = files;
  const written = `report ${join(out, 'report.html')} (also ${Object.keys(others).join(', ')})`;
  const { env } = io;
  if (json) io.stdout.write(files['results.json']);
  const stdout = json ? io.stderr : io.stdout;
  const color = wantsColor(env, stdout.isTTY === true);
  const width = stdout.columns ? { width: stdout.columns } : {};
  const text = renderConsole(record, { color, ...width, written, ...options });
  stdout.write(options.quiet ? text : `${text}\n`);
  if (env.GITHUB_ACTIONS === 'true') stdout.write(renderGithub(record));
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}
