import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchSources } from './watch.ts';

test('should tell which sources changed, and nothing of other files, until the signal', {
  timeout: 20_000,
}, async () => {
  const root = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  const abort = new AbortController();
  const write = (name: string) => writeFileSync(join(root, name), '1');
  try {
    mkdirSync(join(root, 'harness'));
    const changes = watchSources(root, abort.signal);
    const first = changes.next();
    // The watcher may need a moment to begin: written again and again until it is heard.
    const again = setInterval(() => {
      write('notes.txt');
      write('harness/a.ts');
    }, 50);
    assert.deepEqual((await first).value, ['harness/a.ts']);
    clearInterval(again);
    abort.abort();
    assert.equal((await changes.next()).done, true);
  } finally {
    abort.abort();
    rmSync(root, { recursive: true, force: true });
  }
});
