/** A run in a build that the list of deviations was never held against: the system's Chromium under a false version. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { parseBaseline } from '../verdict/baseline.ts';
import { recordSchema } from '../verdict/record.ts';
import { cli } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

/** Passes on what the browser and its driver say to each other, but for the version. */
const disguise = (chromium: string): string => `#!${process.execPath}
const { spawn } = require('node:child_process');
const { createReadStream, createWriteStream } = require('node:fs');
const child = spawn(${JSON.stringify(chromium)}, process.argv.slice(2), { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
createReadStream(null, { fd: 3 }).pipe(child.stdio[3]);
const out = createWriteStream(null, { fd: 4 });
child.stdio[4].setEncoding('latin1').on('data', text =>
  out.write(text.replace(/("product":"[^"]*Chrome\\/)\\d+/, '$1999'), 'latin1'));
child.on('exit', code => process.exit(code ?? 1));
`;

const label = findEngines({ names: ['chromium'] })[0];
const chromium = label?.found ? label.label.replace(/ \(system\)$/, '') : '';

test('should show what is not listed for the build as just that, and propose entries that a run then accepts', {
  skip:
    process.platform === 'win32' || !existsSync(chromium) ? 'needs the Chromium of a POSIX system' : false,
  timeout: 240_000,
}, async () => {
  const program = join(dir, 'chromium-999');
  writeFileSync(program, disguise(chromium));
  chmodSync(program, 0o755);
  const out = join(dir, 'out');
  const run = [
    'run',
    '--engine',
    `chromium=${program}`,
    '--only',
    'redir-empty-location,acao-star/fetch',
    '--out',
    out,
  ];

  const first = await cli(run);
  assert.equal(first.code, 1, first.stdout + first.stderr);
  const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  assert.match(record.engines[0]?.version ?? '', /^999\./);
  const unlisted = record.results.filter(({ outcome }) => outcome === 'unlisted');
  assert.ok(unlisted.length > 0 && unlisted.length < record.results.length);
  assert.ok(record.results.every(({ outcome }) => outcome === 'expected' || outcome === 'unlisted'));
  assert.ok(
    unlisted.every(({ deviation }) => deviation?.id.startsWith('chromium-')),
    'as other versions do',
  );
  assert.match(first.stdout, /Differs from the Standard; not listed for this build \(\d\)\n/);
  assert.doesNotMatch(first.stdout, /Unexpected/);

  const file = join(out, 'deviations.json');
  const proposed = parseBaseline(readFileSync(file, 'utf8'), file);
  assert.equal(proposed.accept.length, unlisted.length);
  const baseline = join(dir, 'baseline.json');
  writeFileSync(baseline, readFileSync(file));
  const accepted = await cli([...run.slice(0, -1), join(dir, 'accepted'), '--baseline', baseline]);
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.match(accepted.stdout, /All as expected/);
  assert.ok(!existsSync(join(dir, 'accepted', 'deviations.json')));
});
