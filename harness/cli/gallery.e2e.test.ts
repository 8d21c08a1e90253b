/** The verb `gallery`: what is left of a run that is interrupted. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { GalleryRecord } from '../stacks/gallery-record.ts';
import { CHECKOUT, start } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

/** Runs two stacks, and interrupts the second: the first has no server and is done at once. */
async function interrupted(name: string, ...flags: readonly string[]) {
  const out = join(dir, name);
  const { child, ended } = start(['gallery', 's3', 'express', '--out', out, ...flags], {}, CHECKOUT);
  child.stderr?.on('data', (text: string) => {
    if (text.includes('Express')) child.kill('SIGINT');
  });
  const done = await ended;
  return { ...done, record: JSON.parse(readFileSync(join(out, 'gallery.json'), 'utf8')) as GalleryRecord };
}

test('an interrupted gallery should tell what it had done', async () => {
  const { code, stdout, record } = await interrupted('text');
  assert.equal(code, 130, stdout);
  assert.match(stdout, /^– Amazon S3 {2}not run: /);
  assert.match(stdout, /\ninterrupted after 1 of 2 stacks: 0 of 0 stacks proven, 1 not run\n$/);
  assert.deepEqual(record.interrupted, { done: 1, of: 2 });
});

test('an interrupted gallery should say so in JSON, too', async () => {
  const { code, stdout } = await interrupted('json', '--json');
  assert.equal(code, 130, stdout);
  const { entries, interrupted: after } = JSON.parse(stdout) as GalleryRecord;
  assert.deepEqual(
    entries.map(one => one.stack),
    ['s3'],
  );
  assert.deepEqual(after, { done: 1, of: 2 });
});
