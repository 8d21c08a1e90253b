import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { scriptOf } from './comparison-request.ts';

test('scriptOf should take the name of an app from behind the script', () => {
  for (const [target, script, app] of [
    ['server.mjs', 'server.mjs', undefined],
    ['a/app.py:api', 'a/app.py', 'api'],
    ['app.py:create_app()', 'app.py', 'create_app()'],
    ['app.py:main.server', 'app.py', 'main.server'],
    ['./c:app', './c:app', undefined],
  ] as const)
    assert.deepEqual(
      scriptOf(target),
      { script: resolve(script), ...(app !== undefined && { app }) },
      target,
    );
});
