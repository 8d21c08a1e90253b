/** What comes with the package. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import semver from 'semver';

const lockFile = new URL('../../package-lock.json', import.meta.url);

test('should install on the oldest Node that it names, with package managers that refuse what asks for more', () => {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, { dev?: boolean; engines?: { node?: string } }>;
  };
  const oldest = semver.minVersion(packages['']?.engines?.node ?? '')?.version ?? '';
  const refusing = Object.entries(packages).filter(
    ([, { dev, engines }]) => !dev && engines?.node !== undefined && !semver.satisfies(oldest, engines.node),
  );
  assert.deepEqual(
    refusing.map(([name]) => name),
    [],
  );
});
