/** Real releases that are known to differ, and some that are known not to. Skipped where npm's registry is out of reach. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cli } from '../cli/spawn.test-support.ts';
import { temporary } from '../cli/temporary.test-support.ts';
import { type RegressRecord, regressSchema } from '../regress/record.ts';
import { cannot } from '../release/install.test-support.ts';

const LIMIT = { timeout: 180_000 };

const EXPRESS = (options: string) => `
  import express from 'express';
  import cors from 'cors';
  const app = express();
  app.use(cors(${options}));
  app.use((request, response) => response.json({}));
  export default app;`;

const KOA = `
  import Koa from 'koa';
  import cors from '@koa/cors';
  const app = new Koa();
  app.use(cors());
  app.use(context => { context.body = {}; });
  export default app;`;

const FASTIFY = `
  import fastify from 'fastify';
  import cors from '@fastify/cors';
  const app = fastify();
  await app.register(cors, { origin: 'https://app.example' });
  app.all('/x', async () => ({}));
  export default app;`;

interface Pair {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly script: string;
  readonly others?: string;
  readonly code: number;
  readonly levels: readonly string[];
  /** A change that must be among them: what it says, or the header and its values. */
  readonly sees?: (record: RegressRecord) => boolean;
}

const hasHeader = (record: RegressRecord, name: string, before: string | null, after: string | null) =>
  record.changes.some(
    ({ cause }) => cause?.name === name && cause.before === before && cause.after === after,
  );

const PAIRS: readonly Pair[] = [
  {
    name: 'cors',
    from: '2.8.5',
    to: '2.8.6',
    script: EXPRESS("{ origin: ['https://app.example'], credentials: true }"),
    code: 0,
    levels: [],
  },
  {
    name: '@koa/cors',
    from: '4.0.0',
    to: '5.0.0',
    script: KOA,
    others: 'koa@2',
    code: 1,
    levels: ['wire'],
    sees: record => hasHeader(record, 'access-control-allow-origin', "(the request's origin)", '*'),
  },
  {
    name: '@fastify/cors',
    from: '8.5.0',
    to: '9.0.0',
    script: FASTIFY,
    others: 'fastify@4',
    code: 0,
    levels: ['form'],
    sees: record => hasHeader(record, 'vary', 'origin', null),
  },
];

describe('releases', { timeout: 900_000 }, () => {
  const folder = temporary();
  let unreachable: string | null = null;
  before(async () => {
    unreachable = await cannot('npm', 'view', 'cors', 'version');
  });
  after(() => folder.remove());

  for (const [n, pair] of PAIRS.entries()) {
    const { name, from, to, others, code, levels, sees } = pair;
    test(`should tell ${name} ${from} from ${to} as far as they differ`, LIMIT, async t => {
      if (unreachable) return t.skip(unreachable);
      const script = join(folder.dir, `server-${n}.mjs`);
      writeFileSync(script, pair.script);
      const flags = [
        '--target',
        script,
        '--engine',
        'model',
        '--json',
        '--out',
        join(folder.dir, `out-${n}`),
      ];
      const ended = await cli(['regress', name, from, to, ...flags, ...(others ? ['--with', others] : [])]);
      assert.equal(ended.code, code, ended.stderr + ended.stdout);
      const record = regressSchema.parse(JSON.parse(ended.stdout));
      assert.deepEqual([record.sides.before.label, record.sides.after.label], [from, to]);
      assert.deepEqual([...new Set(record.changes.map(({ level }) => level))], levels);
      assert.ok(!sees || sees(record), JSON.stringify(record.changes, null, 1));
      assert.deepEqual(record.unstable, []);
    });
  }

  test('should find the release that changed what is asked', LIMIT, async t => {
    if (unreachable) return t.skip(unreachable);
    const script = join(folder.dir, 'bisected.mjs');
    writeFileSync(script, EXPRESS("{ origin: 'https://app.example', maxAge: 0 }"));
    const flags = ['--target', script, '--engine', 'model', '--out', join(folder.dir, 'bisected')];
    const found = await cli(['bisect', 'cors', '2.8.3', '2.8.5', ...flags, '--only', 'max-age']);
    assert.equal(found.code, 0, found.stderr);
    assert.match(
      found.stdout,
      /cors 2\.8\.5 is the first release that differs; 2\.8\.\d is the last before it/,
    );
    const same = await cli(['bisect', 'cors', '2.8.5', '2.8.6', ...flags]);
    assert.equal(same.code, 5, same.stderr);
    assert.match(same.stderr, /do not differ/);
    const wrong = await cli(['bisect', 'cors', '2.8.6', '2.8.5', ...flags]);
    assert.equal(wrong.code, 2, wrong.stderr);
  });
});
