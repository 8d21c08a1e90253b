/**
 * Runs all cases in releases of Chromium and records in which of them each case differs from the Standard: what
 * docs/engines.md is made of. Some seconds each, several at a time; the record is written after each of these runs, and
 * what it has already is left out, so that an interruption costs little.
 * Usage: npm run engine-releases -- 92 103 … | all | --results FOLDER…   (folders that earlier runs wrote)
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isRecorded, type RecordedReleases, releasesOf } from '../harness/docs/engine-releases.ts';
import { runCommand } from '../harness/process/command.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { suites } from '../suites/index.ts';
import { programCalled, wholeNumber } from './options.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'harness/docs/engine-releases.json');
const recordIn = (folder: string): RunRecord =>
  JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
const recorded = (): RecordedReleases => JSON.parse(readFileSync(file, 'utf8'));
const write = (records: readonly RunRecord[]): void =>
  writeFileSync(file, `${JSON.stringify(releasesOf(records, recorded()), null, 2)}\n`);

async function run(engines: readonly string[]): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'cors-conformance-releases-'));
  try {
    process.stderr.write(`${engines.join(', ')} …\n`);
    const cli = join(root, 'harness/bootstrap.mjs');
    await runCommand([process.execPath, cli, 'run', '--engine', engines.join(','), '--out', out], {
      cwd: root,
    });
    if (existsSync(join(out, 'results.json'))) write([recordIn(out)]);
    else process.stderr.write(`${engines.join(', ')}: no results\n`);
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
    'releases, such as 92 103, chromium for the installed one, or all for every release of the record',
  )
  .option('--together <number>', 'how many run at a time', wholeNumber(1), 3)
  .option('--again', 'also those that were recorded with as many cases as there are now')
  .option('--results <folders...>', 'folders that earlier runs wrote, instead of running')
  .parse();
const { results, together, again } = program.opts<{
  results?: string[];
  together: number;
  again?: boolean;
}>();
if (program.args.length === 0 && results === undefined)
  program.error('name releases, such as 92 103, or chromium, or all, or --results FOLDER…');
if (results) write(results.map(recordIn));
const cases = suites.reduce((sum, suite) => sum + suite.cases.length, 0);
const newest = recorded().releases.at(-1)?.version ?? '';
const all = recorded().releases.map(({ version }) =>
  version === newest ? 'chromium' : `${Number.parseInt(version, 10)}`,
);
const named = program.args.includes('all') ? all : program.args;
const wanted = named.filter(
  one => again || !isRecorded(recorded(), Number.parseInt(one === 'chromium' ? newest : one, 10), cases),
);
for (let at = 0; at < wanted.length; at += together)
  await run(wanted.slice(at, at + together).map(one => (/^\d/.test(one) ? `chromium@${one}` : one)));
