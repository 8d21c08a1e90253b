import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testEngine } from './contract.test-support.ts';
import { findEngines } from './find.ts';

// Firefox starts for the first time here, then with what it compiled.
const cache = mkdtempSync(join(tmpdir(), 'firefox-cache-'));
process.env.CORS_CONFORMANCE_CACHE = cache;
after(() => rmSync(cache, { recursive: true, force: true }));

testEngine('firefox');

const skip = !findEngines({ names: ['firefox'] })[0]?.found;
test('firefox should keep what it compiled, and nothing of a profile besides', { skip }, () => {
  const kept = join(cache, 'firefox-start');
  const [build = '', ...others] = readdirSync(kept);
  assert.deepEqual(others, []);
  assert.deepEqual(readdirSync(join(kept, build)).sort(), [
    'addonStartup.json.lz4',
    'compatibility.ini',
    'extensions.json',
    'startupCache',
  ]);
});
