import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrixFrom } from '../harness/regress/matrix.ts';
import { renderMatrix, renderMatrixMarkdown } from './regression-matrix.ts';

const matrix = (skipped?: string) =>
  matrixFrom([{ version: '1.0.0' }, { version: '1.1.0', ...(skipped !== undefined && { skipped }) }], {
    generated: '2026-01-01T00:00:00.000Z',
    package: { ecosystem: 'npm', name: 'cors' },
    script: 'server.mjs',
  });

test('should say of a range how many releases were left out, if any were', () => {
  const [heading] = renderMatrix(matrix('it does not install')).split('\n');
  assert.equal(heading, 'cors 1.0.0 to 1.1.0: 2 releases, 1 release left out');
  assert.equal(renderMatrix(matrix()).split('\n')[0], 'cors 1.0.0 to 1.1.0: 2 releases');
  assert.match(renderMatrixMarkdown(matrix()), /^## cors 1\\\.0\\\.0 to 1\\\.1\\\.0: 2 releases\n/);
});
