import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectFailure } from './connect-failure.ts';

test('a Playwright server without the browser should be told of with what gets it', () => {
  const error = new Error(
    "browserType.connect: Executable doesn't exist at /root/.cache/ms-playwright/firefox-1572/firefox/firefox\n╔══╗",
  );
  assert.match(
    String(connectFailure(error, 'firefox')),
    /it has no firefox \(\/root\/\S+\/firefox\); on its machine, run: npx playwright install firefox, since/,
  );
  assert.match(String(connectFailure(error, 'chromium')), /install chromium$/);
  const other = new Error('WebSocket error: connect ECONNREFUSED');
  assert.equal(connectFailure(other, 'firefox'), other);
});
