/** Files that the user names, and that are not what they should be: one sentence, and nothing raw of theirs. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
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

test('should say what a configuration throws, whatever it is', async () => {
  for (const [name, thrown, said] of [
    ['null', 'null', /cannot be loaded: it throws null\n$/],
    ['error', 'new Error("\\u001b[31mboom")', /cannot be loaded: \\x1b\[31mboom\n$/],
  ] as const) {
    const file = join(dir, `${name}.config.mjs`);
    writeFileSync(file, `export default async () => { throw ${thrown}; };`);
    const { code, stderr } = await inProcess(['verify', file]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
});
