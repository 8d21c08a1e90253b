/** Files that the user names, and that are not what they should be: one sentence, and nothing raw of theirs. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { loadConfig } from '../run/config-file.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const config = join(dir, 'cors.config.json');
writeFileSync(
  config,
  JSON.stringify({
    target: { url: 'http://localhost:1' },
    policy: { origins: 'https://app.example.com', resources: [{ path: '/' }] },
  }),
);

const out = ['--out', join(dir, 'out')];
const servers = ['--before', 'http://localhost:1', '--after', 'http://localhost:1'];
const asked = ['--engine', 'model', '--origin', 'https://app.example.com', '--path', '/'];

/** Each way in for a file. */
const WAYS: Readonly<Record<string, (file: string) => readonly string[]>> = {
  report: file => ['report', file],
  merge: file => ['merge', file, ...out],
  compare: file => ['compare', file, file],
  'run --baseline': file => [
    ...['run', '--engine', 'model', '--only', 'simple-get', '--baseline', file],
    ...out,
  ],
  'verify --baseline': file => ['verify', config, '--engine', 'model', '--baseline', file, ...out],
  'regress --accept': file => ['regress', ...servers, ...asked, '--accept', file, ...out],
};

const HOSTILE = '{"a": \u001b]0;title\u0007\u001b[31m';

describe('a file that is named', () => {
  for (const [way, args] of Object.entries(WAYS)) {
    const told = async (file: string): Promise<string> => {
      const { code, stdout, stderr } = await inProcess(args(file));
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, /^cors-conformance: [^\n]+\n$/);
      return stderr;
    };

    test(`should be shown with its controls made visible where it is no JSON: ${way}`, async () => {
      const file = join(dir, 'hostile.json');
      writeFileSync(file, HOSTILE);
      const said = await told(file);
      assert.match(said, /no(?:t)? JSON: .*\\x1b/);
      assert.ok(!said.includes('\u001b'));
    });

    test(`should be told from one of a later version of the program: ${way}`, async () => {
      const file = join(dir, 'later.json');
      const kind = { '--baseline': 'baseline', '--accept': 'accepted-changes' }[way.split(' ')[1] ?? ''];
      writeFileSync(file, JSON.stringify({ schema: `cors-conformance/${kind ?? 'results'}/9` }));
      assert.match(await told(file), /written in version 9 of the format, .* reads version \d: update it/);
    });

    test(`should not be taken for one where it is a folder: ${way}`, async () => {
      const file = join(dir, 'folder.json');
      mkdirSync(file, { recursive: true });
      assert.match(await told(file), /can(?:not| not) (?:be )?read/);
    });
  }
});

test('should take comments in a configuration in JSON, and name the line of what is no JSON', async () => {
  const file = join(dir, 'commented.json');
  writeFileSync(
    file,
    '{ // which server\n "target": { "url": "http://localhost:1" /* "//" */ },\n "policy": 5 }',
  );
  assert.match((await inProcess(['verify', file])).stderr, /policy: .*expected object/);
  writeFileSync(file, '{\n "target": {}\n "policy": {} }');
  assert.match((await inProcess(['verify', file])).stderr, /cannot be loaded: line 3: /);
});

/** What a configuration may be but an object of data, and what is said of it. */
const ODD: Readonly<Record<string, readonly [source: string, said: RegExp]>> = {
  'throws null': ['export default async () => { throw null; };', /cannot be loaded: it throws null\n$/],
  'throws a control character': [
    'export default async () => { throw new Error("\\u001b[31mboom"); };',
    /cannot be loaded: \\x1b\[31mboom\n$/,
  ],
  'throws a symbol': ['throw Symbol("s");', /cannot be loaded: it throws Symbol\(s\)\n$/],
  'throws what has no text': ['throw Object.create(null);', /it throws something that cannot be shown\n$/],
  'throws what throws': [
    'throw { toString() { throw new Error("no"); } };',
    /it throws something that cannot be shown\n$/,
  ],
  'throws an odd message': [
    'throw Object.assign(new Error("x"), { message: { a: 1 }, stack: null });',
    /cannot be loaded: \[object Object\]\n$/,
  ],
  'is a proxy whose traps throw': [
    'export default new Proxy({}, { get() { throw null; } });',
    /cannot be read: it throws null\n$/,
  ],
  'has a getter that throws': [
    'export default { get policy() { throw new Error("mine\\n at stack"); } };',
    /cannot be read: mine\n$/,
  ],
  'is like a promise': [
    'export default { then(_, reject) { reject(new Error("thenable")); } };',
    /config: "then" is not known here/,
  ],
  'holds itself': [
    'const all = {}; all.policy = all.target = all; export default all;',
    /"policy" is not known/,
  ],
  'holds functions and symbols': [
    'export default { target: { url: Symbol("u") }, policy: { origins: () => 1, [Symbol("k")]: class {} } };',
    /policy\.origins: Invalid input: expected string, received function/,
  ],
  'gives a function': ['export default () => () => ({});', /expected object, received function/],
};

for (const [what, [source, said]] of Object.entries(ODD))
  test(`should refuse a configuration that ${what}`, async () => {
    const file = join(dir, `${what.replaceAll(' ', '-')}.config.mjs`);
    writeFileSync(file, source);
    const { code, stderr } = await inProcess(['verify', file]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /^ +at /m);
  });

test('should not wait without end for a configuration', async () => {
  const file = join(dir, 'never.config.mjs');
  writeFileSync(file, 'export default () => new Promise(() => undefined);');
  // A process that has nothing else to do would end.
  const busy = setInterval(() => undefined, 1_000);
  try {
    await assert.rejects(loadConfig(file, { limitMs: 20 }), {
      code: 2,
      message: /never\.config\.mjs: cannot be loaded: it gave no configuration within 0\.02 s/,
    });
  } finally {
    clearInterval(busy);
  }
});
