import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lockedVersions, pinnedCargo } from './pinned-cargo.ts';
import { ReleaseError } from './types.ts';

const LOCK = `version = 4

[[package]]
name = "axum"
version = "0.8.9"
source = "registry"

[[package]]
name = "tower-http"
version = "0.7.1"
`;

test('should read the versions of a Cargo.lock', () => {
  assert.deepEqual(lockedVersions(LOCK), { axum: '0.8.9', 'tower-http': '0.7.1' });
  const lock = readFileSync(new URL('../../fixtures/gallery/tower-http/Cargo.lock', import.meta.url), 'utf8');
  assert.match(lockedVersions(lock)['tower-http'] ?? '', /^\d+\.\d+\.\d+$/);
});

test('should refuse a pin that the lock does not have, before anything is built', async () => {
  for (const pins of [{ axum: '0.8.8' }, { actix: '1.0.0' }])
    await assert.rejects(
      pinnedCargo(pins, '/nowhere', undefined, { 'Cargo.lock': LOCK }),
      (error: unknown) => error instanceof ReleaseError && /^Cargo\.lock has /.test(error.message),
    );
});
