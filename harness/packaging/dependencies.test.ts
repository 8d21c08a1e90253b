/** What comes with the package. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import semver from 'semver';

const lockFile = new URL('../../package-lock.json', import.meta.url);

/**
 * Fastify's light-my-request takes the newest cookie 2, which runs on Node 20 but asks for 22. npm and pnpm warn; Yarn 1
 * needs `--ignore-engines`, as docs/recipes.md says.
 */
const KNOWN = ['node_modules/cookie'];

test('should install on the oldest Node that it names, with package managers that refuse what asks for more, but for one', () => {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, { dev?: boolean; engines?: { node?: string } }>;
  };
  const oldest = semver.minVersion(packages['']?.engines?.node ?? '')?.version ?? '';
  const refusing = Object.entries(packages).filter(
    ([, { dev, engines }]) => !dev && engines?.node !== undefined && !semver.satisfies(oldest, engines.node),
  );
  assert.deepEqual(
    refusing.map(([name]) => name),
    KNOWN,
  );
});
