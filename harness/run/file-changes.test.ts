import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileChanges, watchFiles } from './file-changes.ts';

const LIMIT = { timeout: 20_000 };
describe('watchFiles', () => {
  let root: string;
  let abort: AbortController;
  let changes: FileChanges | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
    abort = new AbortController();
  });

  afterEach(() => {
    changes?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const write = (name: string, text = '1') => writeFileSync(join(root, name), text);
  const names = async () =>
    ((await changes?.next(abort.signal)) ?? []).map(path => path.slice(root.length + 1));

  test('should tell of what is edited, once it has come to rest, and of nothing else', LIMIT, async () => {
    for (const folder of ['src', 'node_modules', 'out', '.git']) mkdirSync(join(root, folder));
    changes = watchFiles([root], join(root, 'out'));
    for (const name of [
      'node_modules/a.js',
      'out/results.json',
      '.git/index',
      'server.log',
      'data.sqlite-wal',
    ])
      write(name);
    write('src/server.js');
    await sleep(20);
    write('src/server.js', '2');
    assert.deepEqual(await names(), [join('src', 'server.js')]);
  });

  test('should see into folders that are new', LIMIT, async () => {
    changes = watchFiles([root], join(root, 'out'));
    mkdirSync(join(root, 'lib'));
    await sleep(200);
    write('lib/a.js');
    assert.deepEqual(await names(), [join('lib', 'a.js')]);
  });

  test('should watch a file that an editor replaces, and none beside it', LIMIT, async () => {
    write('cors.config.json');
    changes = watchFiles([join(root, 'cors.config.json')], join(root, 'out'));
    write('other.json');
    write('new.tmp');
    renameSync(join(root, 'new.tmp'), join(root, 'cors.config.json'));
    assert.deepEqual(await names(), ['cors.config.json']);
  });

  test('should end with the signal', LIMIT, async () => {
    changes = watchFiles([root], join(root, 'out'));
    const waiting = names();
    abort.abort();
    assert.deepEqual(await waiting, []);
  });
});
