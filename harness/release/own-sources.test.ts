import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ownSources, redirectOwnSources } from './own-sources.ts';

describe('the sources of the package under test', () => {
  const root = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  after(() => rmSync(root, { recursive: true }));
  const write = (path: string, text = '') => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  const script = write('repo/test/server.mjs');
  const entry = write('repo/index.js', 'module.exports = () => {};');
  const inner = write('repo/lib/vary.js', 'export const vary = 1;');
  const helper = write('repo/test/helper.mjs');
  const config = write('repo/bench/config.js');
  write('repo/package.json', '{"name":"tiny","main":"index.js"}');
  const own = {
    name: 'tiny',
    script,
    home: join(root, 'repo'),
    files: [script, entry, inner, helper, config],
  };

  test('should be told from what only tests and examples consist of', () => {
    assert.deepEqual(ownSources(own), [entry, inner]);
  });

  test('should be passed on to the release, each in its kind of module', () => {
    for (const file of ['index.js', 'lib/vary.js']) write(`base/node_modules/tiny/${file}`);
    for (const file of own.files) write(file.slice(root.length).replace('/repo', 'base'));
    redirectOwnSources(own, join(root, 'base'), own.home);
    const copy = (path: string) => readFileSync(join(root, 'base', path), 'utf8');
    assert.match(copy('index.js'), /module\.exports = require\("\.\/node_modules\/tiny\/index\.js"\)/);
    assert.match(copy('lib/vary.js'), /export \* from "\.\.\/node_modules\/tiny\/lib\/vary\.js"/);
    assert.equal(copy('test/helper.mjs'), '');
  });

  test('should be refused if the release has no such file', () => {
    const only = { ...own, files: [script, write('repo/src/internal.ts')] };
    assert.throws(
      () => redirectOwnSources(only, join(root, 'base'), own.home),
      /not part of a release of tiny/,
    );
  });
});
