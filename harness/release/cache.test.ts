import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cached } from './cache.ts';

describe('cached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cct-cache-'));
  const before = process.env.CORS_CONFORMANCE_CACHE;
  after(() => {
    if (before === undefined) delete process.env.CORS_CONFORMANCE_CACHE;
    else process.env.CORS_CONFORMANCE_CACHE = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const key = { ecosystem: 'npm', asked: 'a', exact: true };

  test('should say what to set where nothing can be kept', async () => {
    writeFileSync(join(folder, 'file'), '');
    process.env.CORS_CONFORMANCE_CACHE = join(folder, 'file', 'cache');
    await assert.rejects(
      cached(key, async () => assert.fail('nothing is installed')),
      /cache, which cannot be written to \(ENOTDIR\); set CORS_CONFORMANCE_CACHE to a folder that can\.$/,
    );
  });

  test('should install what is asked for once', async () => {
    process.env.CORS_CONFORMANCE_CACHE = join(folder, 'cache');
    let times = 0;
    const fill = async (into: string) => writeFileSync(join(into, 'a'), `${++times}`);
    assert.equal(await cached(key, fill), await cached(key, fill));
    assert.equal(times, 1);
  });
});
