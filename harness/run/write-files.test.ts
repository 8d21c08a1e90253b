import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { WriteError, writeFiles } from './write-files.ts';

describe('writeFiles', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'write-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('should make the folder, write every file and leave nothing else', () => {
    const out = join(folder, 'a', 'b');
    assert.deepEqual(writeFiles(out, { 'x.json': '{}', 'y.xml': '<y/>' }), [
      join(out, 'x.json'),
      join(out, 'y.xml'),
    ]);
    assert.deepEqual(readdirSync(out).sort(), ['x.json', 'y.xml']);
    writeFiles(out, { 'x.json': '[]' });
    assert.equal(readFileSync(join(out, 'x.json'), 'utf8'), '[]');
  });
  it('should say which path cannot be written, why, and what helps', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assert.throws(() => writeFiles(join(file, 'out'), {}), {
      name: 'WriteError',
      path: file,
      message: `cannot write ${file}: a file of that name stands in the way; choose another folder`,
    });
    assert.throws(() => writeFiles('/proc/nowhere', { x: '' }), WriteError);
  });
  it('should keep the last reports as they were where one of the new ones cannot be written', () => {
    writeFiles(folder, { 'a.txt': 'before' });
    mkdirSync(join(folder, `.b.txt.${process.pid}.tmp`));
    assert.throws(
      () => writeFiles(folder, { 'a.txt': 'after', 'b.txt': 'after' }),
      /b\.txt: a folder of that name stands in the way/,
    );
    assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'before');
  });
});
