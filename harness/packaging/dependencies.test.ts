/** What comes with the package. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import semver from 'semver';

const root = new URL('../../', import.meta.url);
const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, root), 'utf8')) as T;

interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly engines?: { node?: string } }>
  >;
}

const asksForMore = (oldest: string, { engines }: Locked['packages'][string]): boolean =>
  engines?.node !== undefined && !semver.satisfies(oldest, engines.node);

test('should install on the oldest Node that it names without a warning', () => {
  const { packages } = read<Locked>('package-lock.json');
  const oldest = semver.minVersion(packages['']?.engines?.node ?? '')?.version ?? '';
  const refusing = Object.entries(packages).filter(([, one]) => !one.dev && asksForMore(oldest, one));
  assert.deepEqual(
    refusing.map(([name]) => name),
    [],
  );
});

/**
 * Nothing of ours imports it. Fastify takes any light-my-request 6, the newest of which takes cookie 2, which asks for
 * Node 22; named beside Fastify, npm gives Fastify this one, also where we are installed as a dependency. Yarn 1 does not,
 * and needs `--ignore-engines`, as docs/recipes.md says.
 */
test("should name the release of Fastify's light-my-request that Node 20 takes", () => {
  const { dependencies } = read<{ dependencies: Record<string, string> }>('package.json');
  const { packages } = read<{ packages: Record<string, { dependencies?: Record<string, string> }> }>(
    'package-lock.json',
  );
  const wanted = packages['node_modules/fastify']?.dependencies?.['light-my-request'] ?? '';
  assert.ok(semver.satisfies(dependencies['light-my-request'] ?? '', wanted), wanted);
  assert.equal(packages['node_modules/fastify/node_modules/light-my-request'], undefined);
});
