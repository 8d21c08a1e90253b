/** A run or a verification in parts, or in another order, gives the verdicts of the whole. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeRecord, fakeResult } from '../../reports/fake-record.test-support.ts';
import { suites } from '../../suites/index.ts';
import { select } from '../case/select.ts';
import { findEngines } from '../engine/find.ts';
import type { Finding } from '../verdict/finding.ts';
import { type Result, recordSchema } from '../verdict/record.ts';
import { inProcess } from './in-process.test-support.ts';
import { cli } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

// Parts are made of cases and engines, whichever those are: one that is a browser, and one that is not.
const found = findEngines({ names: ['chromium'] }).flatMap(engine => (engine.found ? [engine.name] : []));
const engines = [...found, 'model'];
const SOME = ['acao-missing', 'cookies'];
const some = ['--engine', engines.join(), '--only', SOME.join()];

const results = (name: string): string => join(dir, name, 'results.json');
const read = (name: string) => recordSchema.parse(JSON.parse(readFileSync(results(name), 'utf8')));
const run = async (name: string, ...flags: string[]) => {
  const { code, stderr } = await cli(['run', ...some, '--out', join(dir, name), ...flags]);
  assert.equal(code, 0, stderr);
};

test('should judge each case once in shards and in another order, as it was in the order of the suites', async () => {
  const parts = ['1', '2'];
  for (const part of parts) await run(`part-${part}`, '--shard', `${part}/2`, '--shuffle', part);
  const sizes = parts.map(part => read(`part-${part}`).results.length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= engines.length, `parts of ${sizes}`);
  const files = parts.map(part => results(`part-${part}`));
  const { code, stdout } = await inProcess(['merge', ...files, '--out', join(dir, 'merged')]);
  assert.equal(code, 0);
  assert.match(stdout, /All as expected/);
  const { results: merged } = read('merged');
  // What they are held against, deviations among it, was seen in whole runs in the order of the suites.
  assert.deepEqual([...new Set(merged.map(({ outcome }) => outcome))], ['expected']);
  const cases = select(suites, { only: SOME }).flatMap(({ id, cases: own }) =>
    own.map(one => `${id}:${one.id}`),
  );
  assert.deepEqual(
    merged.map(({ case: { suite, id }, engine }) => `${suite}:${id} ${engine}`).sort(),
    cases.flatMap(name => engines.map(engine => `${name} ${engine}`)).sort(),
  );

  const twice = await inProcess([
    'merge',
    files[0] as string,
    files[0] as string,
    '--out',
    join(dir, 'twice'),
  ]);
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /^cors-conformance: cannot merge: .+ is in .+ and in .+\n$/);
});

/** Allows every origin, for longer than Chromium keeps a preflight, and to read a header of its own. */
const REFLECTING = `
import { createServer } from 'node:http';
createServer((request, response) => {
  const { origin } = request.headers;
  if (origin) response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT');
    response.setHeader('Access-Control-Max-Age', '86400');
    response.statusCode = 204;
    return response.end();
  }
  response.end('{}');
}).listen(process.env.PORT);
`;

test('should find in parts what one run finds', {
  skip: found.includes('chromium') ? false : 'Chromium is not installed',
}, async () => {
  writeFileSync(join(dir, 'reflecting.mjs'), REFLECTING);
  const config = join(dir, 'cors.config.json');
  const policy = {
    origins: ['https://app.example.com', 'https://other.example.com'],
    methods: ['GET', 'PUT'],
    exposedHeaders: ['ETag'],
    resources: [{ path: '/items' }],
  };
  writeFileSync(config, JSON.stringify({ target: { command: 'node reflecting.mjs' }, policy }));
  const accept = [{ finding: 'origin-misspelt', places: ['GET /items'], reason: 'it was once' }];
  const baseline = join(dir, 'baseline.json');
  writeFileSync(baseline, JSON.stringify({ schema: 'cors-conformance/baseline/1', accept }));
  const verify = async (name: string, ...flags: string[]) => {
    const verb = ['verify', config, '--engine', 'chromium', '--baseline', baseline];
    const { code, stdout, stderr } = await cli([...verb, '--out', join(dir, name), ...flags]);
    assert.equal(code, 1, stderr);
    return { stdout, record: read(name) };
  };
  const { record: whole } = await verify('verified');
  const parts = [await verify('verified-1', '--shard', '1/2'), await verify('verified-2', '--shard', '2/2')];
  for (const [index, { stdout, record }] of parts.entries()) {
    assert.match(stdout, new RegExp(`[Pp]art ${index + 1} of 2`));
    assert.deepEqual(record.run.shards?.has, [index + 1]);
    assert.equal(record.stale, undefined);
  }
  const { code } = await inProcess([
    'merge',
    results('verified-2'),
    results('verified-1'),
    ...['--out', join(dir, 'joined')],
  ]);
  assert.equal(code, 1);
  const joined = read('joined');
  // A server is given another port in each run.
  const told = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(/localhost:\d+/g, 'localhost'));
  assert.deepEqual(told(joined.findings), told(whole.findings));
  assert.deepEqual(joined.checks, whole.checks);
  assert.deepEqual(joined.stale, whole.stale);
  assert.equal(joined.stale?.length, 1);
  assert.equal(joined.run.pages, whole.run.pages);
  const shown = (record: typeof whole) =>
    record.results.map(({ case: { id }, engine, verdict }) => `${id} ${engine} ${verdict}`);
  assert.deepEqual(shown(joined), shown(whole));
  const pages = parts.map(({ record }) => record.run.pages ?? 0);
  assert.ok(Math.abs((pages[0] ?? 0) - (pages[1] ?? 0)) <= 3, `pages: ${pages}`);
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
    const { code, stderr } = await inProcess(['merge', ...files, '--out', join(dir, `verified-${index}`)]);
    assert.equal(code, expected, stderr);
    const merged = read(`verified-${index}`);
    assert.deepEqual(
      merged.findings?.map(({ engines }) => engines),
      findings.map(() => ['chromium', 'firefox']),
    );
  });
}

test('should write where the environment says', async () => {
  const part = join(dir, 'part.json');
  writeFileSync(part, JSON.stringify(fakeRecord([fakeResult('items', 'firefox', {})])));
  const env = { ...process.env, CORS_CONFORMANCE_OUT: join(dir, 'elsewhere') };
  const { code, stderr } = await inProcess(['merge', part], { env });
  assert.equal(code, 0, stderr);
  assert.equal(read('elsewhere').results.length, 1);
});

test('should say which flag is wrong', async () => {
  for (const [flag, value, why] of [
    ['--shuffle', 'often', /--shuffle: "often" is not a whole number/],
    ['--slow', 'very', /--slow: "very" is not a number of minutes/],
  ] as const) {
    const { code, stderr } = await inProcess(['run', flag, value]);
    assert.equal(code, 2);
    assert.match(stderr, why);
  }
});
