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
  assert.match((await inProcess(['verify', file])).stderr, /cannot be loaded: line 3, column 2: /);
});

test('should tell the first of thousands of mistakes in a configuration, and how many more there are', async () => {
  const file = join(dir, 'generated.config.json');
  const resources = Array.from({ length: 2_000 }, (_, index) => ({ path: `/${index}`, origin: '*' }));
  writeFileSync(
    file,
    JSON.stringify({ target: { url: 'http://localhost:1' }, policy: { origins: '*', resources } }),
  );
  await assert.rejects(loadConfig(file), ({ message }: Error) => {
    const lines = message.split('\n');
    assert.equal(lines.length, 21);
    assert.match(lines[0] ?? '', /policy\.resources\[0\]: "origin" is not known here/);
    assert.equal(lines[20], `${file}: and 1,980 more`);
    return true;
  });
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
    /cannot be loaded: it throws null\n$/,
  ],
  'has a getter that throws': [
    'export default { get policy() { throw new Error("mine\\n at stack"); } };',
    /cannot be read: mine\n$/,
  ],
  'is a promise that fails': [
    'export default (async () => { throw new Error("no vault"); })();',
    /^cors-conformance: [^\n]*cannot be loaded: no vault\n$/,
  ],
  'is like a promise, and fails': [
    'export default { then(_, reject) { reject(new Error("thenable")); } };',
    /cannot be loaded: thenable\n$/,
  ],
  'holds itself': [
    'const all = {}; all.policy = all.target = all; export default all;',
    /"policy" is not known/,
  ],
  'holds functions and symbols': [
    'export default { target: { url: Symbol("u") }, policy: { origins: () => 1, [Symbol("k")]: class {} } };',
    /policy\.origins: Invalid input: expected string, received function/,
  ],
  'gives itself without end': [
    'export default function again() { return again; }',
    /expected object, received function/,
  ],
  'is exported by name': [
    'export const staging = { target: { url: "http://localhost:1" }, policy: {} };',
    /cannot be loaded: it exports the configuration as "staging": write export default staging\n$/,
  ],
  'is exported by name, of CommonJS': [
    'export default { config: { target: {}, policy: {} } };',
    /it exports the configuration as "config": write export default config\n$/,
  ],
  'is exported nowhere': ['const policy = {};', /it has no default export: write export default \{/],
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

const GIVEN = `{ target: { url: 'http://localhost:1' }, policy: { origins: '*', resources: [{ path: '/' }] } }`;

/** The ways in which a file may give its configuration. */
const GIVING: Readonly<Record<string, string>> = {
  'promise.mjs': `export default (async () => (${GIVEN}))();`,
  'promise.ts': `export default Promise.resolve(${GIVEN}) as Promise<object>;`,
  'promise.cjs': `module.exports = Promise.resolve(${GIVEN});`,
  'promise.cts': `module.exports = Promise.resolve(${GIVEN});`,
  'thenable.mjs': `export default { then(settle) { settle(${GIVEN}); } };`,
  'transpiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${GIVEN};`,
  'transpiled-function.cjs': `exports.__esModule = true; exports.default = async () => (${GIVEN});`,
  'imported.cjs': `module.exports = import('./promise.mjs');`,
  'imported-at-will.mjs': `export default () => import('./transpiled.cjs');`,
  'function-of-function.mjs': `export default () => async () => (${GIVEN});`,
};
for (const [name, source] of Object.entries(GIVING)) writeFileSync(join(dir, name), source);

for (const name of Object.keys(GIVING))
  test(`should take what a configuration gives: ${name}`, async () => {
    const { config } = await loadConfig(join(dir, name));
    assert.equal(config.target.url, 'http://localhost:1');
  });

for (const source of ['() => new Promise(() => undefined)', 'new Promise(() => undefined)', '{ then() {} }'])
  test(`should not wait without end for a configuration: ${source}`, async () => {
    const file = join(dir, `never-${source.length}.config.mjs`);
    writeFileSync(file, `export default ${source};`);
    // A process that has nothing else to do would end.
    const busy = setInterval(() => undefined, 1_000);
    try {
      await assert.rejects(loadConfig(file, { limitMs: 20 }), {
        code: 2,
        message: /never-\d+\.config\.mjs: cannot be loaded: it gave no configuration within 0\.02 s/,
      });
    } finally {
      clearInterval(busy);
    }
  });
