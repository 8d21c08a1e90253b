/** The real command line, spawned: what it prints, what it writes, how it ends. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { recordSchema } from '../verdict/record.ts';
import { cli, start, temporary } from './spawn.test-support.ts';

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
    const { code, stderr } = await cli(['run', '--engin', 'chromium']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown option '--engin'/);
  });

  test('should name an unknown verb and exit 2', async () => {
    const { code, stderr } = await cli(['rnu']);
    assert.equal(code, 2);
    assert.match(stderr, /unknown command 'rnu'/);
  });

  test('should name an unknown engine and exit 2', async () => {
    const { code, stderr } = await cli(['run', '--engine', 'chromium,netscape']);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /"netscape" is not one of chromium, firefox, webkit, model/);
  });

  test('should exit 5 when nothing is selected', async () => {
    const { code, stderr } = await cli(['run', '--engine', 'model', '--only', 'no-such-case']);
    assert.equal(code, 5);
    assert.match(oneLine(stderr), /no case is selected by --only no-such-case/);
  });

  test('should name file, case and path of a broken case file', async () => {
    const path = file('broken.json', suite({ status: 'ok' }, { outcome: 'readable' }));
    const { code, stderr } = await cli(['run', '--engine', 'model', '--cases', path]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /broken\.json: case "first", steps\[0\]\.server\.actual/);
  });

  test('should say that a case file is not JSON', async () => {
    const { code, stderr } = await cli(['run', '--engine', 'model', '--cases', file('text.json', '{')]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /text\.json: is not JSON/);
  });

  test('should say that a path cannot be read', async () => {
    const { code, stderr } = await cli(['run', '--engine', 'model', '--cases', join(dir, 'nowhere.json')]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /nowhere\.json: cannot be read/);
  });

  test('should refuse an output folder that cannot be written, before any work', async () => {
    const blocker = file('blocker', 'a file where a folder should be');
    const { code, stderr } = await cli(['run', '--engine', 'model', '--out', join(blocker, 'out')]);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /--out: results cannot be written/);
  });

  test('should refuse a read-only output folder', {
    skip: process.getuid?.() === 0 && 'root writes everywhere',
  }, async () => {
    const out = join(dir, 'read-only');
    mkdirSync(out);
    chmodSync(out, 0o500);
    const { code, stderr } = await cli(['run', '--engine', 'model', '--out', out]);
    assert.equal(code, 2);
    oneLine(stderr);
  });

  test('should refuse a baseline that is none, before any work', async () => {
    const { code, stderr } = await cli([
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
    const { code, stderr } = await cli(['run', '--engine', 'model', '--shard', '5/4']);
    assert.equal(code, 2);
    assert.match(oneLine(stderr), /"5\/4" is not a part of a whole/);
  });
});

describe('help', () => {
  for (const verb of ['run', 'list', 'engines', 'explain', 'verify', 'init', 'report', 'compare']) {
    test(`should explain ${verb} with an example`, async () => {
      const { code, stdout } = await cli([verb, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: cors-conformance ${verb}`));
      assert.match(stdout, /Examples?:/);
    });
  }
});

describe('list', () => {
  test('should print cases that are valid case files', async () => {
    const { code, stdout } = await cli(['list', '--only', 'simple-get', '--json']);
    assert.equal(code, 0);
    const [first] = JSON.parse(stdout) as object[];
    const ran = await cli([
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
    const { stdout } = await cli(['list', '--schema']);
    const schema = JSON.parse(stdout) as { properties: object };
    assert.deepEqual(Object.keys(schema.properties), ['id', 'title', 'about', 'cases']);
  });
});

describe('a run of the model', () => {
  test('should pass a right case and write every report', async () => {
    const out = join(dir, 'right');
    const path = file('right.json', suite(allowed, { outcome: 'readable' }));
    const { code, stdout } = await cli(['run', '--engine', 'model', '--cases', path, '--out', out]);
    assert.equal(code, 0);
    assert.match(stdout, /mine/);
    assert.deepEqual(readdirSync(out).sort(), [
      'badge.svg',
      'junit.xml',
      'report.html',
      'results.json',
      'summary.md',
    ]);
    const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    assert.equal(record.results[0]?.verdict, 'pass');
  });

  test('should exit 1 for a wrong case and say what was expected and observed', async () => {
    const path = file('wrong.json', suite({}, { outcome: 'readable' }));
    const { code, stdout } = await cli([
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

describe('a run in a browser', () => {
  const engine = findEngines().find(found => found.found)?.name;

  test('should judge a case file from outside, and leave no temporary file', {
    skip: !engine && 'no engine',
  }, async () => {
    const path = file('both.json', {
      ...suite(allowed, { outcome: 'readable' }),
      cases: [
        ...suite(allowed, { outcome: 'readable' }).cases,
        { ...suite({}, { outcome: 'readable' }).cases[0], id: 'second' },
      ],
    });
    const out = join(dir, 'both');
    const tmp = join(dir, 'tmp');
    mkdirSync(tmp);
    const { code, stdout, stderr } = await cli(
      ['run', '--engine', engine as string, '--cases', path, '--out', out],
      { TMPDIR: tmp },
    );
    assert.equal(code, 1, stdout + stderr);
    const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
    assert.deepEqual(
      record.results.map(result => [result.case.id, result.verdict, result.outcome]),
      [
        ['first', 'pass', 'expected'],
        ['second', 'fail', 'regression'],
      ],
    );
    assert.match(
      record.results[1]?.explanation[0]?.text ?? '',
      /No 'Access-Control-Allow-Origin' header is present/,
    );
    // What Playwright keeps for later runs is not ours.
    const left = readdirSync(tmp).filter(
      name => !/^(playwright-transform-cache|tsx|node-compile-cache)/.test(name),
    );
    assert.deepEqual(left, []);
  });

  test('should not be disturbed by another run on the same machine', {
    skip: !engine && 'no engine',
  }, async () => {
    const path = file('twice.json', suite(allowed, { outcome: 'readable' }));
    const run = (out: string) =>
      cli(['run', '--engine', engine as string, '--cases', path, '--out', join(dir, out)]);
    const both = await Promise.all([run('one'), run('two')]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
      both.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
    );
    for (const out of ['one', 'two']) {
      const record = recordSchema.parse(JSON.parse(readFileSync(join(dir, out, 'results.json'), 'utf8')));
      assert.deepEqual(
        record.results.map(result => result.verdict),
        ['pass'],
      );
    }
  });

  test('should end with 130 when it is interrupted, and write no half results', {
    skip: !engine && 'no engine',
  }, async () => {
    const steps = [{ wait: 60_000 }, ...(suite(allowed, { outcome: 'readable' }).cases[0]?.steps ?? [])];
    const path = file('long.json', {
      ...suite(allowed, {}),
      cases: [{ ...suite(allowed, {}).cases[0], steps }],
    });
    const out = join(dir, 'interrupted');
    const { child, ended } = start(['run', '--engine', engine as string, '--cases', path, '--out', out]);
    await new Promise<void>(resolve => {
      child.stderr?.on('data', (chunk: string) => /Running cases/.test(chunk) && setTimeout(resolve, 3000));
    });
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 130);
    if (existsSync(join(out, 'results.json'))) JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  });

  test('should exit 4 when an engine that was asked for is not there', async () => {
    const { code, stderr } = await cli(
      ['run', '--engine', 'firefox', '--only', 'simple-get', '--out', join(dir, 'absent')],
      {
        CORS_CONFORMANCE_FIREFOX: '/nowhere/firefox',
      },
    );
    assert.equal(code, 4);
    assert.match(stderr, /firefox: not run: .*\/nowhere\/firefox/);
  });
});
