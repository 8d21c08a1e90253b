import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateCases } from './generate.ts';

test('should answer no preflight at which script gives up, also after a redirect', () => {
  const hops = generateCases(52, 1000)
    .flatMap(({ steps }) => steps)
    .flatMap(step =>
      'request' in step && typeof step.request.abort === 'object' && step.request.abort.when === 'preflight'
        ? Object.values(step.server?.resources ?? {})
        : [],
    );
  assert.ok(hops.length > 0);
  assert.ok(hops.every(({ preflight }) => (preflight as { fault?: string } | undefined)?.fault === 'hang'));
});
