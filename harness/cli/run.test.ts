/** The command line without a browser: what it prints, what it writes, how it ends. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { recordSchema } from '../verdict/record.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const oneLine = (stderr: string): string => {
  assert.match(stderr, /^cors-conformance: .+\n$/, `one line, not: ${stderr}`);
  return stderr;
};

const file = (name: string, content: unknown): string => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const suite = (actual: object, expect: object) => ({
  id: 'mine',
  title: 'Mine',
  cases: [
    {
      id: 'first',
      title: 'A GET is readable',
      spec: ['https://fetch.spec.whatwg.org/#cors-check'],
      steps: [{ request: {}, server: { actual }, expect }],
    },
  ],
});
const allowed = { headers: [['Access-Control-Allow-Origin', '{origin}']] };

describe('bad input', () => {
  test('should name an unknown flag and exit 2', async () => {
    const { code, stderr } = await inProcess(['run', '--engin', 'chromium']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown option '--engin'/);
  });

  test('should name an unknown verb and exit 2', async () => {
    const { code, stderr } = await inProcess(['rnu']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown command 'rnu'/);
  });

  test('should name an unknown engine and exit 2', async () => {
    const { code, stderr } = await inProcess(['run', '--engine', 'chromium,netscape']);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /"netscape" is not an engine: name chromium, firefox, webkit, jsdom/);
  });

  test('should suggest the engine, the case and the flag that may have been meant', async () => {
    const engine = await inProcess(['run', '--engine', 'cromium']);
    assert.match(engine.stderr, /Did you mean chromium\?/);
    const named = await inProcess(['run', '--engine', 'model', '--only', 'acao-mising']);
    assert.match(named.stderr, /Did you mean acao-missing\?/);
    const listed = await inProcess(['list', '--only', 'redirect']);
    assert.match(listed.stderr, /Did you mean redirects\?/);
    const flag = await inProcess(['run', '--shufle']);
    assert.match(flag.stderr, /Did you mean --shuffle\?/);
  });

  test('should exit 5 when nothing is selected', async () => {
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--only', 'no-such-case']);
    assert.equal(code, 5);
    assert.match(oneLine(stderr), /no case is selected by --only no-such-case/);
  });

  test('should name file, case and path of a broken case file', async () => {
    const path = file('broken.json', suite({ status: 'ok' }, { outcome: 'readable' }));
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--cases', path]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /broken\.json: case "first", steps\[0\]\.server\.actual/);
  });

  test('should take what `list --json` prints, and repeat a case of a file from that file', async () => {
    const listed = await inProcess(['list', '--only', 'acao-missing', '--json']);
    const wrong = suite({}, { outcome: 'readable' });
    const path = file('listed.json', [...JSON.parse(listed.stdout), wrong]);
    const args = ['run', '--cases', path, '--engine', 'model', '--out', join(dir, 'listed')];
    const { code, stdout, stderr } = await inProcess(args);
    assert.equal(code, 1, stderr);
    assert.ok(stdout.includes(`rerun     npx cors-conformance run --cases ${path} --only first`), stdout);
  });

  test('should say that a case file is not JSON', async () => {
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--cases', file('text.json', '{')]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /text\.json: is not JSON/);
  });

  test('should say that a path cannot be read', async () => {
    const { code, stderr } = await inProcess([
      'run',
      '--engine',
      'model',
      '--cases',
      join(dir, 'nowhere.json'),
    ]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /nowhere\.json: cannot be read/);
  });

  test('should refuse an output folder that cannot be written, before any work', async () => {
    const blocker = file('blocker', 'a file where a folder should be');
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--out', join(blocker, 'out')]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /--out: results cannot be written/);
  });

  test('should refuse a read-only output folder', {
    skip: process.getuid?.() === 0 && 'root writes everywhere',
  }, async () => {
    const out = join(dir, 'read-only');
    mkdirSync(out);
    chmodSync(out, 0o500);
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--out', out]);
    assert.equal(code, 2);
    oneLine(stderr);
  });

  test('should refuse a baseline that is none, before any work', async () => {
    const { code, stderr } = await inProcess([
      'run',
      '--engine',
      'model',
      '--baseline',
      file('accept.json', '{"accept":1}'),
    ]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /accept\.json: /);
  });

  test('should refuse a shard that is none', async () => {
    const { code, stderr } = await inProcess(['run', '--engine', 'model', '--shard', '5/4']);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /"5\/4" is not a part of a whole/);
  });

  test('should refuse browsers of another machine that it cannot have', async () => {
    for (const [args, why] of [
      [['--grid', 'localhost:4444'], /--grid: "localhost:4444" is not a URL such as http:/],
      [['--connect', 'http://127.0.0.1:3000'], /--connect: .* is not a URL such as ws:/],
      [['--grid', 'http://a', '--connect', 'ws://a'], /name two places for the same browsers/],
      [['--grid', 'http://a', '--engine', 'model'], /the model runs on this machine/],
      [['--grid', 'http://a', '--engine', 'chromium@123,firefox'], /chromium@123 would run on this machine/],
      [['--ports', '9010-9000'], /--ports: "9010-9000" is not a range of ports such as 9000-9009/],
      [['--ports', 'some'], /--ports: "some" is not a range/],
      [['--host', 'a b'], /--host: "a b" is not a host name or an address/],
    ] as const) {
      const { code, stderr } = await inProcess(['run', ...args, '--out', join(dir, 'remote')]);
      assert.equal(code, 2);
      assert.match(oneLine(stderr), why);
    }
  });

  test('should refuse parts of a verification that has no pages, or that writes a baseline', async () => {
    const part = ['verify', '--shard', '1/2', '--engine'];
    const model = await inProcess([...part, 'model']);
    assert.equal(model.code, 2);
    assert.match(oneLine(model.stderr), /the model opens none: leave it out, or name browsers/);
    const update = await inProcess([...part, 'chromium', '--baseline', 'x.json', '--update-baseline']);
    assert.equal(update.code, 2);
    assert.match(oneLine(update.stderr), /--update-baseline needs a whole run/);
  });
});

describe('help', () => {
  for (const verb of ['run', 'list', 'engines', 'explain', 'verify', 'init', 'report', 'compare']) {
    test(`should explain ${verb} with an example`, async () => {
      const { code, stdout } = await inProcess([verb, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: cors-conformance ${verb}`));
      assert.match(stdout, /Examples?:/);
    });
  }
});

describe('list', () => {
  test('should print cases that are valid case files', async () => {
    const { code, stdout } = await inProcess(['list', '--only', 'simple-get', '--json']);
    assert.equal(code, 0);
    const [first] = JSON.parse(stdout) as object[];
    const ran = await inProcess([
      'run',
      '--engine',
      'model',
      '--cases',
      file('listed.json', first),
      '--out',
      join(dir, 'listed'),
    ]);
    assert.equal(ran.code, 0, ran.stderr);
  });

  test('should print the JSON Schema of case files', async () => {
    const { stdout } = await inProcess(['list', '--schema']);
    const schema = JSON.parse(stdout) as { properties: object };
    assert.deepEqual(Object.keys(schema.properties), ['id', 'title', 'about', 'cases']);
  });
});

describe('a run of the model', () => {
  test('should pass a right case and write every report', async () => {
    const out = join(dir, 'right');
    const path = file('right.json', suite(allowed, { outcome: 'readable' }));
    const { code, stdout } = await inProcess(['run', '--engine', 'model', '--cases', path, '--out', out]);
    assert.equal(code, 0);
    assert.match(stdout, /mine/);
    assert.deepEqual(readdirSync(out).sort(), [
      'badge.svg',
      'junit.xml',
      'playground.html',
      'report.html',
      'results.json',
      'summary.md',
    ]);
    const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    assert.equal(record.results[0]?.verdict, 'pass');
  });

  test('should give, in four parts that are merged, the record of one run', async () => {
    const some = ['run', '--engine', 'model', '--only', 'acao-*'];
    const recordOf = (name: string) =>
      recordSchema.parse(JSON.parse(readFileSync(join(dir, name, 'results.json'), 'utf8')));
    await inProcess([...some, '--out', join(dir, 'whole')]);
    for (const n of [1, 2, 3, 4]) {
      const part = await inProcess([...some, '--shard', `${n}/4`, '--out', join(dir, `part-${n}`)]);
      assert.equal(part.code, 0, part.stderr);
      assert.match(part.stdout, new RegExp(`Part ${n} of 4 of a run`));
    }
    const sizes = [1, 2, 3, 4].map(n => recordOf(`part-${n}`).results.length);
    assert.deepEqual([...sizes].sort(), [24, 24, 24, 25], `parts of ${sizes}`);
    const files = [3, 1, 4, 2].map(n => join(dir, `part-${n}`, 'results.json'));
    const merged = await inProcess(['merge', ...files, '--out', join(dir, 'merged')]);
    assert.equal(merged.code, 0, merged.stderr);
    const known = ({ run: _, ...record }: ReturnType<typeof recordOf>) => ({
      ...record,
      results: record.results.map(({ durationMs: _, ...result }) => result),
    });
    assert.deepEqual(known(recordOf('merged')), known(recordOf('whole')));
    assert.equal(recordOf('merged').run.shards, undefined);
  });

  test('should say that a part is empty', async () => {
    const { code, stderr } = await inProcess([
      ...['run', '--engine', 'model', '--only', 'acao-missing/fetch', '--shard', '1/2'],
      ...['--out', join(dir, 'empty')],
    ]);
    assert.equal(code, 5);
    assert.match(
      oneLine(stderr),
      /part 1 of 2 is empty, as only 1 case is selected; split them into fewer parts/,
    );
  });

  test('should exit 1 for a wrong case and say what was expected and observed', async () => {
    const path = file('wrong.json', suite({}, { outcome: 'readable' }));
    const { code, stdout } = await inProcess([
      'run',
      '--engine',
      'model',
      '--cases',
      path,
      '--out',
      join(dir, 'wrong'),
    ]);
    assert.equal(code, 1);
    assert.match(stdout, /first/);
    assert.match(stdout, /expected\s+readable/);
    assert.match(readFileSync(join(dir, 'wrong', 'junit.xml'), 'utf8'), /<failure/);
  });
});
