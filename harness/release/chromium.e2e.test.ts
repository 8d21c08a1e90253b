/** A real release from the registry, started by its own word. Skipped, with the reason, where it cannot be had. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from '@playwright/test';
import { installChromium } from './chromium.ts';
import { ReleaseError } from './types.ts';

test('should install a release of Chromium that starts, once', { timeout: 300_000 }, async t => {
  const cache = mkdtempSync(join(tmpdir(), 'cors-conformance-chromium-'));
  const before = process.env.CORS_CONFORMANCE_CACHE;
  process.env.CORS_CONFORMANCE_CACHE = cache;
  try {
    const told: string[] = [];
    const options = { onProgress: (what: string) => told.push(what) };
    const release = await installChromium('123.0.1', options).catch((error: unknown) => {
      if (error instanceof ReleaseError) return t.skip(error.message);
      throw error;
    });
    if (!release) return;
    const browser = await chromium.launch({ executablePath: release.executable, chromiumSandbox: false });
    const version = browser.version();
    await browser.close();
    assert.match(version, /^123\./);
    assert.deepEqual(await installChromium('123.0.1', options), release);
    assert.equal(told.length, 1, 'the second time nothing was installed');
  } finally {
    if (before === undefined) delete process.env.CORS_CONFORMANCE_CACHE;
    else process.env.CORS_CONFORMANCE_CACHE = before;
    rmSync(cache, { recursive: true, force: true });
  }
});
