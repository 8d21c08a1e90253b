import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enginesOf, proxiedEnginesOf } from './engine-instances.ts';

test('should refuse DOM libraries, which take no proxy, where one records what is sent', () => {
  for (const name of ['jsdom', 'happy-dom', 'jsdom@26'])
    assert.throws(
      () => proxiedEnginesOf(['chromium', name]),
      new RegExp(`--engine: ${name} takes no proxy, .*; name chromium, firefox, webkit, model, `),
    );
  assert.deepEqual(proxiedEnginesOf(['firefox', 'chromium@123']), ['chromium@123', 'firefox']);
  assert.deepEqual(enginesOf(['jsdom']), ['jsdom']);
  assert.throws(
    () => proxiedEnginesOf(['jsdon']),
    /"jsdon" is not an engine: name chromium, firefox, webkit, model/,
  );
});
