import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderEngineBisection } from './engine-bisection.ts';
import { fakeResult } from './fake-record.test-support.ts';

const found = {
  last: '141.0.0',
  first: '147.0.2',
  skipped: [{ version: '143.0.4', reason: 'it does not start' }],
  before: fakeResult('a', 'chromium'),
  after: fakeResult('a', 'chromium'),
  tries: 6,
};

test('should name the releases in between that do not run, and those that cannot be had', () => {
  const text = renderEngineBisection(found, 'a');
  assert.match(text, /^not tried: chromium@143\.0\.4: it does not start$/m);
  assert.match(text, /^not to be had: Chromium 142, 144, 145 and 146$/m);
  assert.match(
    text,
    /^Chromium 147\.0\.2 is the first release .*; 141\.0\.0 is the last before it\. 6 releases tried\.$/m,
  );
  assert.doesNotMatch(renderEngineBisection({ ...found, first: '142.0.0', skipped: [] }, 'a'), /not t/);
});
