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

const [first, ...rest] = process.argv.slice(2);
if (first === undefined)
  throw new Error('name releases ("92 103"), "chromium" for the one that is installed, or --results FOLDER…');
const records: RunRecord[] = [];
if (first === '--results') records.push(...rest.map(recordIn));
else
  for (const release of [first, ...rest])
    records.push(await run(/^\d/.test(release) ? `chromium@${release}` : release));
writeFileSync(file, `${JSON.stringify(releasesOf(records), null, 2)}\n`);
