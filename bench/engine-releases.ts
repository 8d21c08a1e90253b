/**
 * Runs all cases in releases of Chromium and records in which of them each case differs from the Standard: what
 * docs/engines.md is made of. Half a minute each; all releases of the record are named at once.
 * Usage: npm run engine-releases -- 92 103 … | --results FOLDER…   (folders that earlier runs wrote)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { releasesOf } from '../harness/docs/engine-releases.ts';
import { runCommand } from '../harness/process/command.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { programCalled } from './options.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'harness/docs/engine-releases.json');
const recordIn = (folder: string): RunRecord =>
  JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));

async function run(engine: string): Promise<RunRecord> {
  const out = mkdtempSync(join(tmpdir(), 'cors-conformance-releases-'));
  try {
    process.stderr.write(`${engine} …\n`);
    const cli = join(root, 'harness/bootstrap.mjs');
    await runCommand([process.execPath, cli, 'run', '--engine', engine, '--out', out], { cwd: root });
    return recordIn(out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const program = programCalled('engine-releases')
  .description(
    'run all cases in releases of Chromium and record how they differ: docs/engines.md is made of it',
  )
  .argument(
    '[releases...]',
    'every release of the record, such as 92 103, and chromium for the installed one',
  )
  .option('--results <folders...>', 'folders that earlier runs wrote, instead of running')
  .parse();
const { results } = program.opts<{ results?: string[] }>();
if (program.args.length === 0 && results === undefined)
  program.error('name releases, such as 92 103, or chromium, or --results FOLDER…');
const records: RunRecord[] = (results ?? []).map(recordIn);
for (const release of program.args)
  records.push(await run(/^\d/.test(release) ? `chromium@${release}` : release));
writeFileSync(file, `${JSON.stringify(releasesOf(records), null, 2)}\n`);
