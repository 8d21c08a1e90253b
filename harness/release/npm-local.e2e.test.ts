import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith, removeFolder } from './install.test-support.ts';
import { packLocal } from './npm-local.ts';

test('packLocal should find the package among the workspaces of a folder', async t => {
  const folder = await folderWith({
    'package.json': '{"name":"root","private":true}',
    'packages/own/package.json': '{"name":"tiny-cors","version":"7.0.0"}',
    'packages/own/index.js': '',
    'out/x': '',
  });
  t.after(() => removeFolder(folder));
  const local = { folder, checkout: folder, ours: false };
  const packed = await packLocal('tiny-cors', local, join(folder, 'out'), {});
  assert.match(packed.archive, /tiny-cors-7\.0\.0\.tgz$/);
  assert.ok(existsSync(packed.archive));
  await assert.rejects(
    packLocal('other', local, join(folder, 'out'), {}),
    /is not other: its package\.json calls it root, and no workspace below it is called so/,
  );
});

test('packLocal should say of a commit that is not built what can be done about it', async t => {
  const folder = await folderWith({
    'package.json': '{"name":"tiny-cors","version":"7.0.0","main":"dist/index.js"}',
  });
  t.after(() => removeFolder(folder));
  await assert.rejects(
    packLocal('tiny-cors', { folder, checkout: folder, ours: true }, folder, {}),
    /^ReleaseError: tiny-cors of the commit is not built: dist\/index\.js is missing\. Check the commit out/,
  );
  await assert.rejects(
    packLocal('tiny-cors', { folder, checkout: folder, ours: false }, folder, {}),
    /dist\/index\.js is missing\. Build it first\.$/,
  );
});
