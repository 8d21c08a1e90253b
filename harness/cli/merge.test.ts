/** A run in parts, or in another order, gives the verdicts of the whole. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeRecord, fakeResult } from '../../reports/fake-record.test-support.ts';
import { findEngines } from '../engine/find.ts';
import type { Finding } from '../verdict/finding.ts';
import { type Result, recordSchema } from '../verdict/record.ts';
import { cli, temporary } from './spawn.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const [chromium] = findEngines({ names: ['chromium'] });
const engine = chromium?.found ? 'chromium' : 'model';
const some = ['--engine', engine, '--only', 'redirects,cookies,aborts'];

const results = (name: string): string => join(dir, name, 'results.json');
const verdicts = (name: string) => {
  const record = recordSchema.parse(JSON.parse(readFileSync(results(name), 'utf8')));
  return Object.fromEntries(
    record.results
      .map(({ case: { suite, id }, engine, verdict, outcome }) => [
        `${suite}:${id} ${engine}`,
        `${verdict} ${outcome}`,
      ])
      .sort(),
  );
};
const run = async (name: string, ...flags: string[]) => {
  const { code, stderr } = await cli(['run', ...some, '--out', join(dir, name), ...flags]);
  assert.equal(code, 0, stderr);
};

test('should give the same verdicts in shards and in any order', async () => {
  await run('whole');
  await run('shuffled', '--shuffle', '3');
  assert.deepEqual(verdicts('shuffled'), verdicts('whole'));

  const parts = ['1', '2'];
  for (const part of parts) await run(`part-${part}`, '--shard', `${part}/2`);
  const sizes = parts.map(part => Object.keys(verdicts(`part-${part}`)).length);
  assert.ok(
    sizes.every(size => size > 0),
    `parts of ${sizes}`,
  );
  const files = parts.map(part => results(`part-${part}`));
  const { code, stdout } = await cli(['merge', ...files, '--out', join(dir, 'merged')]);
  assert.equal(code, 0);
  assert.match(stdout, /All as expected/);
  assert.deepEqual(verdicts('merged'), verdicts('whole'));

  const twice = await cli(['merge', files[0] as string, files[0] as string, '--out', join(dir, 'twice')]);
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /^cors-conformance: cannot merge: .+ is in .+ and in .+\n$/);
});

const reflected: Finding = {
  id: 'origin-reflected',
  rule: 'origin-reflected',
  severity: 'error',
  resource: '/items',
  engines: [],
  explanation: 'Any origin may read the answers.',
  evidence: [],
};

const unexpected = { verdict: 'fail', outcome: 'regression' } as const;

const verified: readonly [what: string, findings: Finding[], result: Partial<Result>, code: number][] = [
  ['an open error', [reflected], {}, 1],
  ['an error that is accepted', [{ ...reflected, accepted: true }], unexpected, 0],
  ['a warning', [{ ...reflected, severity: 'warning' }], unexpected, 0],
  ['no finding', [], {}, 0],
];

for (const [index, [what, findings, result, expected]] of verified.entries()) {
  test(`should exit ${expected} as verify does, after ${what}`, async () => {
    const files = (['chromium', 'firefox'] as const).map(engine => {
      const folder = join(dir, `verified-${index}-${engine}`);
      mkdirSync(folder);
      const file = join(folder, 'results.json');
      const own = findings.map(finding => ({ ...finding, engines: [engine] }));
      const record = fakeRecord([fakeResult('items', engine, result)], { findings: own });
      writeFileSync(file, JSON.stringify(record));
      return file;
    });
    const { code, stderr } = await cli(['merge', ...files, '--out', join(dir, `verified-${index}`)]);
    assert.equal(code, expected, stderr);
    const merged = recordSchema.parse(JSON.parse(readFileSync(results(`verified-${index}`), 'utf8')));
    assert.deepEqual(
      merged.findings?.map(({ engines }) => engines),
      findings.map(() => ['chromium', 'firefox']),
    );
  });
}

test('should say which flag is wrong', async () => {
  for (const [flag, value, why] of [
    ['--shuffle', 'often', /--shuffle: "often" is not a whole number/],
    ['--slow', 'very', /--slow: "very" is not a number of minutes/],
  ] as const) {
    const { code, stderr } = await cli(['run', flag, value]);
    assert.equal(code, 2);
    assert.match(stderr, why);
  }
});
